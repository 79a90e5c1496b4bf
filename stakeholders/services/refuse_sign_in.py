"""Turn somebody away at the door."""

from django.db import transaction

from stakeholders.models import AccountEvent, SignInTries
from stakeholders.services.note_account_event import note_account_event


@transaction.atomic
def refuse_sign_in(tries: SignInTries, *, how: AccountEvent.How) -> None:
    """Write down that a try was wrong, and that the door is shut where it was the last one."""
    note_account_event(tries.account, AccountEvent.Kind.REFUSED, how=how, address=tries.address)
    if tries.shut_until:
        note_account_event(tries.account, AccountEvent.Kind.SHUT, how=how, address=tries.address)
