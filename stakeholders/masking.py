"""Personal data as all may see it. Pure."""

SHORTEST = 8  # digits of which a phone number has at least so many that some can be hidden
SHOWN = 4  # of the end


def masked_name(name: str) -> str:
    """A person's name: the surname alone."""
    return f"{name[:1]}**" if name else ""


def masked_phone(phone: str) -> str:
    """A phone number: 138****5678 without its middle, and not at all if it is too short to hide any of it."""
    if len(phone) < SHORTEST:
        return "****" if phone else ""
    return f"{phone[:3]}****{phone[-SHOWN:]}"
