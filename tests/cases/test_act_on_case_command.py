"""`manage.py act_on_case`: the same actions from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case
from stakeholders.models import Membership
from tests.cases.cast import Cast
from tests.cases.ways import photo
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def run(case: Case, action: str, *fields: str, by: Membership, **options: str) -> str:
    told = StringIO()
    call_command("act_on_case", case.number, action, *fields, username=by.user.username, stdout=told, **options)
    return told.getvalue()


def test_command_does_it_and_says_how_the_case_stands(cast: Cast) -> None:
    case = cast.logged()

    told = run(case, "accept", by=cast.lead)

    assert told.startswith(f"{case.number}: in handling (resolve, ")
    assert case.events.filter(kind="signed", by=cast.lead).exists()


def test_command_reads_words_numbers_flags_and_lists(cast: Cast) -> None:
    case = cast.handling()

    run(case, "extend", "amount=2", "unit=working_day", "reason=等配件", by=cast.lead)
    run(case, "decide_extension", "grant=true", "reason=属实=是", by=cast.coordinator)
    parties = f"{cast.lead.party.code},{cast.coordinator.party.code}"
    run(case, "reassign", f"lead={cast.other.party.code}", f"supports={parties}", "reason=先办", by=cast.coordinator)

    assert case.time_requests.get().decision == "属实=是"
    assert set(case.custodies.filter(role="support").values_list("party__code", flat=True)) == set(parties.split(","))


def test_command_attaches_a_file(cast: Cast, uploads: Path, tmp_path: Path) -> None:
    case, file = cast.handling(), tmp_path / "现场.png"
    file.write_bytes(photo().read())

    run(case, "attach", f"file={file}", "kind=after", by=cast.lead)

    assert case.attachments.get().name == "现场.png"


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("resolve", [], "reason: This field is required."),
        ("resolve", ["reason=x", "colour=red"], "colour: There is no such field."),
        ("extend", ["amount=two", "unit=hour", "reason=x"], "amount: A valid integer is required."),
        ("extend", ["amount=2", "reason=x"], "unit: Say what the amount is counted in."),
        ("resolve", ["done"], "Write done as FIELD=VALUE."),
        ("attach", ["file=/nowhere/x.png", "kind=after"], "file: /nowhere/x.png: No such file or directory"),
        ("accept", [], "Allowed now: resolve, return, contact, put_in_charge, extend, hold, comment, attach."),
        ("void", ["reason=x"], "You may see this, but not do this."),
    ],
)
def test_command_names_what_is_wrong_and_changes_nothing(cast: Cast, action: str, fields: list[str], said: str) -> None:
    case = cast.handling()

    with pytest.raises(CommandError) as refusal:
        run(case, action, *fields, by=cast.lead)

    assert said in str(refusal.value)
    assert refusal.value.returncode == 1
    assert Case.objects.get().version == case.version


def test_command_knows_only_cases_that_the_user_sees(cast: Cast) -> None:
    case, stranger = cast.logged(), MembershipFactory()

    with pytest.raises(CommandError, match="There is no case"):
        run(case, "comment", "reason=x", by=stranger)


def test_command_asks_for_whom_somebody_of_two_parties_acts(cast: Cast) -> None:
    case = cast.logged()
    MembershipFactory(user=cast.lead.user)

    with pytest.raises(CommandError, match="acts for several"):
        run(case, "accept", by=cast.lead)
    assert "in handling" in run(case, "accept", by=cast.lead, party=cast.lead.party.code)
