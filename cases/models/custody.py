"""Who holds a case, in which role, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CustodyQuerySet(models.QuerySet["Custody"]):
    def helping(self) -> "CustodyQuerySet":
        """Of parties that help the lead now, in the order in which they came."""
        return self.filter(role=Custody.Role.SUPPORT, until__isnull=True)


class Custody(models.Model):
    """One stretch in which a party held a case, or had a part in it. Time is charged to whoever held the lead.

    A candidate holds nothing: it is asked whether the matter is theirs, and sees the case for that.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        SUPPORT = "support", _("support")
        SUPERVISE = "supervise", _("supervision")
        CANDIDATE = "candidate", _("asked whether it is theirs")

    class Ending(models.TextChoices):
        REASSIGNED = "reassigned", _("handed on")
        RETURNED = "returned", _("returned")
        CLOSED = "closed", _("closed")
        VOIDED = "voided", _("void")
        PARTY_CLOSED = "party_closed", _("party closed down")
        DUTY_ENDED = "duty_ended", _("duty ended")
        HANDED_OVER = "handed_over", _("handed over by the ladder")
        MERGED = "merged", _("joined to another case")
        SETTLED = "settled", _("settled who has it")

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="custodies", verbose_name=_("case"))
    party = models.ForeignKey("stakeholders.Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    ending = models.CharField(_("ended by"), max_length=16, choices=Ending, blank=True)

    objects = CustodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("custody")
        verbose_name_plural = _("custodies")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="lead", until__isnull=True), name="custody_one_open_lead"
            ),
            models.UniqueConstraint(
                fields=["case", "party", "role"], condition=Q(until__isnull=True), name="custody_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="custody_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ending="") | Q(until__isnull=False) & ~Q(ending=""),
                name="custody_says_how_it_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "case"], name="custody_of_party"),
            models.Index(fields=["since"], condition=Q(role="lead"), name="custody_lead_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.get_role_display()}"
