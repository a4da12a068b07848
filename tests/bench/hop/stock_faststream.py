"""The hop with FastStream as it comes: ``broker.publish`` and ``@broker.subscriber`` on a quorum queue."""

import asyncio
import json
import sys
from typing import Any

import psycopg
from faststream.rabbit import ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue

from bench import children, grades
from bench.hop import single
from bench.places import dsn

CONNECTIONS = 10
EXCHANGE = RabbitExchange(grades.EXCHANGE, type=ExchangeType.TOPIC, durable=True)
QUEUE = RabbitQueue(grades.QUEUE, durable=True, queue_type=QueueType.QUORUM, routing_key=grades.KEY)


async def receive(database: str, vhost: str) -> None:
    """Run a subscriber; a transaction a message, up to ten at a time."""
    broker = RabbitBroker(vhost, logger=None)
    idle: asyncio.Queue[psycopg.AsyncConnection[Any]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await psycopg.AsyncConnection.connect(dsn(database)))

    @broker.subscriber(QUEUE, EXCHANGE)
    async def on_grade_published(payload: dict[str, Any]) -> None:
        connection = await idle.get()
        try:
            async with connection.transaction():
                found = await connection.execute(single.INBOX, (payload["id"], "bench"))
                if await found.fetchone():
                    await connection.execute(single.EFFECT, single.effect(payload["event"]))
        finally:
            idle.put_nowait(connection)

    await broker.start()
    children.ready()
    await asyncio.Event().wait()


async def send(database: str, vhost: str) -> None:
    """Publish each unsent event, then mark it in a transaction of its own."""
    broker = RabbitBroker(vhost, logger=None)
    await broker.start()
    async with await psycopg.AsyncConnection.connect(dsn(database)) as connection:
        children.ready()
        while rows := await (await connection.execute(single.UNSENT)).fetchall():
            await connection.commit()
            for position, event_id, body in rows:
                payload = {"id": str(event_id), "event": json.loads(body)}
                await broker.publish(payload, exchange=EXCHANGE, routing_key=grades.KEY, persist=True)
                await connection.execute(single.SENT, (position,))
                await connection.commit()
    children.until_killed()


if __name__ == "__main__":
    asyncio.run({"receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:]))
