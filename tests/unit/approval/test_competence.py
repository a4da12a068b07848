"""R-2: who decides whom, as the guideline's II.3 says, resolved to a person."""

from collections.abc import Mapping

import pytest

from approval import policies
from approval.domain.competence import POSTS, Competence, Problem, competence, resolve
from approval.domain.person import Person, Roster, Unit

TABLE = policies.built_in().competence

UNITS = [
    Unit("lanh-dao", kind="leadership"),
    Unit("ban-xdd", kind="party_body"),
    Unit("mttq", kind="front"),
    Unit("hoi-pn", kind="front"),
    Unit("hdnd", kind="council"),
    Unit("vp", kind="office"),
    Unit("tt", kind="centre"),
    Unit("truong", kind="school"),
]

WARD: Mapping[str, tuple[str, str]] = {
    "bi-thu": ("lanh-dao", "party_secretary"),
    "pho-bi-thu": ("lanh-dao", "party_standing_deputy"),
    "ct-hdnd": ("hdnd", "council_chair"),
    "pct-hdnd": ("hdnd", "council_vice_chair"),
    "tb-phap-che": ("hdnd", "council_committee_head"),
    "pb-phap-che": ("hdnd", "council_committee_deputy"),
    "ct-ubnd": ("lanh-dao", "committee_chair"),
    "pct-ubnd": ("lanh-dao", "committee_vice_chair"),
    "ct-mttq": ("mttq", "front_chair"),
    "ct-hoi-pn": ("hoi-pn", "mass_org_head"),
    "pct-hoi-pn": ("hoi-pn", "mass_org_deputy"),
    "cv-hoi-pn": ("hoi-pn", "staff"),
    "cv-mttq": ("mttq", "staff"),
    "pho-mttq": ("mttq", "unit_deputy"),
    "tb-xdd": ("ban-xdd", "unit_head"),
    "pb-xdd": ("ban-xdd", "unit_deputy"),
    "cv-xdd": ("ban-xdd", "staff"),
    "cvp": ("vp", "unit_head"),
    "pvp": ("vp", "unit_deputy"),
    "cv-vp": ("vp", "staff"),
    "gd-tt": ("tt", "unit_head"),
    "vc-tt": ("tt", "staff"),
    "hieu-truong": ("truong", "unit_head"),
    "pho-ht": ("truong", "unit_deputy"),
    "giao-vien": ("truong", "staff"),
}


def roster(changes: Mapping[str, tuple[str, str] | None] | None = None, **superiors: str) -> Roster:
    held = {**WARD, **(changes or {})}
    people = [
        Person(
            name, f"Họ Tên {name}", post[0], post[1], superior_id=superiors.get(name.replace("-", "_"), "")
        )
        for name, post in held.items()
        if post
    ]
    return Roster.of("2026-03", people, UNITS)


def decider(name: str, of: Roster | None = None) -> Competence:
    known = of or roster()
    return competence(known.people[name], known, TABLE)


@pytest.mark.parametrize("name", ["bi-thu", "pho-bi-thu", "ct-ubnd"])
def test_the_city_decides_the_first_leaders(name: str) -> None:
    assert decider(name) == Competence(external=True)


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("tb-xdd", "bi-thu"),
        ("ct-mttq", "bi-thu"),
        ("ct-hoi-pn", "bi-thu"),
        ("pb-xdd", "tb-xdd"),
        ("cv-xdd", "tb-xdd"),
        ("pct-hoi-pn", "ct-mttq"),
        ("cv-mttq", "ct-mttq"),
        ("pho-mttq", "ct-mttq"),
        ("cv-hoi-pn", "ct-hoi-pn"),
        ("pct-hdnd", "ct-hdnd"),
        ("pb-phap-che", "tb-phap-che"),
        ("pct-ubnd", "ct-ubnd"),
        ("cvp", "ct-ubnd"),
        ("gd-tt", "ct-ubnd"),
        ("hieu-truong", "ct-ubnd"),
        ("pvp", "cvp"),
        ("cv-vp", "cvp"),
        ("vc-tt", "gd-tt"),
        ("pho-ht", "hieu-truong"),
        ("giao-vien", "hieu-truong"),
    ],
)
def test_the_guideline_says_who_decides(name: str, by: str) -> None:
    assert decider(name) == Competence(decider_id=by)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ct-hdnd", Competence(external=True, setting="separate_council_chair")),
        ("tb-phap-che", Competence(decider_id="ct-hdnd", setting="council_committee_head")),
    ],
)
def test_where_the_text_is_silent_the_reading_is_a_named_setting(name: str, expected: Competence) -> None:
    assert decider(name) == expected


def test_a_secretary_who_chairs_the_council_too_decides_as_its_chair() -> None:
    of = roster({"ct-hdnd": None})

    assert decider("pct-hdnd", of).decider_id == "bi-thu"
    assert decider("tb-phap-che", of).decider_id == "bi-thu"


def test_of_two_committees_in_one_unit_the_head_who_leads_the_deputy_decides() -> None:
    second = {"tb-kinh-te": ("hdnd", "council_committee_head")}

    assert decider("pb-phap-che", roster(second)).problem is Problem.SEVERAL_HOLDERS
    assert decider("pb-phap-che", roster(second, pb_phap_che="tb-kinh-te")).decider_id == "tb-kinh-te"


def test_a_unit_without_a_head_is_reported_with_the_remedy() -> None:
    found = decider("cv-vp", roster({"cvp": None}))

    assert (found.decider_id, found.external, found.problem) == ("", False, Problem.NO_HOLDER)
    assert "unit_head" in found.told("vi")
    assert "register" in found.told("en")


def test_two_heads_of_one_unit_are_reported_by_name() -> None:
    found = decider("cv-vp", roster({"cvp-2": ("vp", "unit_head")}))

    assert found.problem is Problem.SEVERAL_HOLDERS
    assert "cvp, cvp-2" in found.told("vi")


def test_a_post_that_the_table_does_not_know_is_reported() -> None:
    found = decider("la", roster({"la": ("lanh-dao", "unit_head")}))

    assert found.problem is Problem.NO_RULE


def test_nobody_decides_about_himself() -> None:
    strange = roster({"cv-la": ("lanh-dao", "staff")})
    rules = tuple(
        each if "front_chair" not in each.posts else type(each)(posts=each.posts, holders=("front_chair",))
        for each in TABLE
    )

    assert competence(strange.people["ct-mttq"], strange, rules).problem is Problem.HIMSELF
    assert all(each.decider_id != name for name, each in resolve(strange, TABLE).items())


def test_every_post_has_a_row_in_some_kind_of_unit() -> None:
    assert {post for rule in TABLE for post in rule.posts} == POSTS


def test_following_the_deciders_ends_with_the_city() -> None:
    of = roster()
    found = resolve(of, TABLE)

    for name in of.people:
        seen, at = {name}, name
        while not found[at].external:
            at = found[at].decider_id
            assert at
            assert at not in seen
            seen.add(at)
