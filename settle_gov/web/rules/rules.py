"""The page of the rules: the ladder, deadlines, levels of disputes, statutory time limits, and who changed what."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.arithmetic import amount_words
from cases.dry_run import last_month, really_fired
from cases.models import Case, DeadlineRule, DisputeLevel, EscalationRule, StatutoryRule
from cases.policies import can_keep_for_all, can_keep_rule, can_keep_rules, can_see_rules
from cases.worktime import Unit
from settle_gov.web.rules.ladder import ladder
from settle_gov.web.rules.log import last_changes
from stakeholders.models.need import Urgency
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required

URGENCIES = [*Urgency.values, ""]


@dataclass(frozen=True)
class Line:
    """A rule in a table, with its time in words."""

    rule: DeadlineRule | DisputeLevel | StatutoryRule

    @property
    def span(self) -> str:
        """How long it gives."""
        return amount_words(self.rule.amount, Unit(self.rule.unit))

    @property
    def extension(self) -> str:
        """By how much an article lets its limit be extended at most."""
        amount = getattr(self.rule, "extension_amount", None)
        return amount_words(amount, Unit(self.rule.unit)) if amount else _("not at all")


@dataclass(frozen=True)
class DeadlineLine(Line):
    """A deadline rule, and whether the reader keeps it."""

    rule: DeadlineRule
    may_change: bool


@require_safe
@member_required
def rules(request: MemberRequest) -> HttpResponse:
    """Show all rules, with what each step of the ladder has done in the last month on cases that the reader sees."""
    by = request.membership
    require(can_see_rules(by))
    since, until = last_month(timezone.now())
    for_all = can_keep_for_all(by)
    deadlines = [
        DeadlineLine(rule, can_keep_rule(by, rule) if rule.area_code else for_all)
        for rule in DeadlineRule.objects.select_related("need_class", "need_item", "area", "estate")
    ]
    context = {
        "ladder": ladder(EscalationRule.objects.all(), really_fired(since, until, Case.objects.visible_to(by))),
        "since": since,
        "clocks": _by_clock(deadlines),
        "levels": [Line(level) for level in DisputeLevel.objects.all()],
        "limits": [Line(limit) for limit in StatutoryRule.objects.order_by(F("is_active").desc(), "code")],
        "changes": last_changes(),
        "can_keep": can_keep_rules(by),
        "for_all": for_all,
        "in_admin": for_all and request.user.is_staff,
    }
    return render(request, "rules/list.html", context)


def _by_clock(found: Iterable[DeadlineLine]) -> list[tuple[DeadlineRule.Clock, list[DeadlineLine]]]:
    """Deadline rules by clock, in the order in which one looks for the one that counts: most specific first."""
    by_urgency = sorted(found, key=lambda line: URGENCIES.index(line.rule.urgency))
    ordered = sorted(by_urgency, key=lambda line: line.rule.rank, reverse=True)
    return [(clock, [line for line in ordered if line.rule.clock == clock]) for clock in DeadlineRule.Clock]
