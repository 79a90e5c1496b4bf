"""The ladder as a picture: for each fault its steps in time, and how often each fired in the last month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from django.utils.functional import Promise

from cases.dry_run import Step
from cases.models import EscalationRule, Finding
from cases.worktime import Unit
from settle_gov.web.rules.words import REACHES, after_words

# About how many days pass with one of a unit, to draw spans of different units beside each other
DAYS = {Unit.HOUR: 1 / 24, Unit.WORK_HOUR: 1 / 5, Unit.WORKING_DAY: 7 / 5, Unit.CALENDAR_DAY: 1.0}


@dataclass(frozen=True)
class Rung:
    """One step: its rule, how often it fired, and how far from the beginning of the fault it is drawn."""

    rule: EscalationRule
    fired: int
    percent: str

    @property
    def after(self) -> str:
        """How long after the fault began."""
        return after_words(Step.of(self.rule))

    @property
    def reaches(self) -> str | Promise:
        """Whom it reaches."""
        return REACHES[EscalationRule.Action(self.rule.action)]


@dataclass(frozen=True)
class Flight:
    """The steps for one fault, in their order in time."""

    trigger: Finding.Kind
    rungs: list[Rung]


@dataclass(frozen=True)
class Ladder:
    """All steps: those in force by fault, the faults without any, and what is switched off."""

    flights: list[Flight]
    bare: list[Finding.Kind]
    off: list[Rung]


def days(step: Step | EscalationRule) -> float:
    """About how many days after the beginning of a fault a step comes."""
    return step.amount * DAYS[Unit(step.unit)]


def ladder(rules: Iterable[EscalationRule], fired: Mapping[Step, int]) -> Ladder:
    """Draw the ladder; a span is drawn by its root, so that hours can be seen beside weeks."""
    ordered = sorted(rules, key=lambda rule: (days(rule), rule.pk))
    longest = max((days(rule) for rule in ordered if rule.is_active), default=0) or 1
    rungs = [Rung(rule, fired.get(Step.of(rule), 0), f"{min(1.0, sqrt(days(rule) / longest)):.2%}") for rule in ordered]
    on = {kind: [each for each in rungs if each.rule.is_active and each.rule.trigger == kind] for kind in Finding.Kind}
    return Ladder(
        flights=[Flight(kind, of_kind) for kind, of_kind in on.items() if of_kind],
        bare=[kind for kind, of_kind in on.items() if not of_kind],
        off=[each for each in rungs if not each.rule.is_active],
    )
