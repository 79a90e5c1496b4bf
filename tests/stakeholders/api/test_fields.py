"""Moments in bodies and addresses, and moments that were kept as JSON."""

from collections.abc import Callable
from typing import Any

import pytest

from stakeholders.api.fields import in_our_time
from stakeholders.models import Mandate, Party, Resident, Ruling
from tests.api import ROOT, ApiClient, refused
from tests.factories.stakeholders import (
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    ResidentFactory,
)

Asked = Callable[[str], Any]


@pytest.fixture
def coordinator() -> ApiClient:
    return ApiClient(MembershipFactory(coordinator=True))


@pytest.fixture
def administrator() -> ApiClient:
    return ApiClient(MembershipFactory(administrator=True))


def requests(coordinator: ApiClient, administrator: ApiClient) -> dict[str, Asked]:
    """By the name of the field: what brings a moment to the API."""
    estate, party = EstateFactory().code, PartyFactory().code
    mandate = {"party": party, "role": "support", "basis": "合同", "estate": estate}
    ruling = {"lead": party, "reason": "会议纪要", "estate": estate}
    held, resident, closed = MandateFactory(), ResidentFactory(), PartyFactory()
    began = "2026-01-01T00:00:00+08:00"
    return {
        "mandates valid_from": lambda at: coordinator.send("mandates/", {**mandate, "valid_from": at}),
        "mandates valid_until": lambda at: coordinator.send(
            "mandates/", {**mandate, "valid_from": began, "valid_until": at}
        ),
        "mandates until": lambda at: coordinator.send(f"mandates/{held.pk}/end/", {"until": at}),
        "rulings valid_from": lambda at: coordinator.send("rulings/", {**ruling, "valid_from": at}),
        "rulings valid_until": lambda at: coordinator.send("rulings/", {**ruling, "valid_until": at}),
        "what-if at": lambda at: coordinator.send("coverage/what-if/", {"at": at}),
        "coverage at": lambda at: coordinator.get(f"{ROOT}coverage/", {"estate": estate, "at": at}),
        "coverage as_known_on": lambda at: coordinator.get(f"{ROOT}coverage/", {"estate": estate, "as_known_on": at}),
        "matrix at": lambda at: coordinator.get(f"{ROOT}coverage/matrix/", {"at": at}),
        "residents moved_out_at": lambda at: administrator.patch(
            f"{ROOT}residents/{resident.pk}/", {"moved_out_at": at}, content_type="application/json"
        ),
        "parties closed_at": lambda at: administrator.send(f"parties/{closed.code}/close/", {"closed_at": at}),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31T23:59:59-14:00",  # which cannot even be turned into another zone
        "9999-12-31T00:00:00+08:00",
        "2201-01-02T00:00:00+08:00",
        "1899-12-31T00:00:00+08:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_moment_that_nobody_can_mean_is_refused_with_the_years(
    coordinator: ApiClient, administrator: ApiClient, at: str
) -> None:
    for name, send in requests(coordinator, administrator).items():
        problem = refused(send(at), 400, name.partition(" ")[2])

        assert [error["reason"] for error in problem["errors"]] == ["Give a date from 1900 to 2200."], name
    assert (Mandate.objects.count(), Ruling.objects.count()) == (1, 0)
    assert not Resident.objects.exclude(moved_out_at=None).exists()
    assert not Party.objects.exclude(closed_at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "2201-01-01", "1899-12-31", "0001-01-01"])
@pytest.mark.parametrize("name", ["coverage at", "coverage as_known_on", "matrix at"])
def test_day_that_nobody_can_mean_is_refused_with_the_years(
    coordinator: ApiClient, administrator: ApiClient, name: str, day: str
) -> None:
    problem = refused(requests(coordinator, administrator)[name](day), 400, name.partition(" ")[2])

    assert problem["errors"][0]["reason"] == "Give a date from 1900 to 2200."


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_first_day_and_the_last_can_be_asked_about(coordinator: ApiClient, administrator: ApiClient, day: str) -> None:
    asked = requests(coordinator, administrator)

    assert [asked[name](day).status_code for name in ("coverage at", "matrix at")] == [200, 200]


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("2026-11-16T01:14:00Z", "2026-11-16T09:14:00+08:00"),
        ("2026-11-16T01:14:00.123Z", "2026-11-16T09:14:00.123000+08:00"),
        ("2026-11-16T01:14:00+00:00", "2026-11-16T09:14:00+08:00"),
        ("2026-11-16T09:14:00+08:00", "2026-11-16T09:14:00+08:00"),
        ("2026-11-16", "2026-11-16"),
        ("2026-11-16T01:14:00", "2026-11-16T01:14:00"),
        ("at 2026-11-16T01:14:00Z", "at 2026-11-16T01:14:00Z"),
        ("2026-13-16T01:14:00Z", "2026-13-16T01:14:00Z"),
        ("9999-12-31T23:14:00Z", "9999-12-31T23:14:00Z"),
        ("", ""),
        (None, None),
        (7, 7),
    ],
)
def test_moments_in_json_are_shown_in_the_time_of_the_town(kept: Any, shown: Any) -> None:
    assert in_our_time(kept) == shown
    assert in_our_time({"before": {"resolve": kept}, "steps": [kept, True]}) == {
        "before": {"resolve": shown},
        "steps": [shown, True],
    }
