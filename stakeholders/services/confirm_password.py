"""Have who is signed in say the password again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stakeholders.models import AccountEvent, User
from stakeholders.services.give_try_back import give_try_back
from stakeholders.services.refuse_sign_in import refuse_sign_in
from stakeholders.services.take_sign_in_try import take_sign_in_try


def confirm_password(account: User, *, password: str, address: str) -> None:
    """Raise ValidationError at `password` unless it is right.

    Tries are counted as at the door: a screen that somebody has left is no place for guessing either.
    """
    try:
        tries = take_sign_in_try(account.username, address=address)
    except ValidationError as refusal:
        raise ValidationError({"password": refusal.messages}) from refusal
    if not account.check_password(password):
        refuse_sign_in(tries, how=AccountEvent.How.PASSWORD)
        raise ValidationError({"password": _("This is not your password.")})
    give_try_back(tries)
