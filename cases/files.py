"""Files that people attach: what they really are, whatever they are called. Photos lose where they were taken."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000  # more is a picture that only means to fill the memory
EDGE = 2048  # pixels of the longer side: a number plate can still be read
QUALITY = 85
PHOTOS = {"JPEG", "PNG", "WEBP", "GIF", "BMP"}  # what phones write as MPO is opened as a JPEG


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its content, what it is, and the digest by which it is known."""

    content: bytes
    media_type: str
    ending: str

    @property
    def sha256(self) -> str:
        """Digest of the content that is kept."""
        return hashlib.sha256(self.content).hexdigest()


def check(content: bytes) -> CheckedFile:
    """Read a photo or a PDF by its content. Raises ValidationError at `file` for what is neither, or too large.

    A photo is turned upright, shrunk to `EDGE` and written anew, so that nothing of the camera travels with it.
    """
    if not content:
        raise ValidationError({"file": _("The file is empty.")})
    if len(content) > MAX_BYTES:
        raise ValidationError({"file": _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}})
    if content.startswith(b"%PDF-"):
        return CheckedFile(content, "application/pdf", "pdf")
    try:
        with Image.open(BytesIO(content), formats=sorted(PHOTOS)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError({"file": _("The photo has too many pixels.")})
            picture.draft("RGB", (EDGE, EDGE))  # a JPEG is read no larger than it is kept
            return CheckedFile(_rewritten(picture), "image/jpeg", "jpg")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError({"file": _("This is neither a photo nor a PDF that can be read.")}) from error


def _rewritten(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((EDGE, EDGE))
    written = BytesIO()
    upright.convert("RGB").save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
