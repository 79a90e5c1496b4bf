"""The sign of each state: shape, letter and colour, of which any one is enough, and its word."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case, Finding

Kind = Finding.Kind


@dataclass(frozen=True)
class Sign:
    """How a state is drawn and called; `tone` is the colour of the word, empty is that of the text."""

    shape: str
    letter: str | Promise
    word: str | Promise
    tone: str = ""


CLEAR = Sign("clear", "", _("Clear"), "clear")
RULED = "ruled"
LISTED = "listed"

SIGNS: dict[str, Sign] = {
    Kind.VACUUM: Sign("void", pgettext_lazy("mark", "V"), _("Vacuum"), "void"),
    Kind.MULTI_HEAD: Sign("many", pgettext_lazy("mark", "M"), _("Multi-head"), "many"),
    Kind.DISPUTED: Sign("many", pgettext_lazy("mark", "D"), _("Disputed"), "many"),
    Kind.PING_PONG: Sign("many", pgettext_lazy("mark", "P"), _("Passed back and forth"), "many"),
    Kind.BACKSTOP: Sign("back", pgettext_lazy("mark", "B"), _("Backstop"), "back"),
    RULED: Sign("ruled", pgettext_lazy("mark", "R"), _("Ruled"), "ruled"),
    Kind.UNLOCATED: Sign("ask", pgettext_lazy("mark", "?"), _("To be located")),
    Kind.OVERDUE: Sign("late", pgettext_lazy("mark", "L"), _("Overdue"), "late"),
    Kind.STATUTORY: Sign("late", pgettext_lazy("mark", "§"), _("Statutory time limit passed"), "late"),
    LISTED: Sign("late", pgettext_lazy("mark", "W"), _("Listed for supervision"), "late"),
    Kind.DUE_SOON: Sign("ask", pgettext_lazy("mark", "T"), _("Due soon"), "many"),
    Kind.UNSIGNED: Sign("ask", pgettext_lazy("mark", "S"), _("Not signed for")),
    Kind.UNCONTACTED: Sign("ask", pgettext_lazy("mark", "C"), _("Reporter not contacted")),
    Kind.STALLED: Sign("ask", pgettext_lazy("mark", "Z"), _("Stalled")),
    Kind.UNATTENDED: Sign("ask", pgettext_lazy("mark", "A"), _("Person in charge left")),
    Case.Asked.EXTENSION: Sign("ask", pgettext_lazy("mark", "E"), _("Extension asked for")),
    Case.Asked.HOLD: Sign("ask", pgettext_lazy("mark", "H"), _("Hold asked for")),
}


def sign_of(state: str) -> Sign:
    """The sign of a state; what has none of its own is clear."""
    return SIGNS.get(state, CLEAR)
