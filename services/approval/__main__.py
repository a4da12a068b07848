"""``python -m approval api | worker | relay | migrate``."""

from chassis.process import main

main("approval")
