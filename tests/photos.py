"""Files to send in tests."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(color: str = "blue", name: str = "现场.png") -> SimpleUploadedFile:
    """A small picture, a new upload each time."""
    written = BytesIO()
    Image.new("RGB", (8, 8), color).save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue())
