"""Answers that are kept, so that a client that did not hear one may ask again without doing it twice."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.models.people import Membership


class KeptAnswer(models.Model):
    """What was answered to the first request of a membership with a key; written in the transaction of what it did."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="kept_answers", verbose_name=_("membership")
    )
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)  # of the address and the body
    status = models.PositiveSmallIntegerField(_("status"))
    headers = models.JSONField(_("headers"))
    body = models.JSONField(_("body"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["membership", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return self.key
