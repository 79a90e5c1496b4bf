"""Looking at a file of a case: only for who sees the case, and never as a page of its own."""

from pathlib import PurePath

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cases.models import Attachment, Case
from cases.views.fetch import get_case
from stakeholders.views.member import MemberRequest, member_required

IMAGE = "image/"
HEADERS = {
    # What somebody has uploaded must not act as a page of this site, whatever a browser takes it for.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private",
}


@require_safe
@member_required
def show_file(request: MemberRequest, number: str, pk: int) -> FileResponse:
    """Answer with a photo to be shown, or a document to be saved."""
    return file_of(get_case(request.membership, number), pk)


def file_of(case: Case, pk: int) -> FileResponse:
    """The file of a case that the reader sees; 404 where it has no such file, or the disk has lost it."""
    attachment = get_object_or_404(case.attachments, pk=pk)
    try:
        opened = attachment.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    return FileResponse(
        opened,
        as_attachment=not attachment.media_type.startswith(IMAGE),
        filename=_name_of(attachment),
        content_type=attachment.media_type,
        headers=HEADERS,
    )


def _name_of(attachment: Attachment) -> str:
    """What it was called, with the ending of what it is."""
    return PurePath(attachment.name).with_suffix(PurePath(str(attachment.file)).suffix).name
