"""Who changed the rules and the calendar, and when: in the log of Django's admin, so that one record holds all."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType

from cases.models import DeadlineRule, EscalationRule, WorkCalendarDay, WorkCalendarYear
from stakeholders.models import Membership

Rule = DeadlineRule | EscalationRule | WorkCalendarDay | WorkCalendarYear


class What(StrEnum):
    """What was done to a rule, or to the calendar."""

    ADDED = "added"
    CHANGED = "changed"
    SWITCHED_ON = "switched_on"
    SWITCHED_OFF = "switched_off"
    REMOVED = "removed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


_FLAGS = {What.ADDED: ADDITION, What.REMOVED: DELETION}


def note(
    rule: Rule, what: What, *, fields: Sequence[str] = (), by: Membership, at: datetime, **details: Any
) -> LogEntry:
    """Write down what somebody did to a rule; call it inside the transaction, and before the rule is removed.

    The message has the form the admin's own history reads; `fields` are the names of what changed, in English.
    """
    done = {"changed": {"fields": list(fields)}} if what not in _FLAGS else {_WORDS[what]: {}}
    return LogEntry.objects.create(
        user=by.user,
        content_type=ContentType.objects.get_for_model(rule),
        object_id=str(rule.pk),
        object_repr=str(rule),
        action_flag=_FLAGS.get(what, CHANGE),
        change_message=json.dumps([{**done, "what": what, **details}]),
        action_time=at,
    )


_WORDS = {What.ADDED: "added", What.REMOVED: "deleted"}
