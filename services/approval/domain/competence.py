"""Who decides whom (thẩm quyền đánh giá, xếp loại; R-2, HD II.3), as an ordered table resolved to a person.

The table is data of the policy: the first rule whose posts and kinds of unit fit decides. Where nobody can be
found, or several could be meant, or the person himself, there is no competent person: that is reported with
its remedy and never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from approval.domain.person import Person, Roster

POSTS = frozenset(
    {
        "party_secretary",
        "party_standing_deputy",
        "council_chair",
        "council_vice_chair",
        "council_committee_head",
        "council_committee_deputy",
        "committee_chair",
        "committee_vice_chair",
        "front_chair",
        "mass_org_head",
        "mass_org_deputy",
        "unit_head",
        "unit_deputy",
        "staff",
    }
)
"""Codes of posts: the committee is the People's Committee (UBND), the council the People's Council (HĐND)."""

UNIT_KINDS = frozenset({"leadership", "party_body", "front", "council", "office", "centre", "school"})
"""Codes of kinds of unit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    :param posts: whom it is about; ``unit_kinds`` narrows it, none means all
    :param city: the city decides (external result)
    :param holders: else the holder of the first of these posts that somebody holds
    :param within_unit: look for the holder in the person's own unit only
    :param basis: where the text says so
    :param setting: the name of our reading, where the text is silent; empty where it is not
    """

    posts: frozenset[str]
    unit_kinds: frozenset[str] = frozenset()
    city: bool = False
    holders: tuple[str, ...] = ()
    within_unit: bool = False
    basis: str = ""
    setting: str = ""

    def fits(self, post: str, unit_kind: str) -> bool:
        """True if the rule is about that post in a unit of that kind."""
        return post in self.posts and (not self.unit_kinds or unit_kind in self.unit_kinds)


class Problem(StrEnum):
    """Why nobody is competent."""

    NO_RULE = "no_rule"
    NO_HOLDER = "no_holder"
    SEVERAL_HOLDERS = "several_holders"
    HIMSELF = "himself"


TOLD: Mapping[Problem, Mapping[str, str]] = {
    Problem.NO_RULE: {
        "vi": "bảng thẩm quyền không có chức vụ {post} ở loại đơn vị {kind}: sửa chức vụ hoặc loại đơn vị",
        "en": "the table has no post {post} in a unit of kind {kind}: correct the post or the unit's kind",
    },
    Problem.NO_HOLDER: {
        "vi": "chưa có ai giữ chức vụ {holders}: ghi nhận người giữ (hoặc được giao phụ trách) chức vụ này",
        "en": "nobody holds the post {holders}: register who holds it or acts in it",
    },
    Problem.SEVERAL_HOLDERS: {
        "vi": "nhiều người giữ chức vụ {holders} ({people}): ghi cấp trên trực tiếp là một trong số họ",
        "en": "several people hold the post {holders} ({people}): register one of them as direct superior",
    },
    Problem.HIMSELF: {
        "vi": "không ai tự quyết định về mình: sửa chức vụ hoặc bảng thẩm quyền",
        "en": "nobody decides about himself: correct the post or the table",
    },
}


@dataclass(frozen=True, slots=True)
class Competence:
    """Who is competent: the city (``external``), a person (``decider_id``), or nobody, and then why."""

    external: bool = False
    decider_id: str = ""
    problem: Problem | None = None
    facts: tuple[tuple[str, str], ...] = ()
    setting: str = ""
    """The reading of ours that it rests on; empty where the text says it."""

    def told(self, language: str) -> str:
        """Return why nobody is competent and what helps, in ``vi`` or ``en``; empty when somebody is."""
        if self.problem is None:
            return ""
        return TOLD[self.problem]["vi" if language == "vi" else "en"].format(**dict(self.facts))


def competence(person: Person, roster: Roster, table: Sequence[Rule]) -> Competence:
    """Return who decides about a person (R-2)."""
    kind = roster.unit(person.unit_id).kind
    rule = next((each for each in table if each.fits(person.post, kind)), None)
    if rule is None:
        return Competence(problem=Problem.NO_RULE, facts=(("post", person.post), ("kind", kind or "?")))
    if rule.city:
        return Competence(external=True, setting=rule.setting)
    wanted = "/".join(rule.holders)
    for post in rule.holders:
        found = roster.holders(post, person.unit_id if rule.within_unit else "")
        if not found:
            continue
        # Two committees in one unit have two heads: the one who leads the person is meant.
        chosen = found[0] if len(found) == 1 else person.superior_id if person.superior_id in found else ""
        if not chosen:
            people = ", ".join(found)
            return Competence(problem=Problem.SEVERAL_HOLDERS, facts=(("holders", post), ("people", people)))
        if chosen == person.id:
            return Competence(problem=Problem.HIMSELF)
        return Competence(decider_id=chosen, setting=rule.setting)
    return Competence(problem=Problem.NO_HOLDER, facts=(("holders", wanted),))


def resolve(roster: Roster, table: Sequence[Rule]) -> dict[str, Competence]:
    """Return who decides about each person of a ward in a month."""
    return {person_id: competence(person, roster, table) for person_id, person in roster.people.items()}
