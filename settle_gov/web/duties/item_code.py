"""The code of a need item in an address: 3.1."""

from django.urls.converters import StringConverter


class ItemCode(StringConverter):
    """Two numbers; what looks otherwise is no address, and never reaches the database."""

    regex = r"[0-9]{1,3}\.[0-9]{1,3}"
