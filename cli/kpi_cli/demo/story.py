"""What the people of the example decide that no rule decides for them: read from ``month.json``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Story:
    """A ward's month.

    :param not_evaluated: person to reason (R-14)
    :param external: grade, document and total of those whom the city decides (R-2)
    :param choices: grade and reason where a tie is chosen or the authority decides otherwise (R-22, R-28)
    :param fund: id, kind, source, legal basis, amount in đồng (R-34)
    """

    ward_id: str
    month: str
    workbook: Path
    document: str
    not_evaluated: Mapping[str, str]
    external: Sequence[Mapping[str, str]]
    choices: Mapping[str, tuple[str, str]]
    fund: Mapping[str, Any]
    policy: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the story that a file tells; the workbook lies beside it."""
        told = json.loads(path.read_text("utf-8"))
        return cls(
            ward_id=told["ward_id"],
            month=told["month"],
            workbook=path.parent / told["workbook"],
            document=told["document"],
            not_evaluated={each["person_id"]: each["reason"] for each in told["not_evaluated"]},
            external=told["external"],
            choices={each["person_id"]: (each["grade"], each["reason"]) for each in told["choices"]},
            fund=told["fund"],
            policy=told["policy"],
        )
