"""Say how one wants to be told."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases import events
from cases.models import NoticeSettings
from stakeholders.models import Membership, User


@transaction.atomic
def set_notices(*, mail: str, quiet: bool, muted: Collection[str], email: str, by: Membership) -> NoticeSettings:
    """Keep when a membership gets mail and what it does not want to hear of, and the address of its user.

    It holds for what comes from then on; no mail, at once. Raises ValidationError, by field, for a choice that is
    none, an occasion of which everybody hears, and what is no address.
    """
    wanted = NoticeSettings(membership=by, mail=mail, quiet=quiet, muted=sorted(set(muted)))
    wanted.clean_fields()
    if not set(muted) <= set(mutable()):
        raise ValidationError({"muted": _("You always hear of this.")}, code="never_muted")
    by.user.email = _address(email, by.user)
    by.user.save(update_fields=["email"])
    kept, _created = NoticeSettings.objects.update_or_create(
        membership=by, defaults={"mail": wanted.mail, "quiet": wanted.quiet, "muted": wanted.muted}
    )
    return kept


def mutable() -> list[str]:
    """The kinds of event that somebody hears of, but for those that reach everybody."""
    return [kind for kind in events.heard() if kind not in NoticeSettings.NEVER_MUTED]


def _address(email: str, user: User) -> str:
    try:
        return str(User._meta.get_field("email").clean(email, user))
    except ValidationError as refusal:
        raise ValidationError({"email": refusal.error_list}) from refusal
