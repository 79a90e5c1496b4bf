"""What a fresh installation starts from; editable afterwards, and never overwritten by a second seeding."""

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def need_words() -> dict[str, list[str]]:
    """The rows of `need_words.csv`: what people call each item when they speak of it, by its code."""
    with (FOLDER / "need_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["words"].split("|") for row in csv.DictReader(file)}


def need_items() -> list[dict[str, str]]:
    """Rows of `need_items.csv`: the 31 items with their class, usual lead, urgency, default times and legal basis."""
    with (FOLDER / "need_items.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
