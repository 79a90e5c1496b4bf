"""What parties say about whose a case is."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StanceQuerySet(models.QuerySet["Stance"]):
    def standing(self) -> "StanceQuerySet":
        """What each party says now."""
        return self.filter(until__isnull=True)


class Stance(models.Model):
    """A party's “ours” or “not ours” about one case, with its ground; a later word of the party takes its place."""

    class Says(models.TextChoices):
        OURS = "ours", _("ours")
        NOT_OURS = "not_ours", _("not ours")

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="stances", verbose_name=_("case"))
    party = models.ForeignKey("stakeholders.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("party"))
    says = models.CharField(_("says"), max_length=8, choices=Says)
    ground = models.TextField(_("ground"), blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    by = models.ForeignKey("stakeholders.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = StanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party"], condition=Q(until__isnull=True), name="stance_one_a_party"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="stance_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.get_says_display()}"
