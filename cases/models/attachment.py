"""Photos and documents of a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file that belongs to a case. `name` is what it was called; the stored name is drawn.

    `by` is null where it came with the report of somebody without an account.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", _("before")
        AFTER = "after", _("after")
        DOCUMENT = "document", _("document")

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="attachments", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    file = models.FileField(_("file"), upload_to="cases/%Y/%m/", max_length=120)
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    by = models.ForeignKey(
        "stakeholders.Membership",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sha256"],
                name="attachment_once_a_case",
                violation_error_message=_("This file is attached already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
