"""Where people live: estates, their buildings and households."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Left, Replace
from django.utils.translation import gettext_lazy as _

from stakeholders.models.area import Area, community_of
from stakeholders.models.named import Named
from stakeholders.models.people import Membership
from stakeholders.roles import Role
from stakeholders.search import searchable


def _named(said: str, of: str = "") -> Q:
    """That an estate, or the one `of` something, goes by these words."""
    found = Q()
    for word in searchable(said).split():
        found &= (
            Q(**{f"{of}name__icontains": word})
            | Q(**{f"{of}name_en__icontains": word})
            | Q(**{f"{of}code__icontains": word})
        )
    return found


class EstateQuerySet(models.QuerySet["Estate"]):
    def visible_to(self, membership: Membership) -> "EstateQuerySet":
        """Estates in the area of the membership; a grid worker sees those of the own community."""
        if membership.role == Role.GRID_WORKER and membership.grid_id:
            return self.filter(area=community_of(membership.grid_id))
        return self.filter(area__code__range=membership.area.code_range)

    def matching(self, said: str) -> "EstateQuerySet":
        """Estates in whose names or code every word occurs."""
        return self.filter(_named(said))

    def outside(self, area: Area) -> "EstateQuerySet":
        """Estates that do not lie in `area`: two looks into an index, however many there are."""
        first, last = area.code_range
        return self.filter(Q(area__lt=first) | Q(area__gt=last))


class Estate(Named):
    """A residential compound; its common area is a place of its own beside the buildings."""

    class Kind(models.TextChoices):
        RESETTLEMENT = "resettlement", _("resettlement community")
        VILLAGE_TO_RESIDENTS = "village_to_residents", _("village-to-residents conversion")
        OLD = "old", _("old neighbourhood")
        SHANTY = "shanty", _("shanty area")
        URBAN_FRINGE = "urban_fringe", _("urban fringe")

    code = models.SlugField(_("code"), max_length=32, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    area = models.ForeignKey("Area", on_delete=models.PROTECT, related_name="estates", verbose_name=_("community"))
    grid = models.ForeignKey("Grid", on_delete=models.PROTECT, verbose_name=_("grid of the common area"))
    property_party = models.ForeignKey(
        "Party", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("property company")
    )
    is_reckoned = models.BooleanField(_("episodes reckoned"), default=False, editable=False)

    objects = EstateQuerySet.as_manager()

    class Meta:
        verbose_name = _("estate")
        verbose_name_plural = _("estates")
        ordering = ["area", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(area=Left("grid", 12)),
                name="estate_grid_lies_in_its_community",
                violation_error_message=_("The grid must lie in the community of the estate."),
            )
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(is_reckoned=False), name="estate_not_reckoned")]

    def clean(self) -> None:
        """Say the same as the constraint, at the field: a form that does not ask for the area skips the constraint."""
        if self.area_id and self.grid_id and community_of(self.grid_id) != self.area_id:
            raise ValidationError({"grid": _("The grid must lie in the community of the estate.")})


class BuildingQuerySet(models.QuerySet["Building"]):
    def visible_to(self, membership: Membership) -> "BuildingQuerySet":
        """Buildings of the estates that the membership sees."""
        return self.filter(estate__in=Estate.objects.visible_to(membership))

    def matching(self, said: str) -> "BuildingQuerySet":
        """Buildings in whose name or that of their estate every word occurs: 东湖 3 and 东湖新居3栋 find 3 栋.

        Whoever names the estate alone means the estate and not all of its buildings.
        """
        found = self.annotate(place=Replace(Concat(F("estate__name"), F("name")), Value(" ")))
        its_own = Q()
        for word in searchable(said).split():
            its_own |= Q(name__icontains=word)
            of_the_estate = Q(place__icontains=word) | Q(estate__name_en__icontains=word) | Q(code__icontains=word)
            found = found.filter(Q(name__icontains=word) | of_the_estate)
        return found.filter(~_named(said, "estate__") | its_own)


class Building(models.Model):
    """One building of an estate."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="buildings", verbose_name=_("estate"))
    grid = models.ForeignKey("Grid", on_delete=models.PROTECT, related_name="buildings", verbose_name=_("grid"))
    is_reckoned = models.BooleanField(_("episodes reckoned"), default=False, editable=False)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["estate", "code"]
        indexes = [models.Index(fields=["id"], condition=models.Q(is_reckoned=False), name="building_not_reckoned")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a grid of another community, which no constraint can: it would have to ask a second table."""
        if self.estate_id and self.grid_id and community_of(self.grid_id) != self.estate.area_id:
            raise ValidationError({"grid": _("The grid must lie in the community of the estate.")})


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, membership: Membership) -> "HouseholdQuerySet":
        """Households in the buildings that the membership sees."""
        return self.filter(building__in=Building.objects.visible_to(membership))


class Household(models.Model):
    """A dwelling and why its people live there."""

    class Kind(models.TextChoices):
        VILLAGER = "villager", _("resettled villagers")
        RELOCATED = "relocated", _("relocated from elsewhere")
        TENANT = "tenant", _("tenants")
        OTHER = "other", _("other")

    code = models.SlugField(_("code"), max_length=56, unique=True)
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="households", verbose_name=_("building")
    )
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    room = models.CharField(_("room"), max_length=10)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["building", "code"]

    def __str__(self) -> str:
        return "-".join(part for part in (self.unit, self.room) if part)
