"""``python -m kpi_cli``: the same as ``kpi``."""

import codecs
import sys
from io import TextIOWrapper
from typing import NoReturn


def main() -> NoReturn:
    """Run the command."""
    from kpi_cli.program import cli

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and codecs.lookup(stream.encoding).name == "ascii":
            # Vietnamese goes out as UTF-8 where no locale is set.
            stream.reconfigure(encoding="utf-8")
    cli.main()


if __name__ == "__main__":
    main()
