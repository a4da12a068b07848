"""``python -m reward api | worker | relay | migrate``, and offline ``allocate FILE`` and ``check FILE``."""

import sys


def main() -> None:
    """Run an offline command, which needs nothing but the standard library, or a role of the service."""
    if sys.argv[1:2] in (["allocate"], ["check"]):
        from reward.offline import run

        sys.exit(run(sys.argv[1:]))
    from chassis.process import main as serve

    serve("reward")


if __name__ == "__main__":
    main()
