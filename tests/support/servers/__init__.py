"""A PostgreSQL and a RabbitMQ of the tests' own: real processes, free loopback ports, throw-away folders.

Nothing here looks at, starts or stops a server that the machine already runs. When the tests run as root,
each server runs as its package's user (PostgreSQL refuses root).
"""

from support.servers.postgres import Postgres
from support.servers.process import MissingServer, ServerFailed, Servers
from support.servers.rabbitmq import RabbitMQ

__all__ = ["MissingServer", "Postgres", "RabbitMQ", "ServerFailed", "Servers"]
