"""R-41: ``kpi commend`` sends what is stated, no amount that is none; ``kpi commendations`` lists it."""

import json

import pytest

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import commendations_pb2 as pb

GIVEN = ("commend", "--ward", "phuc-loi", "--month", "2026-03", "--form", "Giấy khen")


def test_r41_it_is_sent_as_given(services: Services, kpi: Kpi) -> None:
    answer = pb.Commendation(form="Giấy khen", amount=300_000, revision=1)
    services.answers["SetCommendations"] = pb.SetCommendationsResponse(commendations=[answer])

    ran = kpi(*GIVEN, "--amount", "300000", "--source", "Quỹ")

    assert ran.exit_code == 0, ran.output
    assert "300,000" in ran.output
    [sent] = services.requests("SetCommendations")
    assert list(sent.commendations) == [pb.Commendation(form="Giấy khen", amount=300_000, source="Quỹ")]
    assert sent.request_id


def test_r41_no_amount_is_not_zero(services: Services, kpi: Kpi) -> None:
    services.answers["SetCommendations"] = pb.SetCommendationsResponse(commendations=[pb.Commendation()])

    assert kpi(*GIVEN, "--person", "p-1").exit_code == 0

    [sent] = services.requests("SetCommendations")
    assert not sent.commendations[0].HasField("amount")


@pytest.mark.parametrize("amount", ["-1", "1.5", "1e6", "1000000001", "9" * 30, "nhiều"])
def test_r41_a_hostile_amount_is_bad_input(services: Services, kpi: Kpi, amount: str) -> None:
    services.answers["SetCommendations"] = pb.SetCommendationsResponse()

    assert kpi(*GIVEN, f"--amount={amount}").exit_code == 2
    assert services.calls == []


STATED = [
    pb.Commendation(form="Giấy khen", amount=300_000, revision=2, set_by="to-chuc"),
    pb.Commendation(person_id="p-1", form="Bằng khen", revision=1, set_by="to-chuc"),
]
LISTED = ("commendations", "--ward", "phuc-loi", "--month", "2026-03")


def test_r41_what_is_stated_is_listed(services: Services, kpi: Kpi) -> None:
    services.answers["ListCommendations"] = pb.ListCommendationsResponse(commendations=STATED)

    ran = kpi(*LISTED)

    assert ran.exit_code == 0, ran.output
    for words in ("Giấy khen", "300,000", "p-1", "Bằng khen", "to-chuc"):
        assert words in ran.output
    [sent] = services.requests("ListCommendations")
    assert (sent.ward_id, sent.month) == ("phuc-loi", "2026-03")


def test_r41_what_is_stated_is_listed_for_programs_over_every_page(services: Services, kpi: Kpi) -> None:
    def answer(request: pb.ListCommendationsRequest, _: object) -> pb.ListCommendationsResponse:
        if request.page_token:
            return pb.ListCommendationsResponse(commendations=STATED[1:])
        return pb.ListCommendationsResponse(commendations=STATED[:1], next_page_token="next")

    services.answers["ListCommendations"] = answer

    ran = kpi(*LISTED, "--json")

    assert ran.exit_code == 0, ran.output
    everybody, one = json.loads(ran.stdout)
    assert (everybody["form"], everybody["amount"], everybody["set_by"]) == ("Giấy khen", "300000", "to-chuc")
    assert (one["person_id"], one["revision"]) == ("p-1", "1")
    # No amount is not 0: whoever reads it takes everybody's.
    assert "amount" not in one
