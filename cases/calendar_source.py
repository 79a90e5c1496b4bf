"""Where a day or a year of the work calendar comes from: a package by its name, or a person. Pure but for the words."""

from django.utils.translation import gettext as _

BY_HAND = "by hand: "  # before the name of a person, whoever reads it in whatever language


def by_hand(person: object) -> str:
    """The source as it is kept where a person said so."""
    return f"{BY_HAND}{person}"


def is_by_hand(source: str) -> bool:
    """Say whether it was a person."""
    return source.startswith(BY_HAND)


def source_words(source: str) -> str:
    """The source as it is shown."""
    return _("by hand: %(name)s") % {"name": source.removeprefix(BY_HAND)} if is_by_hand(source) else source
