"""Who answers for things in the demo: twelve parties and who is above them."""

from dataclasses import dataclass

from settle_gov.demo.places import CHENGGUAN, DONGHU, DONGHU_VILLAGE, TOWN
from stakeholders.models import Area, Party

Kind = Party.Kind


@dataclass(frozen=True)
class PartyPlan:
    """A party as it is to be written; `supervisor` is the code of one named before it."""

    code: str
    name: str
    name_en: str
    kind: Party.Kind
    area: str = TOWN
    supervisor: str | None = "town"


# The police answer to their own department, so a case that they leave lying is raised to the town office.
PARTIES = [
    PartyPlan("town", "清禾镇政府", "Town Government", Kind.STREET, supervisor=None),
    PartyPlan("housing", "镇住建办", "Housing Office", Kind.HOUSING),
    PartyPlan("urban", "镇城管中队", "Urban Management", Kind.URBAN),
    PartyPlan("civil", "镇社会事务办", "Social Affairs", Kind.CIVIL),
    PartyPlan("justice", "清禾司法所", "Justice Office", Kind.JUSTICE),
    PartyPlan("police", "清禾派出所", "Police Station", Kind.POLICE, supervisor=None),
    PartyPlan("utility", "清禾水电气公司", "Qinghe Utilities", Kind.UTILITY),
    PartyPlan("platform", "清禾城投公司", "City Investment", Kind.OTHER),
    PartyPlan("anju", "安居物业", "Anju Property", Kind.PROPERTY, supervisor="housing"),
    PartyPlan("donghu", "东湖社区居委会", "East Lake Committee", Kind.COMMITTEE, area=DONGHU),
    PartyPlan("chengguan", "城关社区居委会", "Chengguan Committee", Kind.COMMITTEE, area=CHENGGUAN),
    PartyPlan("village", "东湖村村委会", "East Lake Village", Kind.VILLAGE, area=DONGHU_VILLAGE),
]


def make_parties(areas: dict[str, Area]) -> dict[str, Party]:
    """Write the parties; return them by code."""
    parties: dict[str, Party] = {}
    for plan in PARTIES:
        parties[plan.code] = Party.objects.create(
            code=plan.code,
            name=plan.name,
            name_en=plan.name_en,
            kind=plan.kind,
            area=areas[plan.area],
            supervisor=parties[plan.supervisor] if plan.supervisor else None,
        )
    return parties
