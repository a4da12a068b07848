"""A server that is not installed is told with the remedy."""

import pytest

from support.servers.process import MissingServer, account, program


def test_a_missing_program_names_the_remedy() -> None:
    with pytest.raises(MissingServer, match=r"PostgreSQL is not installed .*run `make test-servers` as root"):
        program("no-such-program", ("/nowhere",), "PostgreSQL")


def test_a_missing_user_names_the_remedy() -> None:
    with pytest.raises(MissingServer, match=r"no user no-such-user .*run `make test-servers` as root"):
        account("no-such-user", "postgres")
