"""Which edition of the rules and of the work calendar is in force."""

from django.db import models


class RulebookEdition(models.Model):
    """The one row with the mark of the present edition.

    The database draws a new mark with every change of a rule or of the calendar (`cases/edition_triggers.py`), so what
    was read under a mark may be kept as long as the mark is the same. It is drawn at random and not counted up: a
    number that was taken back with its transaction would come again with another content.
    """

    mark = models.CharField(max_length=36, editable=False)

    class Meta:
        verbose_name = "rulebook edition"
        verbose_name_plural = "rulebook editions"

    def __str__(self) -> str:
        return self.mark
