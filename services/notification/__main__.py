"""``python -m notification api | worker | relay | migrate``."""

import sys

from chassis.process import main
from chassis.settings import BadSetting
from notification.settings import MailServer

try:
    MailServer.read()
except BadSetting as error:
    sys.exit(f"notification: {error}")
main("notification")
