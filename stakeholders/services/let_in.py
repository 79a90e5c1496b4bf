"""Let somebody in."""

from django.db import transaction

from stakeholders.models import AccountEvent, SignInTries, User
from stakeholders.services.note_account_event import note_account_event


@transaction.atomic
def let_in(account: User, *, how: AccountEvent.How, address: str) -> None:
    """Write down who came in, and forget how often they had to try from there."""
    SignInTries.objects.filter(key=SignInTries.key_of(account.username, address)).delete()
    note_account_event(account, AccountEvent.Kind.SIGNED_IN, how=how, address=address)
