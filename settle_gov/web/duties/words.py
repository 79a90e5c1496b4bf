"""Who answers for a cell, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from settle_gov.web.duties.marks import Mark


def sentence(mark: Mark, parties: Sequence[str]) -> str:
    """Say in words who answers."""
    names = _(", ").join(parties)
    match mark:
        case Mark.VACUUM:
            return _("Nobody answers for it.")
        case Mark.MULTI_HEAD:
            count = len(parties)
            words = ngettext(
                "%(count)d party answers for it: %(names)s.", "%(count)d parties each answer for it: %(names)s.", count
            )
            return words % {"count": count, "names": names}
        case Mark.BACKSTOP:
            return _("Nobody leads; %(names)s stands behind it.") % {"names": names}
        case Mark.RULED:
            return _("%(names)s answers for it, as ruled.") % {"names": names}
        case _:
            return _("%(names)s answers for it.") % {"names": names}
