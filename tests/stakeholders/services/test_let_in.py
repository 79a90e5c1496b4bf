"""Whoever is in has the tries of that address forgotten."""

import pytest

from stakeholders.models import AccountEvent, SignInTries
from stakeholders.services.let_in import let_in
from tests.factories.stakeholders import SignInTriesFactory

pytestmark = pytest.mark.django_db


def test_tries_of_this_address_go_and_others_stay() -> None:
    here = SignInTriesFactory()
    there = SignInTriesFactory(account=here.account, address="192.0.2.8")

    let_in(here.account, how=AccountEvent.How.RECOVERY_CODE, address=here.address)

    assert SignInTries.objects.get() == there
    line = AccountEvent.objects.get()
    assert (line.account, line.kind, line.how, line.address) == (
        here.account,
        "signed_in",
        "recovery_code",
        here.address,
    )
