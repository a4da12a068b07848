"""``python -m planning api | worker | relay | migrate``."""

from chassis.process import main

if __name__ == "__main__":
    main("planning")
