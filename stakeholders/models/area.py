"""Administrative divisions and the grids inside communities."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stakeholders.models.named import Named

if TYPE_CHECKING:
    from stakeholders.models.people import Membership

AREA_LEVELS = (2, 4, 6, 9, 12)  # province, city, county, town, community


def significant(code: str) -> str:
    """Return the prefix of a 12-digit area code that is its scope: the shortest level that leaves only zeros.

    The code format is that of the statistical division codes; see `docs/architecture.md`.
    """
    return next(code[:level] for level in AREA_LEVELS if not code[level:].strip("0"))


def ancestry(code: str) -> list[str]:
    """Return the codes of all divisions that contain the one with this code, itself included."""
    return [code[:level].ljust(12, "0") for level in AREA_LEVELS if level <= len(significant(code))]


def community_of(grid_code: str) -> str:
    """Return the code of the community that a grid is part of."""
    return grid_code[:12]


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, area: "Area") -> "AreaQuerySet":
        """Areas that `area` contains, itself included."""
        return self.filter(code__range=area.code_range)

    def visible_to(self, membership: "Membership") -> "AreaQuerySet":
        """What lies in the area of the membership, and the divisions that it lies in itself."""
        return self.filter(Q(code__range=membership.area.code_range) | Q(code__in=ancestry(membership.area_id)))


class Area(Named):
    """A division of the country: province, city, county, town or community."""

    code = models.CharField(
        _("code"), max_length=12, primary_key=True, validators=[RegexValidator(r"^[0-9]{12}\Z", _("Give 12 digits."))]
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]

    @property
    def prefix(self) -> str:
        """The digits that matter."""
        return significant(self.code)

    @property
    def code_range(self) -> tuple[str, str]:
        """First and last area code inside; a range uses an ordinary index on every engine, a prefix match does not."""
        return self.prefix.ljust(12, "0"), self.prefix.ljust(12, "9")

    def contains(self, code: str) -> bool:
        """Say whether the area with this code is this one or lies in it."""
        return code.startswith(self.prefix)


class GridQuerySet(models.QuerySet["Grid"]):
    def visible_to(self, membership: "Membership") -> "GridQuerySet":
        """Grids in the area of the membership."""
        return self.filter(area__code__range=membership.area.code_range)


class Grid(models.Model):
    """The patch of a community that one grid worker walks; its code is the community's and three digits more."""

    code = models.CharField(
        _("code"), max_length=15, primary_key=True, validators=[RegexValidator(r"^[0-9]{15}\Z", _("Give 15 digits."))]
    )
    name = models.CharField(_("name"), max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="grids", verbose_name=_("community"))

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__startswith=models.F("area")), name="grid_code_begins_with_its_community"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Say the same as the constraint, at the field."""
        if self.area_id and community_of(self.code) != self.area_id:
            raise ValidationError({"area": _("The code of a grid begins with that of its community.")})
