"""Have an account ask for a code of a phone besides the password."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stakeholders.models import AccountEvent, User
from stakeholders.services.confirm_password import confirm_password
from stakeholders.services.note_account_event import note_account_event


def turn_on_two_factor(account: User, *, secret: str, code: str, password: str, address: str) -> list[str]:
    """Turn the second step on and return the recovery codes.

    Raises ValidationError where the password is wrong, or the code is not one of this secret: then the phone has not
    got it, and its owner could never sign in again.
    """
    confirm_password(account, password=password, address=address)
    if not validate_totp_code(secret, code):
        raise ValidationError({"code": _("The app shows another code now. Is the clock of the phone right?")})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)  # two pages at once: the second one finds it turned on
        if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
            raise ValidationError(_("It is turned on already."), code="unchanged")
        TOTP.activate(account, secret)
        codes = RecoveryCodes.activate(account).get_unused_codes()
        note_account_event(account, AccountEvent.Kind.TWO_FACTOR_ON, how=AccountEvent.How.PASSWORD, address=address)
    return list(codes)
