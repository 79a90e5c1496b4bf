"""What residents need: classes and items, editable, seeded from `stakeholders/seed/`."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stakeholders.models.named import Named
from stakeholders.models.party import Party


class Urgency(models.TextChoices):
    """How soon a matter must be answered, from most to least."""

    EMERGENCY = "E", _("emergency")
    URGENT = "U", _("urgent")
    GENERAL = "G", _("general")
    COMPLEX = "C", _("complex")
    PROJECT = "P", _("long-term")


class NeedClass(Named):
    """A class of need, such as environmental sanitation."""

    code = models.CharField(
        _("code"), max_length=4, unique=True, validators=[RegexValidator(r"^[0-9]{1,3}\Z", _("Give a number."))]
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("need class")
        verbose_name_plural = _("need classes")
        ordering = ["position"]


class NeedItem(Named):
    """One item of need, such as waste sorting: the finest thing a party can answer for."""

    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[0-9]{1,3}\.[0-9]{1,3}\Z", _("Give 3.1, say."))],
    )
    need_class = models.ForeignKey(
        NeedClass, on_delete=models.PROTECT, related_name="items", verbose_name=_("need class")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    usual_lead_kind = models.CharField(_("usual lead"), max_length=12, choices=Party.Kind)
    urgency = models.CharField(_("urgency"), max_length=1, choices=Urgency)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    is_reckoned = models.BooleanField(_("episodes reckoned"), default=False, editable=False)

    class Meta:
        verbose_name = _("need item")
        verbose_name_plural = _("need items")
        ordering = ["position"]


class NeedWord(models.Model):
    """What people call an item when they speak of it: “灯不亮” for roads and lighting."""

    need_item = models.ForeignKey(NeedItem, on_delete=models.CASCADE, related_name="words", verbose_name=_("need item"))
    word = models.CharField(_("everyday word"), max_length=30)

    class Meta:
        verbose_name = _("everyday word")
        verbose_name_plural = _("everyday words")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["need_item", "word"],
                name="need_word_once",
                violation_error_message=_("This item has the word already."),
            ),
        ]

    def __str__(self) -> str:
        return self.word
