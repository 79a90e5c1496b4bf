"""How a cell is shown: its state, or that a ruling has made it clear."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stakeholders.coverage import State


class Mark(models.TextChoices):
    """What stands in a cell of the matrix, in the order of the legend."""

    VACUUM = State.VACUUM, _("Vacuum")
    MULTI_HEAD = State.MULTI_HEAD, _("Multi-head")
    BACKSTOP = State.BACKSTOP, _("Backstop")
    RULED = "ruled", _("Ruled")
    CLEAR = State.CLEAR, _("Clear")


GAPS = frozenset({Mark.VACUUM, Mark.MULTI_HEAD})  # where no one or more than one answers


def mark_of(state: State, *, is_ruled: bool) -> Mark:
    """The mark of a state; a ruled cell is clear in the ledger, and the mark says why."""
    return Mark.RULED if state is State.CLEAR and is_ruled else Mark(state.value)
