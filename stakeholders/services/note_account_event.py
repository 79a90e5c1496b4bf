"""Write down what happened at the door."""

from stakeholders.models import AccountEvent, User
from stakeholders.models.account import ADDRESS_LENGTH


def note_account_event(
    account: User | None,
    kind: AccountEvent.Kind,
    *,
    how: AccountEvent.How | None = None,
    address: str = "",
) -> AccountEvent:
    """Add a line to the sign-in log; nobody is asked whether they may, for it tells of those who may not, too."""
    return AccountEvent.objects.create(account=account, kind=kind, how=how, address=address[:ADDRESS_LENGTH])
