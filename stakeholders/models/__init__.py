"""Who and where, needs, and who answers for what."""

from stakeholders.models.account import AccountEvent, SignInTries
from stakeholders.models.area import Area, Grid
from stakeholders.models.drift import Drift
from stakeholders.models.duty_list import DutyList
from stakeholders.models.episode import Episode, StaleScope
from stakeholders.models.estate import Building, Estate, Household
from stakeholders.models.kept_answer import KeptAnswer
from stakeholders.models.mandate import Mandate, Ruling
from stakeholders.models.need import NeedClass, NeedItem, NeedWord
from stakeholders.models.party import Party
from stakeholders.models.people import Membership, Resident, Token, User
from stakeholders.models.revealing import Revealing

__all__ = [
    "AccountEvent",
    "Area",
    "Building",
    "Drift",
    "DutyList",
    "Episode",
    "Estate",
    "Grid",
    "Household",
    "KeptAnswer",
    "Mandate",
    "Membership",
    "NeedClass",
    "NeedItem",
    "NeedWord",
    "Party",
    "Resident",
    "Revealing",
    "Ruling",
    "SignInTries",
    "StaleScope",
    "Token",
    "User",
]
