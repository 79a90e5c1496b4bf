"""Turn the second step off for oneself."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stakeholders.models import AccountEvent, User
from stakeholders.services.confirm_password import confirm_password
from stakeholders.services.turn_off_two_factor import turn_off_two_factor


def give_up_two_factor(account: User, *, password: str, is_required: bool, address: str) -> None:
    """Turn it off; raises ValidationError where the password is wrong, or the office wants a second step."""
    if is_required:
        raise ValidationError(_("Your role needs the second step here. With another phone: ask an administrator."))
    confirm_password(account, password=password, address=address)
    turn_off_two_factor(account, how=AccountEvent.How.PASSWORD, address=address)
