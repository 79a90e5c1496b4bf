"""Responsible parties: the bodies that answer for matters."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stakeholders.models.area import Area, ancestry
from stakeholders.models.named import Named
from stakeholders.search import searchable
from stakeholders.years import require_meant

if TYPE_CHECKING:
    from stakeholders.models.people import Membership


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, membership: "Membership") -> "PartyQuerySet":
        """What a membership sees: the parties that may answer for matters of its area."""
        return self.of_area(membership.area)

    def of_area(self, area: Area) -> "PartyQuerySet":
        """Parties of an area, and those of the divisions above, which answer for it as well."""
        return self.filter(Q(area__code__range=area.code_range) | Q(area__in=ancestry(area.code)))

    def matching(self, said: str) -> "PartyQuerySet":
        """Parties in whose names or code every word occurs."""
        found = self
        for word in searchable(said).split():
            found = found.filter(Q(name__icontains=word) | Q(name_en__icontains=word) | Q(code__icontains=word))
        return found

    def working(self, at: datetime) -> "PartyQuerySet":
        """Parties that are not closed down by then."""
        return self.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at))


class Party(Named):
    """A body that can answer for a matter: an office, a committee, a company, a department."""

    class Kind(models.TextChoices):
        STREET = "STREET", _("town or street office")
        COMMITTEE = "COMMITTEE", _("residents' committee")
        VILLAGE = "VILLAGE", _("villagers' committee")
        OWNERS = "OWNERS", _("owners' committee")
        PROPERTY = "PROPERTY", _("property company")
        URBAN = "URBAN", _("urban management")
        UTILITY = "UTILITY", _("utility company")
        HOUSING = "HOUSING", _("housing and construction")
        POLICE = "POLICE", _("police")
        FIRE = "FIRE", _("fire and rescue")
        TRANSPORT = "TRANSPORT", _("transport")
        JUSTICE = "JUSTICE", _("justice office")
        HRSS = "HRSS", _("human resources and social security")
        CIVIL = "CIVIL", _("civil affairs")
        HEALTH = "HEALTH", _("health")
        SPORT = "SPORT", _("sport")
        EDU = "EDU", _("education")
        WOMEN = "WOMEN", _("women's federation")
        OTHER = "OTHER", _("other body")

    code = models.SlugField(_("code"), max_length=32, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    area = models.ForeignKey("Area", on_delete=models.PROTECT, related_name="parties", verbose_name=_("area"))
    supervisor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supervised", verbose_name=_("supervisor")
    )
    closed_at = models.DateTimeField(_("closed down"), null=True, blank=True, validators=[require_meant])

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsible party")
        verbose_name_plural = _("responsible parties")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True) | ~models.Q(supervisor=models.F("id")),
                name="party_does_not_supervise_itself",
            )
        ]

    def clean(self) -> None:
        """Say the same as the constraint, at the field."""
        if self.pk and self.supervisor_id == self.pk:
            raise ValidationError({"supervisor": _("A party does not supervise itself.")})

    def is_working(self, at: datetime) -> bool:
        """Say whether the party is not closed down by then."""
        return self.closed_at is None or self.closed_at > at
