"""Runs the platform's processes on one machine, and ends them.

::

    python -m kpi_cli.stack [--state FOLDER] [--procfile FILE] [--ports usual|free]

Without a Procfile it is the embedded stack: two processes, SQLite, a broker in memory. With one
(``deploy/Procfile``) the broker and the databases come from the environment. Each service is migrated first;
then every process starts in a process group of its own with a log of its own, and the stack is up when each
answers 200 to ``/ready``. ``FOLDER/stack.json`` then says where everything is::

    {"supervisor": 41, "started": "1200", "services": {"planning": "127.0.0.1:50051", …},
     "processes": {"planning-api": {"pid": 42, "started": "1234", "metrics": "127.0.0.1:9101", "log": …}, …}}

A process that ends unasked ends the stack, with the last lines of its log. SIGTERM and SIGINT end it within
ten seconds; should the supervisor itself be killed, the kernel tells its processes to stop.
"""

from kpi_cli.stack.failure import StackFailed
from kpi_cli.stack.procfile import EMBEDDED, PROCFILE, read_procfile
from kpi_cli.stack.supervisor import Stack, addresses, embedded_environment

__all__ = [
    "EMBEDDED",
    "PROCFILE",
    "Stack",
    "StackFailed",
    "addresses",
    "embedded_environment",
    "read_procfile",
]
