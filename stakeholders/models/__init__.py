"""Who and where, needs, and who answers for what."""

from stakeholders.models.area import Area, Grid
from stakeholders.models.estate import Building, Estate, Household
from stakeholders.models.mandate import Mandate, Ruling
from stakeholders.models.need import NeedClass, NeedItem
from stakeholders.models.party import Party
from stakeholders.models.people import Membership, Resident, Token, User

__all__ = [
    "Area",
    "Building",
    "Estate",
    "Grid",
    "Household",
    "Mandate",
    "Membership",
    "NeedClass",
    "NeedItem",
    "Party",
    "Resident",
    "Ruling",
    "Token",
    "User",
]
