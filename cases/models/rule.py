"""How long a party has: deadline rules, editable."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases import worktime
from stakeholders.models.need import Urgency


class Unit(models.TextChoices):
    """In what a span is counted; see `cases/deadlines.py` for what each means."""

    HOUR = worktime.Unit.HOUR, _("hours")
    WORK_HOUR = worktime.Unit.WORK_HOUR, _("working hours")
    WORKING_DAY = worktime.Unit.WORKING_DAY, _("working days")
    CALENDAR_DAY = worktime.Unit.CALENDAR_DAY, _("calendar days")


class DeadlineRule(models.Model):
    """Until when a step of a case must be done. Of the rules that fit a case the most specific one counts.

    Specific means: an item before a class before all; then an estate before a longer area code before everywhere;
    then an urgency before any. Two rules of the same scope cannot be saved, so that there is never a tie.
    """

    class Clock(models.TextChoices):
        SIGN = "sign", _("sign for")
        CONTACT = "contact", _("first contact")
        RESOLVE = "resolve", _("resolve")

    clock = models.CharField(_("clock"), max_length=8, choices=Clock)
    need_class = models.ForeignKey(
        "stakeholders.NeedClass", on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("need class")
    )
    need_item = models.ForeignKey(
        "stakeholders.NeedItem", on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("need item")
    )
    urgency = models.CharField(_("urgency"), max_length=1, choices=Urgency, blank=True)
    area = models.ForeignKey(
        "stakeholders.Area", on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("area")
    )
    estate = models.ForeignKey(
        "stakeholders.Estate", on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("estate")
    )
    amount = models.PositiveSmallIntegerField(_("amount"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ["clock", "need_class", "need_item", "urgency", "id"]
        constraints = [
            models.UniqueConstraint(
                "clock",
                Coalesce("need_class", Value(0)),
                Coalesce("need_item", Value(0)),
                "urgency",
                Coalesce("area", Value("")),
                Coalesce("estate", Value(0)),
                name="deadline_rule_scope_once",
                violation_error_message=_("There is a rule for this clock and scope already."),
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="deadline_rule_amount_positive"),
            models.CheckConstraint(
                condition=Q(need_class__isnull=True) | Q(need_item__isnull=True),
                name="deadline_rule_has_one_item_scope",
                violation_error_message=_("Name a class or an item, not both."),
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(estate__isnull=True),
                name="deadline_rule_has_one_place",
                violation_error_message=_("Name an area or an estate, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"DL-{self.pk:03}" if self.pk else "DL-"

    @property
    def area_code(self) -> str | None:
        """The code of the division that it holds in; None where it holds everywhere."""
        return self.estate.area_id if self.estate else self.area_id

    @property
    def rank(self) -> tuple[int, int, int]:
        """How specific the rule is; larger is narrower."""
        item = 2 if self.need_item_id else 1 if self.need_class_id else 0
        place = 100 if self.estate_id else len(self.area.prefix) if self.area else 0
        return item, place, 1 if self.urgency else 0
