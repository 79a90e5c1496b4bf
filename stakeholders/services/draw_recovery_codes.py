"""Draw recovery codes anew."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stakeholders.models import AccountEvent, User
from stakeholders.services.confirm_password import confirm_password
from stakeholders.services.note_account_event import note_account_event


def draw_recovery_codes(account: User, *, password: str, address: str) -> list[str]:
    """Return ten new codes; the old ones hold no more.

    Raises ValidationError for a wrong password, or where there is no second step that they could stand in for.
    """
    confirm_password(account, password=password, address=address)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)
        mine = Authenticator.objects.filter(user=account)
        if not mine.filter(type=Authenticator.Type.TOTP).exists():
            raise ValidationError(_("The second step is not turned on."), code="off")
        mine.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(account).get_unused_codes()
        note_account_event(account, AccountEvent.Kind.CODES_DRAWN, how=AccountEvent.How.PASSWORD, address=address)
    return list(codes)
