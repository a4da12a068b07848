"""The chained log: whatever was altered, removed, reordered or cut off is found, and where (R-32)."""

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from chassis import audit
from chassis.audit import START, Entry, Fault, Problem
from chassis.audit.chain import create_key
from chassis.settings import BadSetting

AT = datetime(2026, 3, 27, 2, 30, tzinfo=UTC)
TEXT = st.text(max_size=8)


def chain(*afters: str) -> list[Entry]:
    found: list[Entry] = []
    previous = START
    for number, after in enumerate(afters, start=1):
        entry = Entry(
            "phuc-loi",
            number,
            audit.instant(AT),
            "ct",
            "ct",
            "decide",
            "evaluation",
            "p",
            "2026-03",
            "null",
            audit.canonical(after),
        )
        found.append(audit.chained(entry, number=number, previous=previous))
        previous = found[-1].digest
    return found


def pem(key: object) -> str:
    return key.private_bytes(  # type: ignore[attr-defined, no-any-return]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@given(st.lists(TEXT, max_size=6))
def test_r32_an_untouched_log_is_intact(afters: list[str]) -> None:
    entries = chain(*afters)
    found = audit.verify(entries)
    assert (found.fault, found.number) == (None, len(afters))
    assert found.digest == (entries[-1].digest if entries else START)


FIELDS = [each.name for each in dataclasses.fields(Entry) if each.name != "number"]


@given(st.integers(1, 5), st.sampled_from(FIELDS))
def test_r32_any_altered_field_is_found_where_it_is(number: int, field: str) -> None:
    entries = chain(*"abcde")
    old = getattr(entries[number - 1], field)
    new = "0" * 63 + "1" if field in ("previous", "digest") else f"{old}x"
    entries[number - 1] = dataclasses.replace(entries[number - 1], **{field: new})  # type: ignore[arg-type]

    fault = audit.verify(entries).fault

    assert fault is not None
    assert fault.number == number
    assert fault.problem is (Problem.BROKEN_LINK if field == "previous" else Problem.ALTERED)


@given(number=st.integers(1, 4), renumber=st.booleans())
def test_r32_a_removed_entry_is_found_even_when_the_others_are_renumbered(
    *, number: int, renumber: bool
) -> None:
    entries = chain(*"abcde")
    del entries[number - 1]
    if renumber:
        entries = [dataclasses.replace(each, number=n) for n, each in enumerate(entries, start=1)]

    fault = audit.verify(entries).fault

    assert fault == Fault(number, Problem.BROKEN_LINK if renumber else Problem.GAP)


@given(number=st.integers(1, 4), renumber=st.booleans())
def test_r32_exchanged_entries_are_found(*, number: int, renumber: bool) -> None:
    entries = chain(*"abcde")
    entries[number - 1], entries[number] = entries[number], entries[number - 1]
    if renumber:
        entries = [dataclasses.replace(each, number=n) for n, each in enumerate(entries, start=1)]

    fault = audit.verify(entries).fault

    assert fault is not None
    assert fault.number == number


def test_r32_a_cut_off_end_and_a_chain_written_anew_show_against_a_checkpoint() -> None:
    entries = chain(*"abcde")
    key = Ed25519PrivateKey.generate()
    kept = audit.sign(key, ward_id="phuc-loi", number=4, digest=entries[3].digest, at=AT)

    assert audit.verify(entries, kept).fault is None
    assert audit.verify(entries[:3]).fault is None
    assert audit.verify(entries[:3], kept).fault == Fault(4, Problem.CUT_OFF)
    assert audit.verify([], kept).fault == Fault(1, Problem.CUT_OFF)
    assert audit.verify(chain(*"abXde"), kept).fault == Fault(4, Problem.REWRITTEN)


@pytest.mark.parametrize("field", ["ward_id", "number", "digest", "at", "signature"])
def test_r32_a_checkpoint_is_worth_its_signature(field: str) -> None:
    key = Ed25519PrivateKey.generate()
    kept = audit.sign(key, ward_id="phuc-loi", number=4, digest="ab" * 32, at=AT)
    changed = dataclasses.replace(kept, **{field: 5 if field == "number" else "x"})  # type: ignore[arg-type]

    assert audit.signed_by(key.public_key(), kept)
    assert not audit.signed_by(key.public_key(), changed)
    assert not audit.signed_by(Ed25519PrivateKey.generate().public_key(), kept)


def test_r32_a_checkpoint_is_of_the_service_that_signed_it() -> None:
    key = Ed25519PrivateKey.generate()
    kept = audit.sign(key, ward_id="phuc-loi", number=4, digest="ab" * 32, at=AT, service="planning")

    assert audit.signed_by(key.public_key(), kept)
    assert not audit.signed_by(key.public_key(), dataclasses.replace(kept, service="approval"))
    assert not audit.signed_by(key.public_key(), dataclasses.replace(kept, service=""))


def test_r32_of_two_values_only_the_fields_that_differ_are_kept() -> None:
    before = audit.Fault(3, audit.Problem.GAP)
    assert audit.changed(before, audit.Fault(4, audit.Problem.GAP)) == ({"number": 3}, {"number": 4})
    assert audit.changed(before, before) == ({}, {})
    assert audit.changed(None, before) == ({}, {"number": 3, "problem": audit.Problem.GAP})


def test_canonical_json_has_one_text_for_one_value() -> None:
    assert audit.canonical({"b": Decimal("1.50"), "a": (AT, None, True)}) == (
        '{"a":["2026-03-27T02:30:00.000000+00:00",null,true],"b":"1.50"}'
    )
    assert audit.canonical("Hạ") == '"Hạ"'
    with pytest.raises(TypeError, match="float"):
        audit.canonical({"points": 0.5})


def test_the_key_is_pem_text_or_the_path_of_it(tmp_path: Path) -> None:
    text = pem(Ed25519PrivateKey.generate())
    path = tmp_path / "audit.pem"
    path.write_text(text)

    for setting in (text, str(path)):
        key = audit.signing_key({"AUDIT_KEY": setting})
        assert key is not None
        assert pem(key) == text
    assert audit.signing_key({}) is None


@pytest.mark.parametrize("setting", ["/nowhere/audit.pem", "-----BEGIN nonsense"])
def test_what_is_no_key_is_refused_when_the_service_starts(setting: str) -> None:
    with pytest.raises(BadSetting, match="AUDIT_KEY"):
        audit.signing_key({"AUDIT_KEY": setting})


def test_another_kind_of_key_is_refused() -> None:
    with pytest.raises(BadSetting, match="Ed25519"):
        audit.signing_key({"AUDIT_KEY": pem(generate_private_key(65537, 2048))})


def test_a_development_machines_key_is_made_once_and_signs(tmp_path: Path) -> None:
    file = tmp_path / "audit-key.pem"
    create_key(file)
    made = file.read_bytes()
    create_key(file)

    assert file.read_bytes() == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert audit.signing_key({"AUDIT_KEY": str(file)}) is not None
