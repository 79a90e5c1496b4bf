"""What is asked of who writes the rules."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.dry_run import Step
from cases.ladder import LONGEST
from cases.models import DeadlineRule, EscalationRule, Finding
from cases.models.rule import Unit
from cases.policies import can_keep_for_all
from stakeholders.models import Area, Estate, Membership, NeedClass, NeedItem
from stakeholders.models.need import Urgency
from stakeholders.service_form import ServiceForm


class StepForm(ServiceForm):
    """A step of the ladder: after which fault, how long after, and what is done. One that is there keeps its fault."""

    trigger = forms.ChoiceField(
        label=gettext_lazy("When a case is"),
        choices=Finding.Kind.choices,
        error_messages={"required": gettext_lazy("Choose a fault.")},
    )
    amount = forms.IntegerField(
        label=gettext_lazy("How long after it began"),
        help_text=gettext_lazy("0 is at once."),
        min_value=0,
        max_value=LONGEST,
        error_messages={"required": gettext_lazy("Give a number; 0 is at once.")},
    )
    unit = forms.ChoiceField(label=gettext_lazy("In"), choices=Unit.choices, initial=Unit.WORKING_DAY)
    action = forms.ChoiceField(label=gettext_lazy("What is done"), choices=EscalationRule.Action.choices)

    def __init__(
        self, data: Any = None, *, rule: EscalationRule | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        kept = Step.of(rule)._asdict() if rule else initial
        super().__init__(data, initial=kept)
        self.rule = rule
        if rule is not None:
            del self.fields["trigger"]

    def step(self) -> Step:
        """The step that was typed."""
        fault = self.rule.trigger if self.rule else self.cleaned_data["trigger"]
        return Step(**{"trigger": fault, **self.cleaned_data})


class DeadlineForm(ServiceForm):
    """A deadline rule: for which clock, matter, urgency and place, how long, and on what basis."""

    clock = forms.ChoiceField(label=gettext_lazy("Clock"), choices=DeadlineRule.Clock.choices)
    matter = forms.ChoiceField(label=gettext_lazy("For what"), required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=[("", gettext_lazy("any")), *Urgency.choices], required=False
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where"),
        required=False,
        error_messages={"required": gettext_lazy("Choose where it holds.")},
    )
    amount = forms.IntegerField(
        label=gettext_lazy("How long"),
        min_value=1,
        max_value=LONGEST,
        error_messages={"required": gettext_lazy("Give a number.")},
    )
    unit = forms.ChoiceField(label=gettext_lazy("In"), choices=Unit.choices, initial=Unit.WORKING_DAY)
    basis = forms.CharField(
        label=gettext_lazy("Basis"),
        help_text=gettext_lazy("Clause of a contract, item of a duty list, number of a document."),
        required=False,
        max_length=200,
    )

    def __init__(self, data: Any = None, *, rule: DeadlineRule, by: Membership) -> None:
        super().__init__(data, initial=_initial(rule) if rule.pk else {})
        self._rule = rule
        self._matters = {f"item:{each.code}": each for each in NeedItem.objects.all()} | {
            f"class:{each.code}": each for each in NeedClass.objects.all()
        }
        self._places = {f"area:{each.code}": each for each in Area.objects.within(by.area)} | {
            f"estate:{each.code}": each for each in Estate.objects.visible_to(by)
        }
        self._offer("matter", self._matters, everything=_("all matters"))
        self._offer("place", self._places, everything=_("everywhere") if can_keep_for_all(by) else "")

    def _offer(self, name: str, options: dict[str, Any], *, everything: str) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        choices = [(value, f"{value.partition(':')[2]} {each}") for value, each in options.items()]
        field.choices = [("", everything), *choices] if everything else choices
        field.required = not everything

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into the rule that the service saves."""
        given = self.cleaned_data
        matter, place = self._matters.get(given.get("matter", "")), self._places.get(given.get("place", ""))
        rule = self._rule
        for name in ("clock", "urgency", "amount", "unit", "basis"):
            setattr(rule, name, given.get(name))
        rule.need_item = matter if isinstance(matter, NeedItem) else None
        rule.need_class = matter if isinstance(matter, NeedClass) else None
        rule.area = place if isinstance(place, Area) else None
        rule.estate = place if isinstance(place, Estate) else None
        return {"rule": rule}


def _initial(rule: DeadlineRule) -> dict[str, Any]:
    matter, place = rule.need_item or rule.need_class, rule.area or rule.estate
    kinds = {NeedItem: "item", NeedClass: "class", Area: "area", Estate: "estate"}
    scope = {
        name: f"{kinds[type(each)]}:{each.code}" if each else ""
        for name, each in (("matter", matter), ("place", place))
    }
    return {name: getattr(rule, name) for name in ("clock", "urgency", "amount", "unit", "basis")} | scope
