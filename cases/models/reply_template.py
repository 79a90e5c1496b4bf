"""What people write again and again, to be taken by one tap."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.workflow import Action


class ReplyTemplate(models.Model):
    """A sentence that fits one of the actions on a case; whoever acts may take it and write on."""

    # Those that ask for words
    ACTIONS = (Action.CONTACT, Action.RESOLVE, Action.RETURN, Action.REWORK, Action.CLOSE, Action.COMMENT)

    action = models.CharField(_("action"), max_length=20, choices=[(each.value, each.value) for each in ACTIONS])
    text = models.CharField(_("text"), max_length=200)

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["action", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "text"],
                name="reply_template_once",
                violation_error_message=_("There is such a template already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
