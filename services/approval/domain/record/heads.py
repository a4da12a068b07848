"""What the head of a form says, by the kind of body that issues it (NĐ 30/2020 Phụ lục I; Party: HD 36)."""

from approval.domain.record.facts import Agency
from approval.domain.record.paper import Letterhead
from approval.domain.record.printing import plain

ABOVE = {
    "party_body": "ĐẢNG ỦY {ward}",
    "office": "ỦY BAN NHÂN DÂN {ward}",
    "centre": "ỦY BAN NHÂN DÂN {ward}",
    "school": "ỦY BAN NHÂN DÂN {ward}",
    "front": "{ward}",
    "council": "{ward}",
    "leadership": "THÀNH PHỐ {city}",
}


def letterhead(agency: Agency, number: str) -> Letterhead:
    """Return the head; the day stays open for whoever signs."""
    ward, city = plain(agency.ward).upper(), plain(agency.city).upper()
    place = plain(agency.ward).removeprefix("Phường ").strip() or "……………"
    if agency.unit and agency.kind != "leadership":
        above = ABOVE.get(agency.kind, "{ward}").format(ward=ward, city=city)
        issuer = plain(agency.unit).upper()
    else:
        above, issuer = f"THÀNH PHỐ {city}", ward
    return Letterhead(
        above=above,
        agency=issuer,
        number=f"Số: {number}",
        place=f"{place}, ngày …… tháng …… năm ……",
        party=agency.kind == "party_body",
    )
