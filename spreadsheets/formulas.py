"""Texts that a spreadsheet would reckon instead of showing: somebody else has typed them."""

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> object:
    """The cell, or its text behind an apostrophe where it would begin a formula (OWASP, “CSV injection”)."""
    return f"'{cell}" if not isinstance(cell, int | float) and str(cell).startswith(BEGINNINGS) else cell
