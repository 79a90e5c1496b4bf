"""Take a code at the door, from the phone or from the list of recovery codes."""

from time import time

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.db import transaction

from stakeholders.models import User

USED = "used"
HOLDS = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)  # seconds


@transaction.atomic
def use_code(account: User, code: str) -> Authenticator | None:
    """Return what the code is of, or None where it is wrong; each code is good once.

    Which codes of a phone were used stands with the phone itself: in the cache it would be lost with the cache, and
    nobody could sign in without it.
    """
    for authenticator in Authenticator.objects.select_for_update().filter(user=account).order_by("-type"):
        is_phone = authenticator.type == Authenticator.Type.TOTP
        if _is_code_of_phone(authenticator, code) if is_phone else authenticator.wrap().validate_code(code):
            return authenticator
    return None


def _is_code_of_phone(phone: Authenticator, code: str) -> bool:
    now, code = time(), normalize_user_code(code)
    used = {each: at for each, at in phone.data.get(USED, {}).items() if at > now - HOLDS}
    if code in used or not validate_totp_code(decrypt(phone.data["secret"]), code):
        return False
    phone.data[USED] = used | {code: now}
    phone.save(update_fields=["data"])
    return True
