"""Policies of approval as JSON: the shipped ones, one file a version, and how any of them is read.

Criteria, deadlines, who decides whom, the quota. The fields of a policy::

    id, version, legal_basis                 what it is, and what it rests on: a list of texts
    from_month, until_month                  the first month it is for (YYYY-MM), and optionally the last
    quota         rate q and the highest that a decision may allow; base "good" or "good_or_better" (R-21)
    deadlines     usual and december: by step, "before_day" of the month that is "months_later" (R-26)
    reminders     optional: days_before each deadline that people are reminded (texts such as "3"), and after
                  how many days the superior, then his superior, is told of who is late (R-26, R-42)
    criteria      the general criteria in order: id, group, name, maximum in points; groups I, II, III give 10
                  points each (R-18)
    criteria_sets optional: sets of criteria for personnel types, whom the criteria above are not for then.
                  Each: id, personnel_types (cadre, civil_servant, public_employee, contract_worker; no type
                  in two sets), basis, and criteria as above (R-18)
    competence    the table of R-2, in order; the first row that fits a person decides:
                  posts, unit_kinds (all if not given), decided_by ("city", or posts of which the first that
                  somebody holds decides), within_unit (look in the person's own unit only), basis, and
                  setting: the name of our reading where the text is silent
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from approval.domain.policy import Policy
from approval.domain.policy_version import Version
from approval.policies.reading import read
from chassis.strict_json import parse

SHIPPED: Final = ("phuc-loi",)
"""Ids of policies that come with a release: nobody proposes under them, so that a later release may ship the
next version."""

__all__ = ["SHIPPED", "built_in", "read", "shipped", "stored"]


@cache
def shipped() -> tuple[Version, ...]:
    """Return every version that this release brings."""
    documents = [files(__name__).joinpath(f"{name}.json").read_text("utf-8") for name in SHIPPED]
    return tuple(Version(stored(each), each, shipped=True) for each in documents)


def built_in() -> Policy:
    """Return the newest policy that this release brings: it stands behind all others."""
    return max((each.policy for each in shipped()), key=lambda each: (each.from_month, each.version))


@lru_cache(maxsize=256)
def stored(document: str) -> Policy:
    """Return the policy that a document says.

    :raises BadInput: at the first field that is wrong
    """
    return read(parse(document))
