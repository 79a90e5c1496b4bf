"""Names of files that are kept."""

from pathlib import PurePath


def kept_name(name: str, limit: int) -> str:
    """A long name loses its middle and keeps its ending, by which the kind of file is known."""
    suffix = PurePath(name).suffix[:limit]
    return name if len(name) <= limit else name[: limit - len(suffix)] + suffix
