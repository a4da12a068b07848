"""The four letters. A band (of the total) and a grade (decided) are written in the same ones (R-25)."""

from enum import StrEnum


class Grade(StrEnum):
    """Mức xếp loại."""

    A = "A"
    """Hoàn thành xuất sắc nhiệm vụ."""
    B = "B"
    """Hoàn thành tốt nhiệm vụ."""
    C = "C"
    """Hoàn thành nhiệm vụ."""
    D = "D"
    """Không hoàn thành nhiệm vụ."""

    @property
    def good_or_better(self) -> bool:
        """True for A and B, those of whom the quota is counted (R-21)."""
        return self in (Grade.A, Grade.B)
