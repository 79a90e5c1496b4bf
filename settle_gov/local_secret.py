"""The secrets of an embedded installation, drawn once and kept beside its database."""

import secrets
from pathlib import Path


def local_secret(path: Path, *, length: int = 50) -> str:
    """Return the secret kept at `path`, drawing it on first use; only its owner may read the file."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    drawn = secrets.token_urlsafe(length)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(drawn)
    except FileExistsError:  # two processes started together: the first one drew
        return path.read_text().strip()
    return drawn
