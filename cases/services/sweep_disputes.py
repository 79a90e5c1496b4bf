"""Raise disputes that their level has not settled in time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import bookkeeping, disputes
from cases.models import Case, Dispute
from cases.rulebook import Rulebook

BATCH = 200


def sweep_disputes(*, at: datetime | None = None) -> int:
    """Take every dispute whose time at its level is over to the next level; return how many were raised.

    Works in batches of their own transactions; any number may run at once. A dispute moves up by one level a run and
    gets the time of that level from now on, also where nobody has looked for a while.
    """
    at = at or timezone.now()
    rules = Rulebook()
    raised = 0
    while newly := _raise_batch(rules, at):
        raised += newly
    return raised


@transaction.atomic
def _raise_batch(rules: Rulebook, at: datetime) -> int:
    """Cases are locked before their disputes, in the order in which every service does."""
    late = Dispute.objects.open().filter(level_due_at__lt=at)
    wanted = list(late.order_by("level_due_at", "pk").values_list("case", flat=True)[:BATCH])
    locked = Case.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    cases = {case.pk: case for case in locked.select_related("lead").defer("description", "search_text")}
    late_here = list(late.filter(case__in=cases).select_related("level"))
    entries = [(cases[each.case_id], [disputes.raise_dispute(each, rules, at=at)]) for each in late_here]
    Dispute.objects.bulk_update(late_here, ["level", "level_since", "level_due_at"])
    if entries:
        bookkeeping.enter_all(entries, at=at, rules=rules)
    return len(entries)
