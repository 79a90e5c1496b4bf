"""Open an account again that was shut after too many tries."""

from django.db import transaction

from stakeholders.models import AccountEvent, SignInTries, User
from stakeholders.services.note_account_event import note_account_event


@transaction.atomic
def open_account(account: User, *, how: AccountEvent.How, address: str = "") -> bool:
    """Forget the tries of all addresses, and say whether there were any."""
    count, _by_model = SignInTries.objects.filter(account=account).delete()
    if count:
        note_account_event(account, AccountEvent.Kind.OPENED, how=how, address=address)
    return count > 0
