"""Reading a policy strictly: every complaint names the place and what helps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from approval.domain.competence import POSTS, UNIT_KINDS, Rule
from approval.domain.criteria import GROUP_POINTS, GROUPS, CriteriaSet, Criterion
from approval.domain.deadlines import Before, Calendar, Step
from approval.domain.person import PERSONNEL_TYPES
from approval.domain.policy import Policy
from approval.domain.quota import QuotaBase, Terms
from approval.domain.reminders import Days
from chassis.days import Month
from chassis.strict_json import BadInput, Object

CITY: Final = "city"
MOST_CRITERIA: Final = 40
LONGEST_SET_ID: Final = 40
MOST_RULES: Final = 100
_FIELDS: Final = frozenset(
    {
        "id",
        "version",
        "legal_basis",
        "from_month",
        "until_month",
        "quota",
        "deadlines",
        "reminders",
        "criteria",
        "criteria_sets",
        "competence",
    }
)


def read(given: Object) -> Policy:
    """Read a policy.

    :raises BadInput: at the first field that is wrong
    """
    given.only(_FIELDS)
    quota = given.child("quota").only({"rate", "highest_rate", "base"})
    calendars = given.child("deadlines").only({"usual", "december"})
    from_month, until_month = _months(given)
    return Policy(
        id=given.text("id"),
        version=given.integer("version", least=1, most=10**6),
        legal_basis=_legal_basis(given),
        from_month=from_month,
        criteria=_criteria(given),
        calendar=Calendar(_calendar(calendars.child("usual")), _calendar(calendars.child("december"))),
        competence=_competence(given),
        quota=Terms(
            quota.decimal("rate", above=0, most=1, places=4),
            QuotaBase(quota.choice("base", frozenset(each.value for each in QuotaBase))),
        ),
        highest_rate=_highest_rate(quota),
        reminders=_reminders(given.child("reminders")) if given.has("reminders") else Days(),
        until_month=until_month,
        sets=_sets(given) if given.has("criteria_sets") else (),
    )


def _legal_basis(given: Object) -> tuple[str, ...]:
    basis = tuple(given.texts("legal_basis"))
    if not basis:
        raise given.refuse(
            "legal_basis",
            "empty: state at least one document that it rests on",
            "còn trống: ghi ít nhất một văn bản làm căn cứ",
        )
    return basis


def _months(given: Object) -> tuple[str, str]:
    begin = _month(given, "from_month")
    if not given.has("until_month") or given.null("until_month"):
        return begin, ""
    until = _month(given, "until_month")
    if until < begin:
        raise given.refuse(
            "until_month", f"is before from_month, {begin}", f"trước tháng đầu (from_month) {begin}"
        )
    return begin, until


def _month(given: Object, name: str) -> str:
    try:
        return str(Month.parse(given.text(name)))
    except ValueError:
        raise given.refuse(
            name, "must be a month such as 2026-03", "phải là tháng, ghi như 2026-03"
        ) from None


def _highest_rate(quota: Object) -> Decimal:
    highest = quota.decimal("highest_rate", above=0, most=1, places=4)
    rate = quota.decimal("rate", above=0, most=1, places=4)
    if highest < rate:
        raise quota.refuse(
            "highest_rate",
            f"is under the rate {rate}: give at least that",
            f"thấp hơn tỷ lệ thường (rate) {rate}: ghi ít nhất bằng tỷ lệ đó",
        )
    return highest


def _reminders(given: Object) -> Days:
    given.only({"days_before", "superior_after", "above_after"})
    found = Days(
        tuple(int(each) for each in _options(given, "days_before", frozenset("123456789"))),
        given.integer("superior_after", least=0, most=30),
        given.integer("above_after", least=0, most=30),
    )
    if found.above < found.superior:
        raise given.refuse(
            "above_after",
            f"is before superior_after, {found.superior}: the direct superior is told first",
            f"trước superior_after ({found.superior}): cấp trên trực tiếp được báo trước",
        )
    return found


def _criteria(given: Object) -> tuple[Criterion, ...]:
    found: list[Criterion] = []
    for each in given.children("criteria"):
        criterion = _criterion(each)
        if any(criterion.id == other.id for other in found):
            raise each.refuse("id", f"{criterion.id} is given twice", f"{criterion.id} ghi hai lần")
        if found and GROUPS.index(criterion.group) < GROUPS.index(found[-1].group):
            raise each.refuse(
                "group",
                f"{criterion.group} stands after {found[-1].group}: list the criteria group by group",
                f"{criterion.group} đứng sau {found[-1].group}: xếp tiêu chí theo từng nhóm",
            )
        found.append(criterion)
    if len(found) > MOST_CRITERIA:
        raise given.refuse(
            "criteria", f"at most {MOST_CRITERIA} criteria", f"nhiều nhất {MOST_CRITERIA} tiêu chí"
        )
    for group in GROUPS:
        maxima = [each.maximum for each in found if each.group == group]
        if not maxima:
            raise given.refuse(
                "criteria",
                f"group {group} is missing: groups I, II and III give {GROUP_POINTS} points each",
                f"thiếu nhóm {group}: mỗi nhóm I, II, III có {GROUP_POINTS} điểm",
            )
        if sum(maxima) != GROUP_POINTS:
            raise given.refuse(
                "criteria",
                f"the maxima of group {group} add up to {sum(maxima)}, and must to {GROUP_POINTS}",
                f"điểm tối đa của nhóm {group} cộng lại là {sum(maxima)}, phải bằng {GROUP_POINTS}",
            )
    return tuple(found)


def _sets(given: Object) -> tuple[CriteriaSet, ...]:
    """Return the sets for personnel types: each as strict as the default, no type in two of them."""
    found: list[CriteriaSet] = []
    for each in given.children("criteria_sets"):
        each.only({"id", "personnel_types", "basis", "criteria"})
        id_ = each.text("id")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_) or len(id_) > LONGEST_SET_ID:
            raise each.refuse(
                "id",
                f"must be lower-case letters, digits and hyphens, at most {LONGEST_SET_ID}",
                f"chỉ gồm chữ thường không dấu, chữ số và gạch nối, nhiều nhất {LONGEST_SET_ID} ký tự",
            )
        if any(id_ == other.id for other in found):
            raise each.refuse("id", f"{id_} is given twice", f"{id_} ghi hai lần")
        types = _options(each, "personnel_types", PERSONNEL_TYPES)
        for index, type_ in enumerate(types):
            for other in found:
                if type_ in other.personnel_types:
                    raise BadInput(
                        f"{each.at('personnel_types')}[{index}]",
                        f"{type_} is in the set {other.id} already: a type has one set",
                        f"{type_} đã thuộc bộ tiêu chí {other.id}: mỗi loại đối tượng có một bộ",
                    )
        found.append(CriteriaSet(id_, _criteria(each), types, each.text("basis")))
    return tuple(found)


def _criterion(given: Object) -> Criterion:
    given.only({"id", "group", "name", "maximum"})
    group, id_ = given.choice("group", GROUPS), given.text("id")
    if not re.fullmatch(rf"{group}\.[1-9][0-9]?", id_):
        raise given.refuse(
            "id",
            f"must be its group, a point and a number, such as {group}.1",
            f"phải là nhóm, dấu chấm và số thứ tự, ghi như {group}.1",
        )
    maximum = given.decimal("maximum", above=0, most=30, places=2)
    return Criterion(id_, group, given.text("name"), maximum)


def _calendar(given: Object) -> Mapping[Step, Before]:
    given.only({step.value for step in Step})
    found: dict[Step, Before] = {}
    for step in Step:
        place = given.child(step.value)
        before = _before(place)
        for earlier, other in found.items():
            if (before.months_later, before.day) < (other.months_later, other.day):
                raise place.refuse(
                    "before_day",
                    f"ends before {earlier.value}: a step's deadline is not before that of an earlier step",
                    f"hạn trước bước {earlier.value}: hạn của bước sau không được trước hạn của bước trước",
                )
        found[step] = before
    return found


def _before(given: Object) -> Before:
    given.only({"before_day", "months_later"})
    later = given.integer("months_later", least=0, most=2)
    day = given.integer("before_day", least=1, most=28)
    if day == 1 and not later:
        raise given.refuse(
            "before_day",
            "ends before the month begins: give a day from 2 on, or a later month (months_later)",
            "hết hạn trước khi tháng bắt đầu: ghi từ ngày 2 trở đi, hoặc tháng sau (months_later)",
        )
    return Before(day, later)


def _competence(given: Object) -> tuple[Rule, ...]:
    found: list[Rule] = []
    decided: set[tuple[str, str]] = set()
    for each in given.children("competence"):
        rule = _rule(each)
        about = {(post, kind) for post in rule.posts for kind in rule.unit_kinds or {*UNIT_KINDS, ""}}
        if about <= decided:
            raise BadInput(
                each.place,
                "never applies: the rows before it decide about all of these; move it up or leave it out",
                "không bao giờ được áp dụng: các dòng trước đã bao hết; đưa lên trên hoặc bỏ dòng này",
            )
        decided |= about
        found.append(rule)
    if len(found) > MOST_RULES:
        raise given.refuse("competence", f"at most {MOST_RULES} rows", f"nhiều nhất {MOST_RULES} dòng")
    if missing := sorted(POSTS - {post for post, _ in decided}):
        raise given.refuse(
            "competence",
            f"no row says who decides about {', '.join(missing)}: add one",
            f"chưa có dòng nào nêu ai quyết định về {', '.join(missing)}: thêm dòng",
        )
    return tuple(found)


def _rule(given: Object) -> Rule:
    given.only({"posts", "unit_kinds", "decided_by", "within_unit", "setting", "basis"})
    city = given.is_text("decided_by")
    within_unit = given.has("within_unit") and given.boolean("within_unit")
    if city and within_unit:
        raise given.refuse(
            "within_unit",
            "is not used where the city decides",
            "không dùng khi thành phố quyết định; bỏ mục này",
        )
    return Rule(
        posts=frozenset(_options(given, "posts", POSTS)),
        unit_kinds=(
            frozenset(_options(given, "unit_kinds", UNIT_KINDS)) if given.has("unit_kinds") else frozenset()
        ),
        city=city and given.choice("decided_by", frozenset({CITY})) == CITY,
        holders=() if city else _options(given, "decided_by", POSTS - {"staff"}),
        within_unit=within_unit,
        basis=given.text("basis"),
        setting=given.text("setting") if given.has("setting") else "",
    )


def _options(given: Object, name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return a list of known names, at least one and none twice."""
    found: Sequence[str] = given.texts(name)
    options = sorted(known)
    if not found:
        raise given.refuse(name, "empty: name at least one", "còn trống: ghi ít nhất một mục")
    for index, each in enumerate(found):
        place = f"{given.at(name)}[{index}]"
        if each not in options:
            listed = ", ".join(options)
            raise BadInput(
                place,
                f"{each!r} must be one of {listed}",
                f"{each!r} phải là một trong {listed}",
            )
        if each in found[:index]:
            raise BadInput(place, "given twice", "ghi hai lần; bỏ bớt một")
    return tuple(found)
