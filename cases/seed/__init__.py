"""Rules that a fresh installation starts from; editable afterwards, and never overwritten by a second seeding."""

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def reply_templates() -> list[dict[str, str]]:
    """Rows of `reply_templates.csv`: what people write again and again, by action."""
    with (FOLDER / "reply_templates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def statutory_limits() -> list[dict[str, str]]:
    """Rows of `statutory_limits.csv`: time limits that laws set, and by how much they let them be extended at most."""
    with (FOLDER / "statutory_limits.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
