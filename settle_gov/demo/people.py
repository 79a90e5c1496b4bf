"""Who acts in the demo: one handler a party, one worker a grid, and the accounts that a visitor may use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from cases.models import Case
from settle_gov.demo.places import CHENGGUAN, DONGHU, SHUANGQIAO, Places
from stakeholders.models import Grid, Membership, Party, User
from stakeholders.roles import Role

# Names of accounts that a visitor signs in with; the others are people of the stories and have no password.
ACCOUNTS = ("grid", "handler", "coordinator", "auditor", "admin", "client")

OFFICE = [
    ("coordinator", "周敏", "town", Role.COORDINATOR),
    ("auditor", "赵文清", "town", Role.AUDITOR),
    ("admin", "孙志远", "town", Role.ADMINISTRATOR),
    ("client", "县 12345 热线", "town", Role.API_CLIENT),
]
HANDLERS = [
    ("handler", "陈立军", "anju"),
    ("town-office", "何晓慧", "town"),
    ("housing", "郑海波", "housing"),
    ("urban", "吴建国", "urban"),
    ("civil", "杨春梅", "civil"),
    ("justice", "宋明远", "justice"),
    ("police", "韩志强", "police"),
    ("utility", "冯德胜", "utility"),
    ("platform", "罗文博", "platform"),
    ("donghu", "王淑芬", "donghu"),
    ("chengguan", "许丽华", "chengguan"),
    ("village", "张守信", "village"),
]
# Until its own committee is elected, the workers of Twin Bridges belong to that of Chengguan
WORKERS = [
    ("grid", "李秀兰", "donghu", f"{DONGHU}001"),
    ("grid-donghu-2", "马金生", "donghu", f"{DONGHU}002"),
    ("grid-shuangqiao-1", "林海燕", "chengguan", f"{SHUANGQIAO}001"),
    ("grid-shuangqiao-2", "徐立新", "chengguan", f"{SHUANGQIAO}002"),
    ("grid-chengguan-1", "高秋月", "chengguan", f"{CHENGGUAN}001"),
]
LEAVER = ("anju-former", "刘洋", "anju")  # was in charge of a case, and nobody has taken it over
IN_OFFICE_FOR = timedelta(days=1000)
LEFT = timedelta(hours=30)


@dataclass(frozen=True)
class Cast:
    """The memberships that act, by what they act for."""

    coordinator: Membership
    client: Membership
    leaver: Membership
    handlers: dict[int | None, Membership]  # by party
    workers: dict[str | None, Membership]  # by grid

    def handler(self, case: Case) -> Membership:
        """Who handles a case for the party that has it."""
        return self.handlers[case.lead_id]

    def verifier(self, case: Case) -> Membership:
        """Who checks the work: the grid worker, or the coordinator where that would be the party that did it."""
        worker = self.workers[case.grid_id]
        return self.coordinator if worker.party_id == case.lead_id else worker


def make_people(places: Places, parties: dict[str, Party], *, password: str, now: datetime) -> Cast:
    """Write users and memberships; the accounts share one password, hashed once because a good hash takes time."""
    usernames = {each[0]: each[1] for each in (*OFFICE, *HANDLERS, LEAVER, *WORKERS)}
    hashed, unusable = make_password(password), make_password(None)
    users = {
        user.username: user
        for user in User.objects.bulk_create(
            User(
                username=username,
                name=name,
                password=hashed if username in ACCOUNTS else unusable,
                is_staff=username == "admin",
                is_superuser=username == "admin",
                date_joined=now - IN_OFFICE_FOR,
            )
            for username, name in usernames.items()
        )
    }
    since = now - IN_OFFICE_FOR

    def member(username: str, party: Party, role: Role, grid: Grid | None = None) -> Membership:
        area = grid.area if grid else party.area
        return Membership(user=users[username], party=party, role=role, area=area, grid=grid, since=since)

    grids = {grid.code: grid for grid in places.grids}
    office = [member(username, parties[party], role) for username, _, party, role in OFFICE]
    handlers = [member(username, parties[party], Role.HANDLER) for username, _, party in HANDLERS]
    workers = [member(username, parties[party], Role.GRID_WORKER, grids[grid]) for username, _, party, grid in WORKERS]
    leaver = member(LEAVER[0], parties[LEAVER[2]], Role.HANDLER)
    leaver.until = now - LEFT
    Membership.objects.bulk_create([*office, *handlers, leaver, *workers])
    return Cast(
        coordinator=office[0],
        client=office[3],
        leaver=leaver,
        handlers={each.party_id: each for each in handlers},
        workers={each.grid_id: each for each in workers},
    )
