"""Several processes collect and send mail at once: each notice is in one mail, and each mail leaves once."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.services.conftest import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

MAILS = 200

PREPARE = f"""
from django.core.management import call_command
from cases.models import CaseEvent, Notification
from stakeholders.models import Membership
from tests.factories.cases import MONDAY
from tests.factories.notices import seen_case
from tests.factories.stakeholders import PartyFactory, MembershipFactory, TownFactory, UserFactory

call_command("migrate", verbosity=0)
call_command("seed", verbosity=0)
party = PartyFactory()
members = [MembershipFactory(party=party, user__email=f"m{{n}}@example.com") for n in range({MAILS})]
case = seen_case(members[0])
events = CaseEvent.objects.filter(case=case)
Notification.objects.bulk_create(
    Notification(recipient=member, event=event, created_at=MONDAY, mail_due_at=MONDAY)
    for event in events for member in members
)
print(len(events))
"""
COLLECT = """
from cases.services import collect_mail as module
from tests.factories.cases import MONDAY
module.BATCH = 20
print(module.collect_mail(at=MONDAY))
"""
SEND = """
from django.core.mail.backends.filebased import EmailBackend
from django.db import connection
from cases.services.send_mail import send_mail
from tests.factories.cases import MONDAY

write = EmailBackend.write_message
def write_outside(self, message):
    assert not connection.in_atomic_block
    return write(self, message)
EmailBackend.write_message = write_outside
print(send_mail(at=MONDAY))
"""


def together(system: System, code: str) -> list[int]:
    return [int(system.finish(process)) for process in [system.start(code), system.start(code)]]


@pytest.mark.parametrize("engine", ["embedded", "servers"])
def test_mail_is_collected_and_sent_once_by_two_processes(engine: str, request: pytest.FixtureRequest) -> None:
    system: System = request.getfixturevalue(engine)
    events = int(system.manage(PREPARE))

    while sum(together(system, COLLECT)):  # one that finds everybody held by the other leaves them to the next round
        pass
    sent = 0
    while newly := sum(together(system, SEND)):
        sent += newly

    assert system.ask("SELECT count(*), count(DISTINCT recipient_id) FROM cases_mail") == [(MAILS, MAILS)]
    assert system.ask("SELECT count(*) FROM cases_notification WHERE mail_id IS NULL") == [(0,)]
    assert system.ask(
        "SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM cases_notification GROUP BY mail_id) m"
    ) == [(events, events)]
    written = "".join(path.read_text() for path in Path(system.env["DATA_DIR"], "mail").iterdir())
    messages = Counter(re.findall(r"^Message-ID: (\S+)$", written, re.MULTILINE | re.IGNORECASE))
    assert (sent, len(messages), set(messages.values())) == (MAILS, MAILS, {1})
    assert system.ask("SELECT count(*) FROM cases_mail WHERE sent_at IS NULL OR tries <> 1") == [(0,)]
