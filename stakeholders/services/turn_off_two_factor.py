"""Have an account ask for nothing but the password."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from stakeholders.models import AccountEvent, User
from stakeholders.services.note_account_event import note_account_event


@transaction.atomic
def turn_off_two_factor(account: User, *, how: AccountEvent.How, address: str = "") -> bool:
    """Forget phone and recovery codes; say whether there were any. It is for who asks to know that they may."""
    count, _by_model = Authenticator.objects.filter(user=account).delete()
    if count:
        note_account_event(account, AccountEvent.Kind.TWO_FACTOR_OFF, how=how, address=address)
    return bool(count)
