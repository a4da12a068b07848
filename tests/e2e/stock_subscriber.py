"""A stock nameko service, as another system would write it: it knows nothing of this project.

Writes one line of JSON for every grade to the file that the command line names.
"""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from nameko.events import event_handler  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

amqp_url, out = sys.argv[1:]


class StockSubscriber:
    name = "stock"

    @event_handler("approval", "grade_published")
    def on_grade(self, grade: dict[str, object]) -> None:
        with Path(out).open("a") as file:
            file.write(json.dumps(grade) + "\n")


runner = ServiceRunner(config={"AMQP_URI": amqp_url, "max_workers": 1})
runner.add_service(StockSubscriber)
runner.start()
Path(out).touch()
runner.wait()
