"""Logging of refusals: that somebody may not do something is a line, not a fault of ours with a traceback."""

import logging
from http import HTTPStatus


class PlainRefusals(logging.Filter):
    """Take the traceback from the line about a 403; Django attaches it because the refusal was raised."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if getattr(record, "status_code", None) == HTTPStatus.FORBIDDEN:
            record.exc_info = record.exc_text = None
        return True
