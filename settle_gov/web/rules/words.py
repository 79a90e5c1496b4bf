"""Rules in words: how long after, what is done, whom it reaches."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.arithmetic import amount_words
from cases.dry_run import Step
from cases.models import EscalationRule
from cases.worktime import Unit

Action = EscalationRule.Action

REACHES = {
    Action.REMIND: gettext_lazy("the lead; where nobody leads, the coordinator"),
    Action.TELL_COORDINATOR: gettext_lazy("the coordinators of the area"),
    Action.RAISE: gettext_lazy("the party above, which then sees the case"),
    Action.HAND_OVER: gettext_lazy("the party above, which then has the case"),
    Action.LIST: gettext_lazy("the party above; the case stands on the list"),
}


def after_words(step: Step) -> str:
    """How long after a fault began: after 2 working days."""
    if not step.amount:
        return _("at once")
    return _("after %(span)s") % {"span": amount_words(step.amount, Unit(step.unit))}


def step_words(step: Step) -> str:
    """A step in words: after 2 working days: remind the lead."""
    words = {"when": after_words(step), "action": Action(step.action).label}
    return str(capfirst(_("%(when)s: %(action)s") % words))
