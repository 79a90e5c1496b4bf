"""One way to do each action on a case: who, to which case, with what, and what comes of it; page and API alike."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.models import Case
from cases.workflow import Action
from tests.cases.cast import LIMIT, Cast

Given = dict[str, Any]
Filling = Callable[[Cast], Given]


def said(**given: Any) -> Filling:
    return lambda cast: dict(given)


@dataclass(frozen=True)
class Way:
    """`page` and `api` are what is sent; `wrong` is a body that both refuse, and at which fields of the API."""

    who: str
    make: Callable[[Cast], Case]
    page: Filling
    stage: str
    kind: str
    wrong: Given
    at: list[str]
    api: Filling | None = None
    wrong_page: Given | None = None  # None is nothing at all
    page_at: str = ""

    def body(self, cast: Cast) -> Given:
        return (self.api or self.page)(cast)


TOO_LONG = "字" * 2001
REASON = said(reason="说明原因")
SPAN = said(amount=2, unit="working_day", reason="等配件")


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    """A small picture."""
    written = BytesIO()
    Image.new("RGB", (40, 30), "green").save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


WAYS: dict[Action, Way] = {
    Action.LOCATE: Way(
        "coordinator",
        Cast.unlocated,
        lambda cast: {"place": f"building:{cast.building.code}", "need_item": "3.1"},
        "dispatched",
        "located",
        {"estate": "nowhere"},
        ["estate", "need_item"],
        api=lambda cast: {"estate": cast.building.estate.code, "building": cast.building.code, "need_item": "3.1"},
        page_at="place",
    ),
    Action.ACCEPT: Way("lead", Cast.logged, said(), "handling", "signed", {"reason": 5}, ["reason"]),
    Action.CLAIM: Way(
        "other",
        Cast.asked,
        said(ground="合同约定", legal_basis="第 3 条"),
        "opened",
        "claimed",
        {"ground": 5},
        ["ground"],
        wrong_page={"ground": TOO_LONG},
        page_at="ground",
    ),
    Action.RESUME: Way(
        "lead",
        Cast.on_hold,
        REASON,
        "handling",
        "resumed",
        {"reason": 5},
        ["reason"],
        wrong_page={"reason": TOO_LONG},
        page_at="reason",
    ),
    Action.RESOLVE: Way("lead", Cast.handling, REASON, "resolved", "resolved", {}, ["reason"], page_at="reason"),
    Action.DECIDE_EXTENSION: Way(
        "coordinator",
        Cast.asks_for_time,
        said(grant="true", reason="情况属实"),
        "handling",
        "extended",
        {"grant": "true"},
        ["grant", "reason"],
        api=said(grant=True, reason="情况属实"),
        page_at="grant",
    ),
    Action.DECIDE_HOLD: Way(
        "coordinator",
        Cast.asks_for_hold,
        said(grant="true", reason="情况属实"),
        "on_hold",
        "held",
        {"grant": None},
        ["grant", "reason"],
        api=said(grant=True, reason="情况属实"),
        page_at="grant",
    ),
    Action.VERIFY: Way("coordinator", Cast.resolved, REASON, "resolved", "verified", {}, ["reason"], page_at="reason"),
    Action.CLOSE: Way("coordinator", Cast.resolved, REASON, "closed", "verified", {}, ["reason"], page_at="reason"),
    Action.REWORK: Way("coordinator", Cast.resolved, REASON, "handling", "reworked", {}, ["reason"], page_at="reason"),
    Action.RULE: Way(
        "coordinator",
        Cast.returned,
        lambda cast: {"lead": cast.other.party.code, "scope": "case", "reason": "按合同"},
        "dispatched",
        "ruled",
        {"lead": "nobody", "scope": "town"},
        ["lead", "reason", "scope"],
        page_at="lead",
    ),
    Action.REASSIGN: Way(
        "coordinator",
        Cast.logged,
        lambda cast: {"lead": cast.other.party.code, "supports": [cast.lead.party.code], "reason": "先办"},
        "dispatched",
        "reassigned",
        {"lead": "nobody", "supports": ["nobody"]},
        ["lead", "reason", "supports.0"],
        page_at="lead",
    ),
    Action.RETURN: Way(
        "lead",
        Cast.handling,
        said(ground="合同不含", legal_basis="第 12 条"),
        "opened",
        "returned",
        {"legal_basis": "x"},
        ["ground"],
        page_at="ground",
    ),
    Action.DISCLAIM: Way(
        "other",
        Cast.asked,
        said(ground="合同不含", legal_basis="第 12 条"),
        "opened",
        "disclaimed",
        {"ground": ""},
        ["ground"],
        page_at="ground",
    ),
    Action.CONTACT: Way(
        "lead",
        Cast.handling,
        REASON,
        "handling",
        "contacted",
        {"reason": 5},
        ["reason"],
        wrong_page={"reason": TOO_LONG},
        page_at="reason",
    ),
    Action.RATE: Way(
        "coordinator",
        Cast.closed,
        said(contacted="true", solved="true", satisfied="", reason="都好"),
        "closed",
        "rated",
        {"satisfied": None},
        ["solved"],
        api=said(contacted=True, solved=True, satisfied=None, reason="都好"),
        page_at="solved",
    ),
    Action.REOPEN: Way("coordinator", Cast.closed, REASON, "dispatched", "reopened", {}, ["reason"], page_at="reason"),
    Action.PUT_IN_CHARGE: Way(
        "lead",
        Cast.logged,
        lambda cast: {"person": str(cast.lead.pk)},
        "dispatched",
        "put_in_charge",
        {"person": "nobody"},
        ["person"],
        api=lambda cast: {"person": cast.lead.user.username},
        page_at="person",
    ),
    Action.EXTEND: Way(
        "lead",
        Cast.handling,
        SPAN,
        "handling",
        "asked",
        {"amount": 0, "unit": "year"},
        ["amount", "reason", "unit"],
        page_at="reason",
    ),
    Action.HOLD: Way(
        "lead", Cast.handling, SPAN, "handling", "asked", {"until": "2026-12-01"}, ["reason", "until"], page_at="reason"
    ),
    Action.COMMENT: Way("lead", Cast.handling, REASON, "handling", "commented", {}, ["reason"], page_at="reason"),
    Action.ATTACH: Way(
        "lead",
        Cast.handling,
        lambda cast: {"file": photo(), "kind": "before"},
        "handling",
        "attached",
        {"kind": "x"},
        ["file", "kind"],
        page_at="file",
    ),
    Action.CORRECT: Way(
        "coordinator",
        Cast.handling,
        said(title="7 栋垃圾满溢", urgency="U", location_note="东门", reason="记错了"),
        "handling",
        "corrected",
        {"title": "", "urgency": "X"},
        ["title", "urgency"],
        wrong_page={"title": "", "urgency": "U"},
        page_at="title",
    ),
    Action.START_TIMER: Way(
        "coordinator",
        Cast.logged,
        said(rule=LIMIT),
        "dispatched",
        "timer_started",
        {"rule": "x"},
        ["rule"],
        page_at="rule",
    ),
    Action.EXTEND_TIMER: Way(
        "coordinator",
        Cast.with_timer,
        said(rule=LIMIT, amount=10, reason="案情复杂"),
        "dispatched",
        "timer_extended",
        {"rule": LIMIT, "amount": 31, "reason": "x"},
        ["amount"],
        wrong_page={"rule": LIMIT, "amount": 31, "reason": "x"},
        page_at="amount",
    ),
    Action.STOP_TIMER: Way(
        "coordinator",
        Cast.with_timer,
        said(rule=LIMIT, reason="已答复"),
        "dispatched",
        "timer_stopped",
        {"rule": "x"},
        ["reason", "rule"],
        page_at="rule",
    ),
    Action.LINK_DUPLICATE: Way(
        "coordinator",
        Cast.logged,
        lambda cast: {"main_case": cast.logged().number},
        "void",
        "linked",
        {"main_case": "AZ-19990101-0001"},
        ["main_case"],
        page_at="main_case",
    ),
    Action.VOID: Way("coordinator", Cast.handling, REASON, "void", "voided", {}, ["reason"], page_at="reason"),
}
