"""Files as clients send them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo() -> SimpleUploadedFile:
    """A picture of one point."""
    content = BytesIO()
    Image.new("RGB", (1, 1)).save(content, "PNG")
    return SimpleUploadedFile("1.png", content.getvalue())
