"""Words of the contract and of the law, one for one."""

from typing import Final, Generic, TypeVar

from chassis.errors import Invalid
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from planning.domain.organization import PersonnelType, Role, UnitKind
from planning.domain.plan import State
from planning.domain.task import Kind

W = TypeVar("W", bound=int)
D = TypeVar("D")


class BadChoice(Invalid):
    """An enumeration's value is missing or unknown."""

    vi = "{field}: thiếu hoặc không hợp lệ; phải là một trong: {known}."
    en = "{field}: missing or unknown; it must be one of {known}."


class Words(Generic[W, D]):
    """A mapping both ways."""

    def __init__(self, pairs: dict[W, D], names: dict[W, str]) -> None:
        self._in, self._out, self._names = pairs, {mine: word for word, mine in pairs.items()}, names

    def out(self, mine: D) -> W:
        """Return the contract's word."""
        return self._out[mine]

    def read(self, word: W, field: str) -> D:
        """Return what a word of the contract means.

        :raises BadChoice: if it is unspecified or unknown
        """
        if word not in self._in:
            raise BadChoice(field=field, known=", ".join(self._names[each] for each in self._in))
        return self._in[word]


def _names(wrapper: object, words: dict[W, D]) -> Words[W, D]:
    return Words(words, {word: wrapper.Name(word) for word in words})  # type: ignore[attr-defined]


KINDS: Final = _names(
    types.TaskKind,
    {
        types.TASK_KIND_PLANNED: Kind.PLANNED,
        types.TASK_KIND_EXTRA: Kind.EXTRA,
        types.TASK_KIND_TAKEN_OVER: Kind.TAKEN_OVER,
        types.TASK_KIND_HANDED_OVER: Kind.HANDED_OVER,
        types.TASK_KIND_WITHDRAWN: Kind.WITHDRAWN,
    },
)
UNIT_KINDS: Final = _names(
    types.UnitKind,
    {
        types.UNIT_KIND_LEADERSHIP: UnitKind.LEADERSHIP,
        types.UNIT_KIND_PARTY_BODY: UnitKind.PARTY_BODY,
        types.UNIT_KIND_FRONT: UnitKind.FRONT,
        types.UNIT_KIND_COUNCIL: UnitKind.COUNCIL,
        types.UNIT_KIND_OFFICE: UnitKind.OFFICE,
        types.UNIT_KIND_CENTRE: UnitKind.CENTRE,
        types.UNIT_KIND_SCHOOL: UnitKind.SCHOOL,
    },
)
PERSONNEL_TYPES: Final = _names(
    types.PersonnelType,
    {
        types.PERSONNEL_TYPE_CADRE: PersonnelType.CADRE,
        types.PERSONNEL_TYPE_CIVIL_SERVANT: PersonnelType.CIVIL_SERVANT,
        types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE: PersonnelType.PUBLIC_EMPLOYEE,
        types.PERSONNEL_TYPE_CONTRACT_WORKER: PersonnelType.CONTRACT_WORKER,
    },
)
ROLES: Final = _names(types.Role, {types.ROLE_STAFF: Role.STAFF, types.ROLE_LEADER: Role.LEADER})
STATES: Final = _names(
    pb.PlanState,
    {
        pb.PLAN_STATE_DRAFT: State.DRAFT,
        pb.PLAN_STATE_SUBMITTED: State.SUBMITTED,
        pb.PLAN_STATE_APPROVED: State.APPROVED,
        pb.PLAN_STATE_RETURNED: State.RETURNED,
        pb.PLAN_STATE_SUPERSEDED: State.SUPERSEDED,
    },
)
