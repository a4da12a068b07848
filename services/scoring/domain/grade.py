"""The grade that is proposed to the authority (đề xuất xếp loại; R-20 to R-22, R-25)."""

from enum import StrEnum

from scoring.domain.band import Band


class Grade(StrEnum):
    """Xếp loại."""

    A = "A"
    """Hoàn thành xuất sắc nhiệm vụ."""
    B = "B"
    """Hoàn thành tốt nhiệm vụ."""
    C = "C"
    """Hoàn thành nhiệm vụ."""
    D = "D"
    """Không hoàn thành nhiệm vụ."""


class QuotaMark(StrEnum):
    """What the quota did to a person (R-22)."""

    NONE = "none"
    """Nothing: not in band A, or blocked."""
    KEPT = "kept"
    """Band A, within the quota."""
    LOWERED = "lowered"
    """Band A, over the quota: proposed for B, the score as it was."""
    TIE = "tie"
    """Band A, not to be told apart at the cut: stands at B until the authority chooses with a reason."""


_GRADES = {band: Grade(band.value) for band in Band}


def proposed(band: Band, mark: QuotaMark, *, blocked: bool) -> Grade:
    """Return the grade to propose; a blocker proposes D and leaves score and band alone (R-20)."""
    if blocked:
        return Grade.D
    if mark is QuotaMark.LOWERED or mark is QuotaMark.TIE:
        return Grade.B
    return _GRADES[band]
