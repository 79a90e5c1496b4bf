"""What was not right with a body, in the words of the API: `name`, `code` and `reason`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import ErrorDetail


def details_of(error: ValidationError) -> Any:
    """What a service refused, with its codes."""
    by_name = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return {
        "" if name == "__all__" else name: [
            ErrorDetail(message, code=each.code or "invalid") for each in errors for message in each.messages
        ]
        for name, errors in by_name.items()
    }


def flattened(detail: Any, name: str = "") -> Iterator[dict[str, str]]:
    """Flatten nested errors: `reporter.phone`, `supports.0`; what concerns the whole has the name ""."""
    match detail:
        case Mapping():
            for key, inner in detail.items():
                own = "" if key == "non_field_errors" else str(key)
                yield from flattened(inner, ".".join(filter(None, (name, own))))
        case str():
            yield {"name": name, "code": getattr(detail, "code", None) or "invalid", "reason": str(detail)}
        case _:
            for index, inner in enumerate(detail):
                yield from flattened(inner, name if isinstance(inner, str) else f"{name}.{index}")
