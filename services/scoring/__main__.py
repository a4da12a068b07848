"""``python -m scoring api | worker | relay | migrate``, and offline ``python -m scoring score FILE``."""

import sys


def main() -> None:
    """Run the offline command, which needs nothing but the standard library, or a role of the service."""
    if sys.argv[1:2] == ["score"]:
        import gc

        from scoring.offline import run

        gc.disable()  # what a file holds is alive until the end: looking for garbage in it only takes time
        sys.exit(run(sys.argv[2:]))
    from chassis.process import main as serve

    serve("scoring")


if __name__ == "__main__":
    main()
