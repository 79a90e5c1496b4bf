"""Twenty people act on one case at the same moment: one wins, the others are told why not, the history is whole."""

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.services.aftermath import assert_unharmed
from tests.services.systems import System
from tests.services.web import Answer, Deed, Web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PEOPLE = 20
PREPARE = f"""
from tests.services import town
town.build(handlers={PEOPLE}, coordinators={PEOPLE})
for _case in range(4):
    town.log()
"""
# Four things that exclude each other, and comments, which do not
ACTIONS: list[tuple[str, str, dict[str, str]]] = [
    ("handler", "accept", {}),
    ("handler", "return", {"ground": "不归我们"}),
    ("coordinator", "reassign", {"lead": "other", "reason": "首接负责"}),
    ("coordinator", "reassign", {"lead": "above", "reason": "首接负责"}),
    ("coordinator", "comment", {"reason": "已问过"}),
]
KINDS = {"accept": "signed", "return": "returned", "reassign": "reassigned", "comment": "commented"}


def different_deeds() -> list[Deed]:
    chosen = [ACTIONS[n % len(ACTIONS)] for n in range(PEOPLE)]
    return [(f"{who}-{n}", action, body) for n, (who, action, body) in enumerate(chosen)]


def codes_of(answers: Sequence[Answer]) -> Counter[str]:
    return Counter(document["code"] if status >= 400 else "done" for status, document in answers)


def done_by(deeds: Sequence[Deed], answers: Sequence[Answer]) -> Counter[str]:
    """Count the kinds of event that those brought about who were answered with 200."""
    acts = zip(deeds, answers, strict=True)
    return Counter(KINDS[action] for (_who, action, _body), (status, _document) in acts if status == 200)


def test_of_twenty_at_one_case_one_wins_and_the_others_are_told(system: System) -> None:
    system.manage(PREPARE)
    web = Web(system.web())
    _status, cases = web.send("coordinator-0", "GET", "cases/")
    read, unread, different, hurried = cases["results"]
    acceptances = [(f"handler-{n}", "accept", {}) for n in range(PEOPLE)]
    deeds = different_deeds()

    # All have read the same version
    done: Counter[str] = Counter()
    for case, attempted in ((read, acceptances), (different, deeds)):
        answers = web.at_once(case["number"], attempted, **{"If-Match": f'"{case["version"]}"'})
        codes = codes_of(answers)
        assert codes.pop("done") == 1
        # Whoever is so late that the case does not allow it any more is told that, not the version.
        assert set(codes) <= {"changed", "stage", "permission_denied"}
        done += done_by(attempted, answers)

    # Nobody says what he has read, and only one can be the first
    answers = web.at_once(unread["number"], acceptances)
    assert codes_of(answers) == {"done": 1, "stage": PEOPLE - 1}
    done += done_by(acceptances, answers)

    # Nobody says what he has read, and several may go one after the other
    answers = web.at_once(hurried["number"], deeds)
    assert set(codes_of(answers)) <= {"done", "stage", "permission_denied", "invalid"}
    hurriedly = done_by(deeds, answers)
    assert hurriedly["commented"] == sum(action == "comment" for _who, action, _body in deeds)
    done += hurriedly

    # What was answered with 200 stands in the histories, and nothing else
    assert {kind: system.count(f"cases_caseevent WHERE kind = '{kind}'") for kind in done} == done
    assert_unharmed(system)
