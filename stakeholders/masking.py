"""Personal data as all may see it. Pure."""


def masked_name(name: str) -> str:
    """A person's name: the surname alone."""
    return f"{name[:1]}**" if name else ""


def masked_phone(phone: str) -> str:
    """A phone number: 138****5678 without its middle, and not at all if it is too short to hide any of it."""
    if len(phone) < 8:
        return "****" if phone else ""
    return f"{phone[:3]}****{phone[-4:]}"
