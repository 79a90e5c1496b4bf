"""Adding a step of the ladder, changing one, switching it off: tried out on the last month before it is saved."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.dry_run import Outcome, Step, dry_run, last_month
from cases.models import Case, EscalationRule, Finding
from cases.policies import permit_for_all
from cases.services.add_escalation_step import add_escalation_step
from cases.services.change_escalation_step import change_escalation_step
from cases.services.switch_escalation_step import switch_escalation_step
from settle_gov.web.rules.fired import Row, rows_of
from settle_gov.web.rules.forms import StepForm
from settle_gov.web.rules.ladder import days
from settle_gov.web.rules.words import step_words
from stakeholders.models import Membership
from stakeholders.views.member import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add(request: MemberRequest) -> HttpResponse:
    """Try a new step out, then save it."""
    permit_for_all(request.membership)
    form = StepForm(_typed(request), initial={"trigger": request.GET.get("trigger", "")})
    if request.method == "POST" and form.submit(add_escalation_step, by=request.membership):
        return _done(request, _("%(step)s is on the ladder.") % {"step": form.result}, form.result)
    return _page(request, form, _("Add a step"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def change(request: MemberRequest, pk: int) -> HttpResponse:
    """Try another step in place of this one out, then save it."""
    permit_for_all(request.membership)
    rule = get_object_or_404(EscalationRule, pk=pk)
    form = StepForm(_typed(request), rule=rule)
    if request.method == "POST" and form.submit(change_escalation_step, rule, by=request.membership):
        words = _("%(fresh)s takes the place of %(step)s.") % {"fresh": form.result, "step": rule}
        return _done(request, words, form.result)
    return _page(request, form, _("Change %(step)s") % {"step": rule})


@require_POST
@member_required
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Switch a step off, or on again."""
    rule = get_object_or_404(EscalationRule, pk=pk)
    is_active = request.POST.get("is_active") == "true"
    rule = switch_escalation_step(rule, is_active=is_active, by=request.membership)
    words = _("%(step)s is switched on.") if rule.is_active else _("%(step)s is switched off.")
    return _done(request, words % {"step": rule}, rule)


@dataclass(frozen=True)
class Tried:
    """A step on the page that tries one out: what it would have done as things are, and with what is tried."""

    step: Step
    outcome: Outcome
    before: bool
    after: bool

    @property
    def words(self) -> str:
        """The step in words."""
        return step_words(self.step)

    @property
    def address(self) -> str:
        """The list of all cases on which it would have fired."""
        return f"{reverse('rules:dry-run')}?{urlencode(self.step._asdict())}"


@dataclass(frozen=True)
class Trial:
    """What the last month would have been like with a step that is not saved yet."""

    tried: list[Tried]
    draft: Tried
    rows: list[Row]


def _trial(draft: Step, instead_of: EscalationRule | None, by: Membership) -> Trial:
    """Run the steps for the fault of the draft, with the draft in its place, in time's order."""
    saved = EscalationRule.objects.filter(trigger=draft.trigger, is_active=True)
    before = {Step.of(rule) for rule in saved}
    after = (before - {Step.of(instead_of)} if instead_of else before) | {draft}
    since, until = last_month(timezone.now())
    outcomes = dry_run(before | after, since=since, until=until, among=Case.objects.visible_to(by))
    tried = {
        step: Tried(step, outcomes[step], step in before, step in after)
        for step in sorted(outcomes, key=lambda each: (days(each), each))
    }
    return Trial(list(tried.values()), tried[draft], rows_of(tried[draft].outcome.newest))


def _typed(request: MemberRequest) -> Any:
    """What was typed: sent to be saved, or in the address to be tried out."""
    if request.method == "POST":
        return request.POST
    return request.GET if "action" in request.GET else None


def _page(request: MemberRequest, form: StepForm, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title}
    if form.rule is not None:
        context["trigger"] = Finding.Kind(form.rule.trigger)
    if request.method != "POST" and form.is_valid():
        context |= {
            "trial": _trial(form.step(), form.rule, request.membership),
            "since": last_month(timezone.now())[0],
        }
    return render(request, "rules/step.html", context, status=422 if form.errors else 200)


def _done(request: MemberRequest, words: str, rule: EscalationRule) -> HttpResponse:
    messages.success(request, words)
    return redirect(f"{reverse('rules:list')}#{rule}")
