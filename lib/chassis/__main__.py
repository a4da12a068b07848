"""``python -m chassis embedded-api | embedded-workers | makemigration SERVICE "what changed"``."""

import sys


def main() -> None:
    """Run what the command line names."""
    match sys.argv[1:]:
        case ["embedded-api" | "embedded-workers"]:
            from chassis.process import embedded

            embedded(sys.argv[1:])
        case ["makemigration", service, message]:
            from chassis.migrations import make

            make(service, message)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
