"""What a page knows of an action on a case."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from cases.forms.actions import ActionForm
from cases.models import Case
from cases.workflow import Action

# They change nothing that others decide on, so that it does not matter what else has changed meanwhile.
BESIDE = frozenset({Action.COMMENT, Action.ATTACH})


@dataclass(frozen=True)
class Deed:
    """One action: what its button says, what follows, what was done, and what does it."""

    action: Action
    label: Promise
    consequence: Promise
    done: Promise
    icon: str
    form: type[ActionForm]
    service: Callable[..., Case]

    @property
    def is_one_click(self) -> bool:
        """Whether there is nothing to fill in."""
        return not self.form.base_fields

    @property
    def is_beside(self) -> bool:
        """Whether it holds whatever else has changed, and so is never what a page is for."""
        return self.action in BESIDE
