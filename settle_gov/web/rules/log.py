"""Who changed which rule, or the work calendar, in a sentence each."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.arithmetic import amount_words
from cases.models import DeadlineRule, EscalationRule, WorkCalendarDay, WorkCalendarYear
from cases.rule_log import What
from cases.worktime import Unit

SHOWN = 10
KEPT = (DeadlineRule, EscalationRule, WorkCalendarDay, WorkCalendarYear)
WORDS = {
    What.ADDED: gettext_lazy("added"),
    What.CHANGED: gettext_lazy("changed"),
    What.SWITCHED_ON: gettext_lazy("switched on"),
    What.SWITCHED_OFF: gettext_lazy("switched off"),
    What.REMOVED: gettext_lazy("removed"),
    What.CONFIRMED: gettext_lazy("confirmed as announced"),
    What.WITHDRAWN: gettext_lazy("no longer confirmed"),
}


@dataclass(frozen=True)
class Change:
    """One line of the record."""

    at: datetime
    by: str
    rule: str
    done: str


def last_changes() -> list[Change]:
    """The newest changes of rules, whether made on the page or in the admin."""
    kinds = ContentType.objects.get_for_models(*KEPT).values()
    entries = LogEntry.objects.filter(content_type__in=kinds).select_related("user").order_by("-action_time", "-pk")
    return [Change(each.action_time, str(each.user), each.object_repr, _done(each)) for each in entries[:SHOWN]]


def _done(entry: LogEntry) -> str:
    """What was done. Of what the admin has written only the admin knows the words."""
    details = _details(entry)
    if "what" not in details:
        return str(entry.get_change_message())
    done = str(WORDS[What(details["what"])])
    if "instead_of" in details:
        return _("%(done)s in place of %(step)s") % {"done": done, "step": details["instead_of"]}
    if "kind" in details:
        return _("%(done)s: %(kind)s") % {"done": done, "kind": WorkCalendarDay.Kind(details["kind"]).label}
    if "was" in details:
        amount, unit = details["was"]
        return _("%(done)s; it was %(span)s") % {"done": done, "span": amount_words(amount, Unit(unit))}
    return done


def _details(entry: LogEntry) -> dict[str, Any]:
    message = json.loads(entry.change_message) if entry.change_message.startswith("[") else []
    return message[0] if message else {}
