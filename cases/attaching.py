"""Files on their way to a case: checked first, then written, and gone again where the case never comes to have them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, TypeAlias
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.files import MAX_BYTES, check
from cases.history import Line
from cases.models import Attachment, CaseEvent

NAME_LIMIT = 120
MOST_PHOTOS = 5  # that come with a report
PHOTO = "image/jpeg"  # as which every photo is kept

Upload: TypeAlias = "UploadedFile[Any]"


def attachment_of(file: Upload, kind: str) -> Attachment:
    """Check a file and return what it will be beside a case; who brings it, and when, is for the caller to say.

    Raises ValidationError at `file`, or at `kind`.
    """
    checked = check(file.read(MAX_BYTES + 1))
    if kind not in Attachment.Kind.values:
        raise ValidationError({"kind": _("Say what the file shows.")})
    return Attachment(
        kind=kind,
        file=ContentFile(checked.content, f"{uuid4().hex}.{checked.ending}"),
        name=PurePath(file.name or "").name[-NAME_LIMIT:] or f"{kind}.{checked.ending}",
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
    )


def photos_of(files: Sequence[Upload]) -> list[Attachment]:
    """Check what comes with a report: photos of how it is, none of them twice. Raises ValidationError at `photos`."""
    if len(files) > MOST_PHOTOS:
        raise ValidationError({"photos": _("At most %(most)d photos can be kept.") % {"most": MOST_PHOTOS}})
    try:
        photos = [attachment_of(file, Attachment.Kind.BEFORE) for file in files]
    except ValidationError as refusal:
        raise ValidationError({"photos": refusal.messages}) from refusal
    if any(photo.media_type != PHOTO for photo in photos):
        raise ValidationError({"photos": _("A report takes photos only.")})
    if len({photo.sha256 for photo in photos}) < len(photos):
        raise ValidationError({"photos": _("The same photo is there twice.")})
    return photos


def line_of(attachment: Attachment, reason: str = "") -> Line:
    """What the history says of an attachment that is saved.

    Not what the file is called, which may name somebody: what is in the history could never be removed again.
    """
    details: dict[str, Any] = {"attachment": attachment.pk, "kind": attachment.kind}
    details |= {"reason": reason} if reason else {}
    return Line(CaseEvent.Kind.ATTACHED, attachment.at, attachment.by, details)


@contextmanager
def written(attachments: Sequence[Attachment]) -> Iterator[None]:
    """Write the files, and remove them again where what is done inside fails.

    Begin it outside the transaction: what takes long holds no lock, and a transaction that fails leaves no file.
    """
    stored = []
    try:
        for attachment in attachments:
            attachment.file.save(str(attachment.file.name), attachment.file.file, save=False)
            stored.append(attachment.file)
        yield
    except BaseException:
        for file in stored:
            file.delete(save=False)
        raise
