"""``python -m kpi_cli``: the same as ``kpi``."""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command."""
    from kpi_cli.program import cli

    cli.main()


if __name__ == "__main__":
    main()
