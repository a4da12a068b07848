"""Who may see whose score: oneself, and those above (công khai xếp loại, bảo mật điểm; R-29).

For the days of a delegation a delegate sees those below the delegator too (R-2).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from scoring.domain.facts import Post


@dataclass(frozen=True, slots=True)
class Delegation:
    """That one person may act for another on these legal days, both included (ủy quyền; R-2)."""

    ward_id: str
    delegation_id: str
    from_person_id: str
    to_person_id: str
    from_day: date
    to_day: date


def visible(posts: Iterable[Post], viewer: str, delegators: Collection[str] = ()) -> frozenset[str]:
    """Return whom ``viewer`` may see: himself, and everybody below him or below a delegator, however far.

    Below is who names somebody as the direct superior and who is in his charge, as the posts of the month
    say.
    Whoever has left the ward's service leads nobody, and delegates nobody's score.

    :param delegators: who delegated to the viewer that day; their own scores are not his to see
    """
    below: defaultdict[str, set[str]] = defaultdict(set)
    left: set[str] = set()
    for post in posts:
        if post.superior_id:
            below[post.superior_id].add(post.person_id)
        if post.active:
            below[post.person_id].update(post.manages)
        else:
            left.add(post.person_id)
    seen = {viewer}
    for leader in {viewer, *delegators} - left:
        reached, waiting = {leader}, [leader]
        while waiting:
            fresh = below[waiting.pop()] - reached
            reached |= fresh
            waiting.extend(fresh)
        seen |= reached - {leader}
    return frozenset(seen)
