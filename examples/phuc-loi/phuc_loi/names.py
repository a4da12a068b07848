"""Made-up names and addresses."""

import unicodedata

from phuc_loi.draws import Draws

FAMILIES = [
    "Nguyễn",
    "Nguyễn",
    "Nguyễn",
    "Nguyễn",
    "Trần",
    "Trần",
    "Lê",
    "Lê",
    "Phạm",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Ngô",
    "Dương",
    "Lý",
    "Đào",
    "Đoàn",
    "Trịnh",
    "Đinh",
    "Lương",
    "Phan",
    "Tạ",
    "Cao",
    "Hà",
    "Chu",
    "Mai",
    "Tô",
]
MEN = [
    "Văn Hùng",
    "Đức Anh",
    "Quang Minh",
    "Mạnh Cường",
    "Xuân Trường",
    "Hữu Phước",
    "Công Thành",
    "Tiến Dũng",
    "Minh Tuấn",
    "Thanh Bình",
    "Ngọc Sơn",
    "Bá Long",
    "Thế Vinh",
    "Duy Khánh",
    "Trọng Nghĩa",
    "Anh Quân",
    "Việt Hà",
    "Hoàng Nam",
    "Quốc Khánh",
    "Đình Phong",
    "Chí Công",
    "Hải Đăng",
    "Trung Kiên",
    "Văn Thắng",
    "Gia Huy",
    "Bảo Lâm",
    "Nhật Quang",
    "Phúc Hưng",
]
WOMEN = [
    "Thị Lan",
    "Thu Hương",
    "Thanh Huyền",
    "Thị Mai",
    "Ngọc Ánh",
    "Minh Nguyệt",
    "Thùy Linh",
    "Bích Ngọc",
    "Thị Hạnh",
    "Hồng Nhung",
    "Kim Oanh",
    "Phương Thảo",
    "Thanh Thủy",
    "Thị Hòa",
    "Diệu Linh",
    "Hải Yến",
    "Quỳnh Anh",
    "Thị Tuyết",
    "Khánh Chi",
    "Thu Trang",
    "Mỹ Dung",
    "Thị Vân",
    "Hoài Thu",
    "Cẩm Tú",
    "Thị Nga",
    "Lan Phương",
    "Tú Anh",
    "Thảo My",
    "Ngọc Diệp",
    "Thị Duyên",
]

HOST = "phuc-loi.example.org"


class Names:
    """Gives names and addresses, each once."""

    def __init__(self) -> None:
        self._draws = Draws("names")
        self._names: set[str] = set()
        self._addresses: set[str] = set()

    def name(self, *, women_in_hundred: int) -> str:
        """Return a full name that nobody has yet."""
        while True:
            given = self._draws.one(WOMEN if self._draws.chance(women_in_hundred) else MEN)
            name = f"{self._draws.one(FAMILIES)} {given}"
            if name not in self._names:
                self._names.add(name)
                return name

    def address(self, name: str) -> str:
        """Return an e-mail address made from a name that nobody has yet."""
        family, *_, given = bare(name).split()
        address, number = f"{given}.{family}", 1
        while address in self._addresses:
            number += 1
            address = f"{given}.{family}{number}"
        self._addresses.add(address)
        return f"{address}@{HOST}"


def bare(words: str) -> str:
    """Return words in small letters without accents."""
    plain = words.casefold().replace("đ", "d")
    return "".join(each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each))
