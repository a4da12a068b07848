"""``python -m notification api | worker | relay | migrate``."""

from chassis.process import main

main("notification")
