"""``python -m reward api | worker | relay | migrate``: a role of the service.

Offline, with nothing but the standard library: ``python -m reward allocate FILE`` shares out a fund,
and ``python -m reward check FILE`` looks for equal sharing in a list made by hand. Both explain
themselves with ``--help``.
"""

import sys


def main() -> None:
    """Run an offline command, or a role of the service."""
    match sys.argv[1:2]:
        case ["allocate" | "check"]:
            from reward.offline import run

            sys.exit(run(sys.argv[1:]))
        case ["-h" | "--help"]:
            sys.stdout.buffer.write(f"{__doc__}".encode())
        case _:
            from chassis.process import main as serve

            serve("reward")


if __name__ == "__main__":
    main()
