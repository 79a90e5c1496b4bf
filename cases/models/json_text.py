"""JSON that is kept as text."""

import json
from typing import Any

from django.db import models


class JSONText(models.TextField):  # type: ignore[type-arg]  # it takes no parameter at run time
    """What a client sent, to be read again as it was and never searched.

    PostgreSQL's own JSON refuses what JSON allows: a NUL in a string, a number past all bounds. None is NULL.
    """

    _pyi_private_get_type: Any  # for the type checker: it holds whatever JSON can say
    _pyi_private_set_type: Any

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        """Read it."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Write it, in ASCII."""
        return None if value is None else json.dumps(value)
