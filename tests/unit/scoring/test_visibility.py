"""Who is below whom: R-29."""

from scoring.domain.facts import Post
from scoring.domain.person import Role
from scoring.domain.visibility import visible


def post(id_: str, superior: str = "", *manages: str, active: bool = True) -> Post:
    return Post("w", id_, "2026-01", 1, "VP", "g", Role.LEADER, "", superior, manages, active)


def test_below_is_who_names_the_superior_and_who_is_in_charge_however_far() -> None:
    posts = [post("a"), post("b", "a"), post("c", "", "d"), post("d", "b"), post("e", "d"), post("x")]

    assert visible(posts, "a") == {"a", "b", "d", "e"}
    assert visible(posts, "c") == {"c", "d", "e"}
    assert visible(posts, "e") == {"e"}


def test_a_circle_ends() -> None:
    assert visible([post("a", "b"), post("b", "a")], "a") == {"a", "b"}


def test_whoever_has_left_leads_nobody() -> None:
    posts = [post("a", active=False), post("b", "a"), post("top", "", "a")]

    assert visible(posts, "a") == {"a"}
    assert visible(posts, "top") == {"top", "a", "b"}


def test_a_stranger_sees_himself() -> None:
    assert visible([post("a")], "z") == {"z"}


def test_a_delegate_sees_below_the_delegator_and_not_the_delegator() -> None:
    """R-2: nor anybody's on whose behalf somebody acts who has left himself."""
    posts = [post("a"), post("b", "a"), post("c", "b"), post("x"), post("y", "x")]

    assert visible(posts, "x", {"a"}) == {"x", "y", "b", "c"}
    assert visible(posts, "y", {"b"}) == {"y", "c"}
    assert visible([*posts, post("z", active=False), post("w", "z")], "x", {"z"}) == {"x", "y"}
