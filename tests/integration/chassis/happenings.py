"""Events of a service that exists in tests only: ``kpi.testing.v1``."""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def _messages() -> tuple[Any, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="kpi/testing/v1/events.proto", package="kpi.testing.v1", syntax="proto3"
    )
    text, number = (
        descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
        descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    )
    for name in ("Happened", "AlsoHappened"):
        message = file.message_type.add(name=name)
        for index, (field, type_) in enumerate(
            [("ward_id", text), ("thing_id", text), ("revision", number), ("note", text)], 1
        ):
            message.field.add(name=field, number=index, type=type_, label=1)
    pool = descriptor_pool.Default()
    try:
        pool.FindFileByName(file.name)
    except KeyError:
        pool.AddSerializedFile(file.SerializeToString())
    return tuple(  # type: ignore[return-value]
        message_factory.GetMessageClass(pool.FindMessageTypeByName(f"kpi.testing.v1.{name}"))
        for name in ("Happened", "AlsoHappened")
    )


Happened, AlsoHappened = _messages()
"""Something happened to a thing. Its ``note`` steers the handler."""

TYPE = "kpi.testing.v1.Happened"
QUEUE = "testing.testing.happened"
ALSO_QUEUE = "testing.testing.also_happened"
EXCHANGE = "testing.events"
KEY = "happened"
