"""The actions on a case as pages and buttons show them: word, consequence, form and service of each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.forms import actions as forms
from cases.models import Case
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.locate_case import locate_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.sign_for_case import sign_for_case
from cases.services.void_case import void_case
from cases.workflow import Action
from stakeholders.models import Membership


@dataclass(frozen=True)
class Deed:
    """One action: what its button says, what follows, what was done, and what does it."""

    action: Action
    label: Promise
    consequence: Promise
    done: Promise
    icon: str
    form: type[forms.ActionForm]
    service: Callable[..., Case]

    @property
    def is_one_click(self) -> bool:
        """Whether there is nothing to fill in."""
        return not self.form.base_fields


# In the order of buttons: what is most likely to be wanted first
DEEDS = {
    deed.action: deed
    for deed in (
        Deed(
            Action.ACCEPT,
            _("Sign for it"),
            _("Then your party handles it; the deadline stays as it is."),
            _("You signed for it."),
            "check",
            forms.ActionForm,
            sign_for_case,
        ),
        Deed(
            Action.LOCATE,
            _("Say where and what"),
            _("Then the duty list is asked, and the case goes to whoever answers for it."),
            _("Place and item are noted."),
            "pin",
            forms.LocateForm,
            locate_case,
        ),
        Deed(
            Action.RESOLVE,
            _("Report it done"),
            _("Then the clock stops, and somebody outside your party checks it."),
            _("You reported it done; now it is checked."),
            "check",
            forms.ResolveForm,
            resolve_case,
        ),
        Deed(
            Action.CLOSE,
            _("Close it"),
            _("Then the case ends, and who logged it is told."),
            _("The case is closed."),
            "check",
            forms.CloseForm,
            close_case,
        ),
        Deed(
            Action.REWORK,
            _("Send it back"),
            _("Then it goes back to handling. The deadline runs on; it may be past at once."),
            _("It went back to handling."),
            "back",
            forms.ReworkForm,
            rework_case,
        ),
        Deed(
            Action.REASSIGN,
            _("Assign it"),
            _("Then the party has to sign for it. The deadline to resolve it stays as it is."),
            _("The case was handed on."),
            "swap",
            forms.ReassignForm,
            reassign_case,
        ),
        Deed(
            Action.RETURN,
            _("Not ours"),
            _(
                "Then it goes to the coordinator with your reason. The deadline runs on, and the time so far stays "
                "charged to your party."
            ),
            _("You returned it; the coordinator decides."),
            "back",
            forms.ReturnForm,
            return_case,
        ),
        Deed(
            Action.CONTACT,
            _("Note a contact"),
            _("The first contact with the reporter stops the contact clock."),
            _("The contact is noted."),
            "phone",
            forms.ContactForm,
            contact_reporter,
        ),
        Deed(
            Action.COMMENT,
            _("Comment"),
            _("Everybody who sees the case can read it; nothing else changes."),
            _("Your comment is added."),
            "info",
            forms.CommentForm,
            comment_on_case,
        ),
        Deed(
            Action.VOID,
            _("Declare it void"),
            _("Then it ends without a result and counts in no rate. Number and history stay. It cannot be undone."),
            _("The case is void."),
            "alert",
            forms.VoidForm,
            void_case,
        ),
    )
}


def allowed(by: Membership, case: Case) -> list[Deed]:
    """What this membership may do now with a case it can see."""
    actions = policies.allowed_actions(by, case)
    return [deed for action, deed in DEEDS.items() if action in actions]
