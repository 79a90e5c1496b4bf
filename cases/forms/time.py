"""What is asked of who wants more time for a case, decides on it, or has a statutory time limit run."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases import more_time
from cases.arithmetic import amount_words
from cases.forms.actions import ActionForm, text
from cases.forms.check import NO, YES, is_yes
from cases.forms.moment import MomentField
from cases.holds import deadline_after
from cases.models import Case, StatutoryRule, TimeRequest
from cases.models.rule import Unit
from cases.rulebook import Rulebook
from cases.wording import moment_words
from cases.worktime import Unit as WorkUnit
from stakeholders.models import Membership


class SpanForm(ActionForm):
    """For how long, or until when; the service says what does not go together."""

    amount = forms.IntegerField(
        label=gettext_lazy("For how long"),
        required=False,
        min_value=1,
        max_value=more_time.MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"), required=False, choices=Unit.choices, initial=Unit.WORKING_DAY
    )
    until = MomentField(label=gettext_lazy("Or until"), required=False)
    reason = text(gettext_lazy("Why"), missing=gettext_lazy("Say why: whoever decides goes by it."))

    def clean(self) -> dict[str, Any]:
        """A unit stands in the form all the time; without an amount it says nothing."""
        if self.cleaned_data.get("amount") is None:
            self.cleaned_data["unit"] = ""
        return self.cleaned_data


class ExtendForm(SpanForm):
    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        if case.resolve_due_at is not None:
            self.facts = [(_("To be resolved by"), moment_words(case.resolve_due_at))]


class HoldForm(SpanForm):
    pass


class DecideForm(ActionForm):
    """Shows what was asked for, by whom and why, and what the deadline would be."""

    grant = forms.TypedChoiceField(
        label=gettext_lazy("Grant it"),
        choices=[YES, NO],
        coerce=is_yes,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    reason = text(gettext_lazy("Why"), missing=gettext_lazy("Say why: the party will read it."))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        if case.asked:  # else it was decided meanwhile, and the page says so
            self.facts = _facts_of(case, more_time.pending(case))


class StartTimerForm(ActionForm):
    rule = forms.ModelChoiceField(
        label=gettext_lazy("Time limit"),
        queryset=StatutoryRule.objects.filter(is_active=True),
        to_field_name="code",
        empty_label=gettext_lazy("Choose a time limit"),
        error_messages={"required": gettext_lazy("Choose a time limit.")},
    )
    started_at = MomentField(
        label=gettext_lazy("Runs from"), hint=gettext_lazy("Leave it empty if it begins now."), required=False
    )
    reason = text(gettext_lazy("Remark"))

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        rule = cast("forms.ModelChoiceField[StatutoryRule]", self.fields["rule"])
        active = StatutoryRule.objects.filter(is_active=True)
        rule.widget.choices = [("", rule.empty_label), *((each.code, _in_words(each)) for each in active)]


class _RunningTimerForm(ActionForm):
    """Which of the time limits that run."""

    rule = forms.ModelChoiceField(
        label=gettext_lazy("Which one"),
        queryset=StatutoryRule.objects.none(),
        to_field_name="code",
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a time limit.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files, case=case, by=by)
        running = list(case.timers.running().select_related("rule"))
        rule = cast("forms.ModelChoiceField[StatutoryRule]", self.fields["rule"])
        rule.queryset = StatutoryRule.objects.filter(pk__in=[timer.rule_id for timer in running])
        rule.widget.choices = [(timer.rule.code, str(timer.rule)) for timer in running]
        self.facts = [
            (
                _in_words(timer.rule),
                _("ends %(due)s, at the latest %(limit)s")
                % {"due": moment_words(timer.due_at), "limit": moment_words(timer.limit_at)},
            )
            for timer in running
        ]


class ExtendTimerForm(_RunningTimerForm):
    amount = forms.IntegerField(
        label=gettext_lazy("By how much"),
        help_text=gettext_lazy("In the unit of the time limit."),
        min_value=1,
        max_value=more_time.MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Say by how much.")},
    )
    reason = text(gettext_lazy("Why"), missing=gettext_lazy("Say on which ground of the article."))


class StopTimerForm(_RunningTimerForm):
    reason = text(gettext_lazy("What was done"), missing=gettext_lazy("Say what was done: the law asks for it."))


def _in_words(rule: StatutoryRule) -> str:
    parts = (str(rule), rule.article, amount_words(rule.amount, WorkUnit(rule.unit)))
    return pgettext("between facts", " · ").join(parts)


def _facts_of(case: Case, request: TimeRequest) -> list[tuple[str, str]]:
    facts = [
        (_("Asked for"), _asked_words(request)),
        (_("By"), f"{request.asked_by.party} · {request.asked_by.user}"),
        (_("On"), moment_words(request.asked_at)),
        (_("Why"), request.reason),
    ]
    if case.resolve_due_at is not None:
        facts.append((_("Deadline now"), moment_words(case.resolve_due_at)))
        facts.append((_("Deadline then"), _deadline_then(case, request, timezone.now())))
    return facts


def _asked_words(request: TimeRequest) -> str:
    if request.until is not None:
        return _("until %(moment)s") % {"moment": moment_words(request.until)}
    return amount_words(request.amount or 0, WorkUnit(request.unit))


def _deadline_then(case: Case, request: TimeRequest, at: datetime) -> str:
    """What the deadline would be if this were granted now; or what stands against it."""
    calendar = Rulebook().calendar
    if request.kind == Case.Asked.HOLD:
        then = deadline_after(case, calendar, since=at, until=max(request.until or at, at))
    else:
        try:
            then = more_time.deadline_with(
                case, calendar, amount=request.amount, unit=request.unit, until=request.until, at=at
            )
        except ValidationError as refusal:
            return " ".join(refusal.messages)
    return moment_words(then) if then is not None else _("none")
