"""Who may see whose score: oneself, and those above (công khai xếp loại, bảo mật điểm; R-29)."""

from collections import defaultdict
from collections.abc import Iterable

from scoring.domain.facts import Post


def visible(posts: Iterable[Post], viewer: str) -> frozenset[str]:
    """Return whom ``viewer`` may see: himself, and everybody below him, however far.

    Below is who names him as the direct superior and who is in his charge, as the posts of the month say.
    Whoever has left the ward's service leads nobody.
    """
    below: defaultdict[str, set[str]] = defaultdict(set)
    for post in posts:
        if post.superior_id:
            below[post.superior_id].add(post.person_id)
        if post.active:
            below[post.person_id].update(post.manages)
        elif post.person_id == viewer:
            return frozenset((viewer,))
    seen, waiting = {viewer}, [viewer]
    while waiting:
        fresh = below[waiting.pop()] - seen
        seen |= fresh
        waiting.extend(fresh)
    return frozenset(seen)
