"""What integrators read in protos/ is what the servers keep."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from chassis.auth import ROLES
from chassis.settings import SERVICES
from kpi.access.v1 import access_pb2
from kpi.operations.v1 import operations_pb2

ROOT = Path(__file__).parents[2]
PLANNED = ROOT / "protos"
RELEASED = Path(__file__).parent / "released.binpb"


def methods() -> Iterator[MethodDescriptor]:
    for service in SERVICES:
        module = importlib.import_module(f"kpi.{service}.v1.{service}_pb2")
        yield from module.DESCRIPTOR.services_by_name[f"{service.capitalize()}Service"].methods
    yield from operations_pb2.DESCRIPTOR.services_by_name["OperationsService"].methods


@pytest.mark.parametrize("method", list(methods()), ids=lambda each: each.full_name)
def test_every_method_states_who_may_call_it(method: MethodDescriptor) -> None:
    options = method.GetOptions()

    assert options.HasExtension(access_pb2.access)
    access = options.Extensions[access_pb2.access]
    assert access.roles
    assert set(access.roles) <= ROLES
    assert access.any_ward or "ward_id" in method.input_type.fields_by_name


@pytest.mark.parametrize("method", list(methods()), ids=lambda each: each.full_name)
def test_every_list_is_paged(method: MethodDescriptor) -> None:
    """AIP-158."""
    if method.name.startswith("List"):
        assert {"page_size", "page_token"} <= set(method.input_type.fields_by_name.keys())
        assert "next_page_token" in method.output_type.fields_by_name


@pytest.mark.parametrize("service", SERVICES)
def test_every_method_is_implemented(service: str) -> None:
    module = importlib.import_module(f"kpi.{service}.v1.{service}_pb2")
    base = getattr(
        importlib.import_module(f"kpi.{service}.v1.{service}_pb2_grpc"),
        f"{service.capitalize()}ServiceServicer",
    )
    api = getattr(importlib.import_module(f"{service}.api"), f"{service.capitalize()}Api")
    for method in module.DESCRIPTOR.services_by_name[f"{service.capitalize()}Service"].methods:
        assert getattr(api, method.name) is not getattr(base, method.name), method.name


def messages() -> Iterator[Descriptor]:
    for path in sorted(PLANNED.rglob("*.proto")):
        relative = path.relative_to(PLANNED).with_suffix("")
        module = importlib.import_module(".".join((*relative.parts[:-1], f"{relative.name}_pb2")))
        yield from module.DESCRIPTOR.message_types_by_name.values()


def test_no_field_is_a_binary_float() -> None:
    """Scores are decimal strings, money is int64."""
    floats = [
        field.full_name
        for message in messages()
        for field in message.fields
        if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT)
    ]
    assert floats == []


def test_every_event_carries_its_ward() -> None:
    for service in SERVICES:
        module = importlib.import_module(f"kpi.{service}.v1.events_pb2")
        for message in module.DESCRIPTOR.message_types_by_name.values():
            if message.name not in ("WorkLine", "WorkFault", "MonthWork"):
                assert "ward_id" in message.fields_by_name, message.full_name


def test_the_contracts_only_grow() -> None:
    """Nothing that was released is taken back or changed (buf breaking)."""
    buf = Path(sys.executable).parent / "buf"
    done = subprocess.run(
        [buf, "breaking", PLANNED, "--against", RELEASED], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def refusals() -> Iterator[type]:
    from chassis import errors

    for package in (*SERVICES, "chassis"):
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)

    def leaves(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield from leaves(each)
            if not each.__subclasses__():
                yield each

    kinds = {errors.Invalid, errors.Forbidden, errors.NotFound, errors.Blocked, errors.Stale}
    for each in leaves(errors.Refusal):
        if each not in kinds and each.__module__.split(".")[0] in (*SERVICES, "chassis"):
            yield each


def test_every_refusal_speaks_both_languages_and_has_one_kind() -> None:
    from chassis.rpc.statuses import CODES

    found = list(refusals())
    assert len(found) > 50
    for each in found:
        assert each.vi, each
        assert each.en, each
        assert sum(kind in each.__mro__ for kind in CODES) == 1, each
