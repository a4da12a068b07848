"""What a violation of R-38 reads like, in both languages: whom it is between, then the two sentences."""

from decimal import Decimal
from fractions import Fraction

from reward.domain.fairness.line import Line
from reward.domain.figures import dong, written
from reward.domain.policy import Policy
from reward.domain.weight import Person

Told = tuple[tuple[str, ...], str, str]


def _score(line: Line) -> str:
    return written(str(line.person.score), "vi")


def tell_nothing(person: Person, amount: int) -> Told:
    """Paid, and due nothing."""
    grade = person.grade.value if person.grade else None
    loai, graded = (f"loại {grade}", f"grade {grade}") if grade else ("không xếp loại", "no grade")
    vi = f"{person.id} ({loai}) không có phần nhưng được {dong(amount, 'vi')} đ"
    en = f"{person.id} ({graded}) is due nothing but gets {dong(amount, 'en')} đồng"
    return (person.id,), vi, en


def tell_grades(line: Line, shown: Line) -> Told:
    """R-38 (a)."""
    vi = (
        f"{line.person.id} (loại {line.grade.value}, {dong(line.amount, 'vi')} đ) không hơn "
        f"{shown.person.id} (loại {shown.grade.value}, {dong(shown.amount, 'vi')} đ) sau khi quy đổi"
    )
    en = (
        f"{line.person.id} (grade {line.grade.value}, {dong(line.amount, 'en')} đồng) gets no more than "
        f"{shown.person.id} (grade {shown.grade.value}, {dong(shown.amount, 'en')} đồng) once normalized"
    )
    return (line.person.id, shown.person.id), vi, en


def tell_scores(line: Line, shown: Line) -> Told:
    """R-38 (b)."""
    vi = (
        f"{line.person.id} ({_score(line)} điểm, {dong(line.amount, 'vi')} đ) không hơn "
        f"{shown.person.id} ({_score(shown)} điểm, {dong(shown.amount, 'vi')} đ) cùng loại "
        f"{line.grade.value} sau khi quy đổi"
    )
    en = (
        f"{line.person.id} ({line.person.score} points, {dong(line.amount, 'en')} đồng) gets no more than "
        f"{shown.person.id} ({shown.person.score} points, {dong(shown.amount, 'en')} đồng), of the same "
        f"grade {line.grade.value}, once normalized"
    )
    return (line.person.id, shown.person.id), vi, en


def tell_spread(best: str, worst: str, spread: Fraction, policy: Policy) -> Told:
    """R-38 (c), first half."""
    shown = f"{Decimal(spread.numerator) / Decimal(spread.denominator):.4f}"
    least = written(str(policy.min_spread), "vi")
    vi = f"mức bình quân loại {best} chỉ bằng {written(shown, 'vi')} lần loại {worst}, dưới {least} lần"
    en = f"the mean of grade {best} is {shown} times that of grade {worst}, under {policy.min_spread} times"
    return (), vi, en


def tell_same(short: Line, shown: Line, count: int) -> Told:
    """R-38 (c), second half."""
    vi = f"cả {count} người nhận cùng một mức sau khi quy đổi, dù điểm khác nhau"
    en = f"all {count} people get the same once normalized, although their scores differ"
    return (short.person.id, shown.person.id), vi, en
