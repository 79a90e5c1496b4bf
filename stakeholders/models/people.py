"""Users, in which capacity they act, the tokens of REST clients, and residents."""

import hashlib
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Right
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.masking import masked_name
from stakeholders.models.area import AREA_LEVELS, ancestry, community_of
from stakeholders.models.party import Party
from stakeholders.phone_ending import phone_ending_of
from stakeholders.roles import PERMISSIONS, Permission, Role
from stakeholders.search import full_name, phone_ending, searchable
from stakeholders.years import require_meant


def _grid_lies_in_area() -> Q:
    """The digits of the area that matter begin the code of the grid; a shorter level that fits includes the longer."""
    *divisions, community = AREA_LEVELS
    inside = Q(area=Left("grid", community))
    for level in divisions:
        inside |= Q(Exact(Right("area", community - level), "0" * (community - level))) & Q(
            Exact(Left("grid", level), Left("area", level))
        )
    return inside


class User(AbstractUser):
    """Somebody who signs in."""

    first_name: None = None  # type: ignore[assignment]  # Chinese names are one field
    last_name: None = None  # type: ignore[assignment]  # the same
    name = models.CharField(_("name"), max_length=40)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """What Django's admin greets with."""
        return str(self)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, at: datetime | None = None) -> "MembershipQuerySet":
        """Memberships in force of people who may sign in."""
        at = at or timezone.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at, user__is_active=True)

    def visible_to(self, membership: "Membership") -> "MembershipQuerySet":
        """Those who act for the parties that the membership sees."""
        return self.filter(party__in=Party.objects.visible_to(membership))

    def matching(self, said: str) -> "MembershipQuerySet":
        """People in whose name every word occurs; their names are known to all they work with."""
        found = self
        for word in searchable(said).split():
            found = found.filter(user__name__icontains=word)
        return found

    def coordinating(self, area_code: str) -> "MembershipQuerySet":
        """Coordinators whose area contains the one with this code."""
        return self.filter(role=Role.COORDINATOR, area__in=ancestry(area_code))

    def handling_for(self, party_id: int | None, at: datetime | None = None) -> "MembershipQuerySet":
        """Those in force that handle cases for a party."""
        roles = [role for role, permissions in PERMISSIONS.items() if Permission.HANDLE_CASE in permissions]
        return self.current(at).filter(party=party_id, role__in=roles)


class Membership(models.Model):
    """A user acts for a party, in a role, inside an area or a grid; whoever does something does it as one of these."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user"))
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="memberships", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    area = models.ForeignKey("Area", on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    grid = models.ForeignKey(
        "Grid", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("grid")
    )
    since = models.DateTimeField(_("since"), default=timezone.now, validators=[require_meant])
    until = models.DateTimeField(_("until"), null=True, blank=True, validators=[require_meant])

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="membership_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.GRID_WORKER) | Q(grid__isnull=False), name="membership_of_grid_worker_has_grid"
            ),
            models.CheckConstraint(
                condition=Q(grid__isnull=True) | _grid_lies_in_area(),
                name="membership_grid_lies_in_its_area",
                violation_error_message=_("The grid must lie in the area."),
            ),
            models.UniqueConstraint(
                fields=["user", "party", "role"], condition=Q(until__isnull=True), name="membership_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.party} · {self.get_role_display()}"

    def allows(self, permission: Permission) -> bool:
        """Say whether the role of this membership has a permission."""
        return permission in PERMISSIONS[Role(self.role)]


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self, at: datetime) -> "TokenQuerySet":
        """Tokens that are neither revoked nor expired."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class Token(models.Model):
    """Lets a REST client act as one membership; the secret is shown once and only its digest is kept."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("membership")
    )
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(secret: str) -> str:
        """Digest of a secret; a drawn secret of 256 bits needs no slow hash."""
        return hashlib.sha256(secret.encode()).hexdigest()


class ResidentQuerySet(models.QuerySet["Resident"]):
    def visible_to(self, membership: Membership) -> "ResidentQuerySet":
        """Residents of the area of the membership; a grid worker sees those of the own community."""
        if membership.role == Role.GRID_WORKER and membership.grid_id:
            return self.filter(household__building__estate__area=community_of(membership.grid_id))
        return self.filter(household__building__estate__area__code__range=membership.area.code_range)

    def meant_by(self, said: str) -> "ResidentQuerySet":
        """Residents of exactly this name, or whose phone ends in these four digits: nothing that the mask hides."""
        if ending := phone_ending(said):
            return self.filter(phone_ending=ending)
        return self.filter(name=name) if (name := full_name(said)) else self.none()


class Resident(models.Model):
    """Somebody who lives in a household. Nothing is kept that the work does not need."""

    household = models.ForeignKey(
        "Household", on_delete=models.PROTECT, related_name="residents", verbose_name=_("household")
    )
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    phone_ending = phone_ending_of("phone")
    moved_out_at = models.DateTimeField(_("moved out"), null=True, blank=True, validators=[require_meant])

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        ordering = ["household", "id"]
        indexes = [
            models.Index(fields=["name"], name="resident_name"),
            models.Index(
                fields=["phone_ending"], condition=Q(phone_ending__isnull=False), name="resident_phone_ending"
            ),
        ]

    def __str__(self) -> str:
        return masked_name(self.name)
