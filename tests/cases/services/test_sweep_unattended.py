"""Cases whose person in charge has left."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from cases.services import sweep_unattended as module
from cases.services.put_in_charge import put_in_charge
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_unattended import sweep_unattended
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def leaver(handler: Membership) -> Membership:
    return MembershipFactory(party=handler.party)


def in_charge_of(leaver: Membership, handler: Membership) -> Case:
    case = sign_for_case(logged_case(), by=handler, at=MONDAY)
    return put_in_charge(case, person=leaver, by=handler, at=MONDAY)


@pytest.mark.parametrize("how", ["membership ends", "may not sign in"])
def test_sweep_unattended_takes_off_who_has_left_and_says_so(how: str, leaver: Membership, handler: Membership) -> None:
    case = in_charge_of(leaver, handler)
    assert sweep_unattended(at=LATER) == 0
    if how == "membership ends":
        leaver.until = LATER
        leaver.save()
    else:
        leaver.user.is_active = False
        leaver.user.save()

    assert (sweep_unattended(at=LATER), sweep_unattended(at=LATER)) == (1, 0)

    case.refresh_from_db()
    assert (case.in_charge, case.lead) == (None, handler.party)
    assert case.findings.open().get().evidence == {"party": handler.party.code}
    last = [(each.kind, each.by, each.details) for each in case.events.order_by("seq")][-2:]
    assert last == [
        ("left", None, {"person": leaver.user.name}),
        ("found", None, {"finding": "unattended", "party": handler.party.code}),
    ]
    assert case.escalations.get().rule.action == "remind"


def test_sweep_unattended_finds_nothing_wrong_with_what_is_done(leaver: Membership, handler: Membership) -> None:
    case = resolve_case(in_charge_of(leaver, handler), reason="x", by=handler, at=MONDAY)
    leaver.until = LATER
    leaver.save()

    assert sweep_unattended(at=LATER) == 1

    assert not case.findings.open().exists()


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_unattended_asks_the_same_for_many(
    count: int,
    leaver: Membership,
    handler: Membership,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        in_charge_of(leaver, handler)
    leaver.until = LATER
    leaver.save()

    with django_assert_num_queries(12):
        assert sweep_unattended(at=LATER) == count
    with django_assert_num_queries(3):
        assert sweep_unattended(at=LATER) == 0

    monkeypatch.setattr(module, "BATCH", 1)
    leaver.until = None
    leaver.save()
    for _ in range(count):
        in_charge_of(leaver, handler)
    leaver.until = LATER
    leaver.save()
    assert sweep_unattended(at=LATER) == count
