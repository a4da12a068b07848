"""How long pages are."""

DEFAULT_PAGE = 100
LARGEST_PAGE = 1000
