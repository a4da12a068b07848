"""R-1, R-2: the check of a month finds each gap, tells a remedy, and guesses nothing."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from approval import policies
from approval.domain.access import Delegation
from approval.domain.check import POST_NAMES, TOLD, Code, Severity, check
from approval.domain.competence import POSTS, Problem
from approval.domain.person import Person, Roster, Unit

TABLE = policies.built_in().competence
UNITS = (Unit("vp", "Văn phòng", "office"), Unit("ld", "Lãnh đạo", "leadership"))


def person(person_id: str, post: str = "staff", unit_id: str = "vp", superior_id: str = "truong") -> Person:
    return Person(person_id, f"Họ {person_id}", unit_id, post, superior_id=superior_id, duty_group="g")


SOUND = (
    person("bt", "party_secretary", "ld", ""),
    person("ct", "committee_chair", "ld", "bt"),
    person("truong", "unit_head", superior_id="ct"),
    person("a"),
    person("b"),
)


def found(
    people: tuple[Person, ...], recorded: tuple[str, ...] = ("bt", "ct"), **given_: object
) -> set[Code]:
    roster = Roster.of("2026-03", people, UNITS)
    posts = {each.id: each for each in people}
    findings = check(roster, posts, TABLE, recorded=recorded, **given_)  # type: ignore[arg-type]
    return {each.code for each in findings}


def changed(person_id: str, **fields: object) -> tuple[Person, ...]:
    return tuple(replace(each, **fields) if each.id == person_id else each for each in SOUND)  # type: ignore[arg-type]


def test_a_sound_ward_has_no_findings() -> None:
    assert found(SOUND) == set()


def test_r2_the_city_s_people_are_told_until_their_result_is_recorded() -> None:
    assert found(SOUND, recorded=("bt",)) == {Code.EXTERNAL_RESULT}


def test_r2_nobody_is_competent_about_himself() -> None:
    table = (replace(TABLE[0], posts=frozenset({"unit_head"}), city=False, holders=("unit_head",)), *TABLE)
    roster = Roster.of("2026-03", SOUND, UNITS)
    findings = check(roster, {each.id: each for each in SOUND}, table, recorded=("bt", "ct"))

    assert [(each.code, each.person and each.person.id) for each in findings] == [(Code.HIMSELF, "truong")]


def test_r2_two_secretaries_are_a_conflict() -> None:
    people = (*SOUND, person("bt2", "party_secretary", "ld", ""))
    assert found(people, recorded=("bt", "bt2", "ct")) == {Code.SEVERAL_HOLDERS}


def test_a_circle_of_superiors_is_told_once_with_everybody_on_it() -> None:
    people = changed("truong", superior_id="a")
    roster = Roster.of("2026-03", people, UNITS)
    findings = check(roster, {each.id: each for each in people}, TABLE, recorded=("bt", "ct"))

    [circle] = [each for each in findings if each.code is Code.SUPERIOR_CYCLE]
    assert dict(circle.facts)["people"] == "a → truong → a"
    assert circle.severity is Severity.BLOCKING


def test_r2_a_delegate_who_is_not_there_is_told() -> None:
    away = Delegation("1", "truong", "gone", date(2026, 3, 1), date(2026, 3, 31), "7/UQ")
    assert found(SOUND, delegations=[away]) == {Code.DELEGATE_AWAY}
    assert found(SOUND, delegations=[replace(away, to_person_id="a")]) == set()


def test_every_problem_of_the_table_and_every_code_is_told_in_both_languages() -> None:
    assert {each.value for each in Problem} <= {each.value for each in Code}
    assert set(TOLD) == set(Code)
    assert all(set(each) == {"vi", "en"} for each in TOLD.values())


def test_posts_are_told_as_people_call_them() -> None:
    people = tuple(each for each in SOUND if each.id != "truong")
    roster = Roster.of("2026-03", people, UNITS)
    findings = check(roster, {each.id: each for each in people}, TABLE, recorded=("bt", "ct"))

    assert set(POST_NAMES) == POSTS
    [vacancy] = [each for each in findings if each.code is Code.VACANCY]
    assert vacancy.told("vi")[0] == "khuyết chức vụ người đứng đầu đơn vị"
    assert vacancy.told("en")[0] == "the post unit head is vacant"


@given(st.permutations(range(len(SOUND))), st.sampled_from(["truong", "a", "ct", "nobody", ""]))
def test_the_order_of_people_changes_nothing(order: list[int], superior_id: str) -> None:
    people = changed("b", superior_id=superior_id)
    shuffled = tuple(people[each] for each in order)

    def keys(given_: tuple[Person, ...]) -> list[tuple[str, ...]]:
        posts = {each.id: each for each in given_}
        return [each.key for each in check(Roster.of("2026-03", given_, UNITS), posts, TABLE)]

    assert keys(shuffled) == keys(people)
    assert keys(people) == sorted(keys(people))
