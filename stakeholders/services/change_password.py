"""Give an account another password."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stakeholders.models import AccountEvent, User
from stakeholders.services.confirm_password import confirm_password
from stakeholders.services.note_account_event import note_account_event


def change_password(account: User, *, password: str, new_password: str, again: str, address: str) -> User:
    """Set a password that keeps to the rules; every session of the account but the caller's own is over by that.

    Raises ValidationError where the old one is wrong, the new one breaks a rule or is not typed the same twice.
    """
    confirm_password(account, password=password, address=address)
    try:
        validate_password(new_password, account)
    except ValidationError as refusal:
        raise ValidationError({"new_password": refusal.error_list}) from refusal
    if new_password != again:
        raise ValidationError({"again": _("This is not the same as above.")})
    if new_password == password:
        raise ValidationError({"new_password": _("This is the password you have.")})
    with transaction.atomic():
        account.set_password(new_password)
        account.save(update_fields=["password"])
        note_account_event(account, AccountEvent.Kind.PASSWORD_CHANGED, how=AccountEvent.How.PASSWORD, address=address)
    return account
