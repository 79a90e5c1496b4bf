"""The responsibility ledger: who answers for which matter at which place, on which paper, and rulings about it.

Both tables are bitemporal and written once: `valid_from` to `valid_until` says when something holds in the world,
`recorded_at` to `withdrawn_at` when it was known here. A correction withdraws a record and writes a new one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.coverage import Duty
from stakeholders.models.area import ancestry
from stakeholders.models.estate import Estate
from stakeholders.models.people import Membership
from stakeholders.years import require_meant

Record = TypeVar("Record", bound="LedgerRecord")

ONE_PLACE = _("Name exactly one of area, estate and building.")
ONE_MATTER = _("Name a class or an item, not both.")
ENDS_LATER = _("The end must be later than the beginning.")


class LedgerQuerySet(models.QuerySet[Record]):
    def in_force(self, at: datetime, as_known_on: datetime | None = None) -> Self:
        """Records that hold at an instant, as the ledger stood at `as_known_on`, which is now unless given."""
        known = self.known_on(as_known_on)
        return known.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)

    def known_on(self, day: datetime | None = None) -> Self:
        """Records as the ledger stood at an instant: written down by then, and not withdrawn yet; now unless given."""
        if day is None:
            return self.filter(withdrawn_at__isnull=True)
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=day), recorded_at__lte=day)

    def reaching(self, estates: Sequence[Estate]) -> Self:
        """Records whose place can matter to these estates: their divisions, themselves, their buildings.

        Three looks into three indexes, where one condition with OR would read the ledger of the whole city.
        """
        divisions = {code for estate in estates for code in ancestry(estate.area_id)}
        all_records = self.model._default_manager.order_by().values("pk")
        near = all_records.filter(area__in=divisions).union(
            all_records.filter(estate__in=estates), all_records.filter(building__estate__in=estates), all=True
        )
        return self.filter(pk__in=near)

    def with_scope(self) -> Self:
        """With all that says where and for what a record holds."""
        return self.select_related("area", "estate", "building__estate", "need_class", "need_item")

    def visible_to(self, membership: Membership) -> Self:
        """Records about places in the area of the membership, and about the divisions above it."""
        inside = membership.area.code_range
        return self.filter(
            Q(area__code__range=inside)
            | Q(estate__area__code__range=inside)
            | Q(building__estate__area__code__range=inside)
            | Q(area__in=ancestry(membership.area_id))
        )


class LedgerRecord(models.Model):
    """What mandates and rulings share: a scope of place and item, a time in the world, a time of knowing."""

    area = models.ForeignKey(
        "stakeholders.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    estate = models.ForeignKey(
        "stakeholders.Estate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("estate"),
    )
    building = models.ForeignKey(
        "stakeholders.Building",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("building"),
    )
    need_class = models.ForeignKey(
        "stakeholders.NeedClass",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("need class"),
    )
    need_item = models.ForeignKey(
        "stakeholders.NeedItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("need item"),
    )
    valid_from = models.DateTimeField(_("from"), validators=[require_meant])
    valid_until = models.DateTimeField(_("until"), null=True, blank=True, validators=[require_meant])
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        "stakeholders.Membership",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "stakeholders.Membership",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, estate__isnull=True, building__isnull=True)
                | Q(area__isnull=True, estate__isnull=False, building__isnull=True)
                | Q(area__isnull=True, estate__isnull=True, building__isnull=False),
                name="%(class)s_has_one_place",
                violation_error_message=ONE_PLACE,
            ),
            models.CheckConstraint(
                condition=Q(need_class__isnull=True) | Q(need_item__isnull=True),
                name="%(class)s_has_one_item_scope",
                violation_error_message=ONE_MATTER,
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=ENDS_LATER,
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("recorded_at")),
                name="%(class)s_withdrawn_after_recorded",
            ),
        ]

    def clean(self) -> None:
        """Say the same as the constraints, and at which field: a constraint knows rows, not forms."""
        problems = {}
        places = [name for name in ("area", "estate", "building") if getattr(self, f"{name}_id") is not None]
        if len(places) != 1:
            problems[places[-1] if places else "area"] = ValidationError(ONE_PLACE, code="one_place")
        if self.need_class_id is not None and self.need_item_id is not None:
            problems["need_item"] = ValidationError(ONE_MATTER, code="one_item_scope")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            problems["valid_until"] = ValidationError(ENDS_LATER, code="too_early")
        if problems:
            raise ValidationError(problems)

    @property
    def area_code(self) -> str:
        """The area that the record is about, or that its place lies in; only for a record with a place."""
        if self.building is not None:
            return self.building.estate.area_id
        return self.estate.area_id if self.estate is not None else str(self.area_id)


class Mandate(LedgerRecord):
    """What a party answers for, or says it does not: role, scope of items and place, time, and the paper."""

    class Role(models.TextChoices):
        LEAD = Duty.LEAD, _("lead")
        SUPPORT = Duty.SUPPORT, _("support")
        SUPERVISE = Duty.SUPERVISE, _("supervision")
        BACKSTOP = Duty.BACKSTOP, _("backstop")
        DISCLAIM = Duty.DISCLAIM, _("disclaims")

    party = models.ForeignKey(
        "stakeholders.Party", on_delete=models.PROTECT, related_name="mandates", verbose_name=_("party")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    basis = models.CharField(_("basis"), max_length=200)
    evidence = models.TextField(_("evidence"), blank=True)

    objects = LedgerQuerySet["Mandate"].as_manager()

    class Meta(LedgerRecord.Meta):
        abstract = False
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.party} · {self.get_role_display()}"


class Ruling(LedgerRecord):
    """A decision of a coordinator or a meeting on who leads; it goes before every mandate it covers."""

    lead = models.ForeignKey(
        "stakeholders.Party", on_delete=models.PROTECT, related_name="rulings", verbose_name=_("lead")
    )
    decided_at = models.DateTimeField(_("decided"))
    reason = models.TextField(_("reason"))
    document_no = models.CharField(_("document number"), max_length=80, blank=True)

    objects = LedgerQuerySet["Ruling"].as_manager()

    class Meta(LedgerRecord.Meta):
        abstract = False
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.lead} · {self.decided_at:%Y-%m-%d}"
