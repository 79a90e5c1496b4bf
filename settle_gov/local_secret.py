"""The secrets of an embedded installation, drawn once and kept beside its database."""

import os
import secrets
import tempfile
from pathlib import Path


def local_secret(path: Path, *, length: int = 50) -> str:
    """Return the secret kept at `path`, drawing it on first use; only its owner may read the file.

    It is written elsewhere and then linked into place, so that no other process ever reads half of it; of several that
    draw at once, the first to link has drawn for all.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # readable by its owner only
        drawn = Path(name)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(length))
            os.link(drawn, path)
        except FileExistsError:
            pass
        finally:
            drawn.unlink()
    return path.read_text().strip()
