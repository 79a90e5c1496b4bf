"""What each action on a case asks of who does it: what all of them share, and those that ask for words alone."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from cases.models import Attachment, Case, ReplyTemplate
from stakeholders.models import Membership
from stakeholders.service_form import ServiceForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TEXT_LIMIT = 2000


class ActionForm(ServiceForm):
    """Asks for nothing: the button says it all.

    `facts` is what there is to know before one decides, `templates` what may be taken by one tap.
    """

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, files)
        self.facts: Sequence[tuple[str, str]] = ()
        self.templates: Iterable[ReplyTemplate] = ()


def text(label: "StrPromise", *, missing: "StrPromise | None" = None) -> forms.CharField:
    """A few lines to write; they are required if there is something to say when they are missing."""
    return forms.CharField(
        label=label,
        required=missing is not None,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing} if missing is not None else None,
    )


class RemarkForm(ActionForm):
    reason = text(gettext_lazy("Remark"))


class ContactForm(ActionForm):
    reason = text(gettext_lazy("What was said"))


class ResolveForm(ActionForm):
    reason = text(gettext_lazy("What was done"), missing=gettext_lazy("Say what was done: somebody will check it."))


class VoidForm(ActionForm):
    reason = text(gettext_lazy("Why it is void"), missing=gettext_lazy("Say why: the reason stays readable."))


class CommentForm(ActionForm):
    reason = text(gettext_lazy("Comment"), missing=gettext_lazy("Write something."))


class AttachForm(ActionForm):
    file = forms.FileField(
        label=gettext_lazy("Photo or PDF"),
        help_text=gettext_lazy("At most 10 MB. Where a photo was taken is not kept."),
        allow_empty_file=True,  # the service says what is wrong with it
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        choices=Attachment.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what the file shows.")},
    )
    reason = text(gettext_lazy("Remark"))
