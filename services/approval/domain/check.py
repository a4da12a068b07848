"""The check of a month: gaps and conflicts in who decides whom (R-1, R-2), each with its remedy.

It asks nothing of a month's steps, so it can be made before the month opens. What it finds is told, never
mended: who holds a post, who leads whom and who belongs to which group is planning's to say.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from approval.domain.access import Delegation
from approval.domain.competence import Competence, Rule, resolve
from approval.domain.person import Person, Roster, Unit


class Severity(StrEnum):
    """How grave a finding is, gravest first."""

    BLOCKING = "blocking"
    """Somebody cannot be decided, so the month cannot be published whole."""
    WARNING = "warning"
    NOTICE = "notice"
    """Something has to come from outside."""


class Code(StrEnum):
    """What the check finds; the first four are the table's own (:class:`competence.Problem`)."""

    NO_RULE = "no_rule"
    NO_HOLDER = "no_holder"
    SEVERAL_HOLDERS = "several_holders"
    HIMSELF = "himself"
    UNKNOWN_UNIT = "unknown_unit"
    SUPERIOR_CYCLE = "superior_cycle"
    SUPERIOR_AWAY = "superior_away"
    NO_SUPERIOR = "no_superior"
    VACANCY = "vacancy"
    NO_GROUP = "no_group"
    DELEGATE_AWAY = "delegate_away"
    EXTERNAL_RESULT = "external_result"


SEVERITIES: Final[Mapping[Code, Severity]] = {
    Code.NO_RULE: Severity.BLOCKING,
    Code.NO_HOLDER: Severity.BLOCKING,
    Code.SEVERAL_HOLDERS: Severity.BLOCKING,
    Code.HIMSELF: Severity.BLOCKING,
    Code.UNKNOWN_UNIT: Severity.BLOCKING,
    Code.SUPERIOR_CYCLE: Severity.BLOCKING,
    Code.SUPERIOR_AWAY: Severity.WARNING,
    Code.NO_SUPERIOR: Severity.WARNING,
    Code.VACANCY: Severity.WARNING,
    Code.NO_GROUP: Severity.WARNING,
    Code.DELEGATE_AWAY: Severity.WARNING,
    Code.EXTERNAL_RESULT: Severity.NOTICE,
}

TOLD: Final[Mapping[Code, Mapping[str, tuple[str, str]]]] = {
    Code.NO_RULE: {
        "vi": (
            "bảng thẩm quyền không có chức vụ {post} ở loại đơn vị {kind}",
            "sửa chức vụ hoặc loại đơn vị trong danh sách nhân sự",
        ),
        "en": (
            "the table of competence has no post {post} in a unit of kind {kind}",
            "correct the post or the unit's kind",
        ),
    },
    Code.NO_HOLDER: {
        "vi": (
            "không ai giữ chức vụ {holders} để quyết định",
            "ghi nhận người giữ hoặc được giao phụ trách chức vụ này",
        ),
        "en": ("nobody holds the post {holders} that decides", "register who holds it or acts in it"),
    },
    Code.SEVERAL_HOLDERS: {
        "vi": (
            "nhiều người cùng giữ chức vụ {holders} ({people})",
            "ghi cấp trên trực tiếp là một trong số họ, hoặc sửa chức vụ",
        ),
        "en": (
            "several people hold the post {holders} ({people})",
            "register one of them as direct superior, or correct the post",
        ),
    },
    Code.HIMSELF: {
        "vi": ("theo bảng thẩm quyền thì tự quyết định về mình", "sửa chức vụ hoặc bảng thẩm quyền"),
        "en": (
            "by the table of competence would decide about himself",
            "correct the post or the table",
        ),
    },
    Code.UNKNOWN_UNIT: {
        "vi": ("đơn vị {unit} chưa được ghi nhận nên chưa rõ loại đơn vị", "nhập đơn vị này"),
        "en": ("the unit {unit} is not known, nor its kind", "register the unit"),
    },
    Code.SUPERIOR_CYCLE: {
        "vi": ("quan hệ cấp trên đi vòng: {people}", "sửa cấp trên trực tiếp của một trong số họ"),
        "en": (
            "the direct superiors run in a circle: {people}",
            "correct the direct superior of one of them",
        ),
    },
    Code.SUPERIOR_AWAY: {
        "vi": (
            "cấp trên trực tiếp {superior} không công tác ở phường trong tháng",
            "ghi cấp trên trực tiếp khác",
        ),
        "en": (
            "the direct superior {superior} does not work in the ward in that month",
            "register another direct superior",
        ),
    },
    Code.NO_SUPERIOR: {
        "vi": (
            "chưa có cấp trên trực tiếp, văn thư hoặc bộ phận tổ chức phải nhập nhận xét",
            "ghi cấp trên trực tiếp",
        ),
        "en": (
            "has no direct superior, so the clerk or the organizer must enter the remarks",
            "register the direct superior",
        ),
    },
    Code.VACANCY: {
        "vi": (
            "khuyết chức vụ {post}",
            "ghi nhận người giữ hoặc được giao phụ trách, hoặc ủy quyền từ người có thẩm quyền",
        ),
        "en": ("the post {post} is vacant", "register who holds it or acts in it"),
    },
    Code.NO_GROUP: {
        "vi": (
            "chưa thuộc nhóm nhiệm vụ tương đồng nào, tỷ lệ loại A tính riêng cho người không có nhóm",
            "ghi nhóm nhiệm vụ tương đồng",
        ),
        "en": (
            "belongs to no group of similar duties, so the quota counts those without one together",
            "register the group",
        ),
    },
    Code.DELEGATE_AWAY: {
        "vi": (
            "được ủy quyền theo văn bản {document} nhưng không công tác ở phường trong tháng",
            "ghi ủy quyền mới cho người khác",
        ),
        "en": (
            "is a delegate by {document}, yet does not work in the ward in that month",
            "record a delegation to somebody else",
        ),
    },
    Code.EXTERNAL_RESULT: {
        "vi": (
            "do thành phố quyết định và chưa ghi kết quả",
            "khi có văn bản, bộ phận tổ chức ghi kết quả kèm số văn bản (kpi external)",
        ),
        "en": (
            "is decided by the city, and no result is recorded yet",
            "once the document is there, the organizer records its result with its number (kpi external)",
        ),
    },
}

POST_NAMES: Final[Mapping[str, str]] = {
    "party_secretary": "Bí thư Đảng ủy",
    "party_standing_deputy": "Phó Bí thư Thường trực Đảng ủy",
    "council_chair": "Chủ tịch HĐND",
    "council_vice_chair": "Phó Chủ tịch HĐND",
    "council_committee_head": "Trưởng ban của HĐND",
    "council_committee_deputy": "Phó Trưởng ban của HĐND",
    "committee_chair": "Chủ tịch UBND",
    "committee_vice_chair": "Phó Chủ tịch UBND",
    "front_chair": "Chủ tịch Ủy ban MTTQ",
    "mass_org_head": "người đứng đầu tổ chức chính trị - xã hội",
    "mass_org_deputy": "cấp phó tổ chức chính trị - xã hội",
    "unit_head": "người đứng đầu đơn vị",
    "unit_deputy": "cấp phó đơn vị",
    "staff": "nhân viên",
}
"""Posts as people call them."""

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "party_body": ("unit_head",),
    "office": ("unit_head",),
    "centre": ("unit_head",),
    "school": ("unit_head",),
    "front": ("front_chair", "mass_org_head", "unit_head"),
    "council": ("unit_head", "council_chair", "council_committee_head", "council_vice_chair"),
}
"""Who leads a unit, by its kind: one of these posts is held in it."""

ALONE: Final = ("party_secretary", "committee_chair", "council_chair", "front_chair")
"""Posts that one person in a ward holds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One gap or conflict; ``person`` is ``None`` where it is about a unit or the ward."""

    code: Code
    person: Person | None = None
    unit_id: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return SEVERITIES[self.code]

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What it is ordered by: gravest first, then by unit, person and what it is."""
        place = list(Severity).index(self.severity)
        said = ", ".join(value for _, value in self.facts)
        return str(place), self.unit_id, self.person.id if self.person else "", self.code.value, said

    def told(self, language: str) -> tuple[str, str]:
        """Return what is wrong and what helps, in ``vi`` or ``en``."""
        reason, remedy = TOLD[self.code]["vi" if language == "vi" else "en"]
        facts = {
            name: _posts(value, language) if name in ("post", "holders") else value
            for name, value in self.facts
        }
        return reason.format(**facts), remedy.format(**facts)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in order."""

    policy: str
    people: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What stands in somebody's way."""
        return tuple(each for each in self.findings if each.severity is Severity.BLOCKING)


def check(
    roster: Roster,
    posts: Mapping[str, Person],
    table: Sequence[Rule],
    *,
    delegations: Iterable[Delegation] = (),
    recorded: Collection[str] = (),
) -> list[Finding]:
    """Return the gaps and conflicts of a month, gravest first, then by unit and person.

    :param posts: everybody's newest post of the month, those who left too, with the superior as registered
    :param delegations: those in force on a day of the month's steps
    :param recorded: whose result of the city is recorded already
    """
    active = [each for each in roster.people.values() if each.active]
    competences = resolve(roster, table)
    found = [
        *_people(active, posts, roster, competences, recorded),
        *_cycles(active, roster),
        *_vacancies(active, roster),
        *_several(active, roster),
        *(
            Finding(
                Code.DELEGATE_AWAY,
                posts.get(each.to_person_id) or Person(each.to_person_id, "", "", ""),
                facts=(("document", each.document),),
            )
            for each in delegations
            if each.to_person_id not in roster.people
        ),
    ]
    return sorted(found, key=lambda each: each.key)


def _posts(codes: str, language: str) -> str:
    """Return posts, parted by a stroke, as people call them."""
    return "/".join(
        POST_NAMES.get(each, each) if language == "vi" else each.replace("_", " ")
        for each in codes.split("/")
    )


def _people(
    active: Sequence[Person],
    posts: Mapping[str, Person],
    roster: Roster,
    competences: Mapping[str, Competence],
    recorded: Collection[str],
) -> Iterator[Finding]:
    for each in active:
        resolved = competences[each.id]
        if each.unit_id not in roster.units:
            yield Finding(Code.UNKNOWN_UNIT, each, each.unit_id, (("unit", each.unit_id),))
        elif resolved.problem is not None:
            yield Finding(Code(resolved.problem.value), each, each.unit_id, resolved.facts)
        if resolved.external:
            if each.id not in recorded:
                yield Finding(Code.EXTERNAL_RESULT, each, each.unit_id)
            continue
        registered = posts[each.id].superior_id if each.id in posts else each.superior_id
        if registered and (registered not in roster.people or not roster.people[registered].active):
            yield Finding(Code.SUPERIOR_AWAY, each, each.unit_id, (("superior", registered),))
        elif not registered:
            yield Finding(Code.NO_SUPERIOR, each, each.unit_id)
        if not each.duty_group:
            yield Finding(Code.NO_GROUP, each, each.unit_id)


def _cycles(active: Sequence[Person], roster: Roster) -> Iterator[Finding]:
    """Tell each circle of superiors once, at its first person by id."""
    told: set[str] = set()
    for each in active:
        way, at = [], each.id
        while at and at not in way and at not in told:
            way.append(at)
            at = roster.people[at].superior_id
        circle = way[way.index(at) :] if at in way else []
        told.update(way)
        if circle:
            first = min(circle)
            place = circle.index(first)
            named = " → ".join([*circle[place:], *circle[:place], first])
            person = roster.people[first]
            yield Finding(Code.SUPERIOR_CYCLE, person, person.unit_id, (("people", named),))


def _vacancies(active: Sequence[Person], roster: Roster) -> Iterator[Finding]:
    """Tell which units with people have no head, and which of the ward's first posts nobody holds."""
    for unit in _staffed(active, roster):
        heads = HEADS.get(unit.kind, ())
        if heads and not any(roster.holders(post, unit.id) for post in heads):
            yield Finding(Code.VACANCY, None, unit.id, (("post", heads[0]),))
    for post in ("party_secretary", "committee_chair"):
        if active and not roster.holders(post):
            yield Finding(Code.VACANCY, None, "", (("post", post),))


def _several(active: Sequence[Person], roster: Roster) -> Iterator[Finding]:
    """Tell posts of one person that several hold, and units with several heads."""
    places = [("", post) for post in ALONE] + [(unit.id, "unit_head") for unit in _staffed(active, roster)]
    for unit_id, post in places:
        found = roster.holders(post, unit_id)
        if len(found) > 1:
            facts = (("holders", post), ("people", ", ".join(found)))
            yield Finding(Code.SEVERAL_HOLDERS, None, unit_id, facts)


def _staffed(active: Sequence[Person], roster: Roster) -> list[Unit]:
    return [roster.units[each] for each in sorted({each.unit_id for each in active} & roster.units.keys())]
