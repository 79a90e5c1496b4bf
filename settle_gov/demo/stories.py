"""How the cases of the demo go: each plot is what people would do, one service call at a time, until now."""

from collections.abc import Generator
from datetime import datetime
from itertools import count
from random import Random

from cases.models import Case, Custody, StatutoryRule
from cases.policies import is_possible
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.link_duplicate import link_duplicate
from cases.services.log_case import log_case
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.void_case import void_case
from cases.workflow import Action
from cases.worktime import WorkCalendar
from settle_gov.demo import words
from settle_gov.demo.pace import AROUND_THE_CLOCK, DAY, Scene
from settle_gov.demo.people import Cast
from settle_gov.demo.replay import Replay, Story, beat_after
from settle_gov.demo.reports import Plot, Report
from settle_gov.demo.waits import Waits
from stakeholders.ledger import answer_at
from stakeholders.models import Membership, Party

Channel = Case.Channel

# How many of the reporters are called afterwards, and what they say; the three rates of a county that does well
RATED, CONTACTED, SOLVED, SATISFIED = 0.85, 0.88, 0.84, 0.80

# Who is asked to step in where nobody answers, by class of need; the town itself for all others
STAND_INS = {"1": "housing", "2": "urban", "3": "urban", "4": "police", "8": "civil", "10": "civil"}


class Stories(Waits):
    """Tells what becomes of reports."""

    def __init__(self, cast: Cast, parties: dict[str, Party], replay: Replay, calendar: WorkCalendar, chance: Random):
        super().__init__(cast, calendar, chance)
        self.parties, self.replay = parties, replay
        self.calls = count(1)
        self.by_id: dict[int | None, Party] = {party.pk: party for party in parties.values()}

    def of(self, report: Report) -> Story:
        """The story of one report, from the call to the closing or to now."""
        yield report.at
        case, at = self._log(report), report.at
        if case.resolve_due_at is not None and case.urgency in AROUND_THE_CLOCK:
            self.replay.add(beat_after(case.resolve_due_at))  # such a deadline ends at any hour, not in the evening
        if case.lead_id is None:
            self.replay.add(beat_after(at))
            if report.plot is Plot.WAITING:
                yield from self._look_again(case, at)
                return
            if report.plot in (Plot.DISPUTED, Plot.SETTLED):
                yield (at := self.in_office(at, 60, 120))
                case = self._assign(case, at, reason=words.FIRST_RECEIVER[0])
            else:
                at = yield from self._be_decided(case, at)
            case.refresh_from_db()
        yield from self._go_on(case, at, report)

    def _go_on(self, case: Case, at: datetime, report: Report) -> Story:
        """What happens once a party has the case."""
        match report.plot:
            case Plot.UNSIGNED:
                return
            case Plot.VOIDED | Plot.DUPLICATE:
                yield from self._be_voided(case, at)
            case Plot.DISPUTED:
                at = yield from self._be_disputed(case, at)
                yield from self._look_again(case, at)
            case Plot.STALLED | Plot.LEFT | Plot.PETITION | Plot.ON_HOLD:
                yield from self._lie_still(case, at, report)
            case Plot.TO_VERIFY:
                yield from self._resolve(case, at, report)
            case _:
                yield from self._come_to_an_end(case, at, report)

    def _come_to_an_end(self, case: Case, at: datetime, report: Report) -> Story:
        if report.plot is Plot.RETURNED:
            case, at = yield from self._be_returned(case, at)
        if report.plot is Plot.SETTLED:
            at = yield from self._be_disputed(case, at)
            at = yield from self._be_settled(case, at)
        yield from self._finish(case, at, report)

    def _lie_still(self, case: Case, at: datetime, report: Report) -> Story:
        """Somebody has taken it up, and it is not done yet, for one reason or another."""
        if report.plot is Plot.PETITION:
            yield (at := self.in_office(at, 20, 60))
            rule = StatutoryRule.objects.get(code="petition-finish")
            start_statutory_timer(case, rule=rule, by=self.cast.coordinator, reason=words.PETITION, at=at)
        at = yield from self._take_up(case, at)
        if report.plot is Plot.LEFT:
            put_in_charge(case, person=self.cast.leaver, by=self.cast.handler(case), at=at)
        if report.plot is Plot.ON_HOLD:
            yield from self.set_aside(case, at, days=40)

    # Parts of a story

    def _take_up(self, case: Case, at: datetime) -> Scene:
        """Sign for the case; most call the reporter, some leave a remark."""
        yield (at := self.later(case, at, 8, 150))
        sign_for_case(case, by=self.cast.handler(case), at=at)
        if self.happens(0.65):
            yield (at := self.later(case, at, 5, 150))
            contact_reporter(case, reason=self.chance.choice(words.CONTACTED), by=self.cast.handler(case), at=at)
        if self.happens(0.2):
            yield (at := self.later(case, at, 20, 200))
            comment_on_case(case, reason=self.chance.choice(words.COMMENTS), by=self.cast.handler(case), at=at)
        return at

    def _resolve(self, case: Case, at: datetime, report: Report) -> Scene:
        at = yield from self._take_up(case, at)
        if report.plot is not Plot.LATE and case.urgency not in AROUND_THE_CLOCK:
            at = yield from self.need_more_time(case, at)
        yield (at := self.when_done(case, at, is_late=report.plot is Plot.LATE))
        resolve_case(case, reason=report.done, by=self.cast.handler(case), at=at)
        return at

    def _finish(self, case: Case, at: datetime, report: Report) -> Story:
        """Do the work and have it checked, the second time if need be; then ask the reporter how it went."""
        at = yield from self._resolve(case, at, report)
        verifier = self.cast.verifier(case)
        if report.plot is Plot.REWORKED:
            yield (at := self.in_office(at, 40, 2 * DAY))
            rework_case(case, reason=self.chance.choice(words.NOT_DONE), by=verifier, at=at)
            yield (at := self.in_office(at, 60, 2 * DAY))
            resolve_case(case, reason=report.done, by=self.cast.handler(case), at=at)
        at = yield from self._close(case, at)
        if self.happens(RATED):
            yield from self._be_rated(case, at, report)

    def _close(self, case: Case, at: datetime) -> Scene:
        yield (at := self.in_office(at, 30, 3 * DAY))
        close_case(case, reason=self.chance.choice(words.CHECKED), by=self.cast.verifier(case), at=at)
        return at

    def _be_rated(self, case: Case, at: datetime, report: Report) -> Story:
        """The follow-up call; whoever says that it is not solved is in for another round, and then content."""
        yield (at := self.in_office(at, 60, 2 * DAY))
        solved = self.happens(SOLVED)
        satisfied = solved and self.happens(SATISFIED / SOLVED)
        rate_case(
            case,
            contacted=self.happens(CONTACTED),
            solved=solved,
            satisfied=satisfied,
            by=self.cast.verifier(case),
            at=at,
        )
        if not solved:
            case.refresh_from_db()
            yield (at := self.later(case, at, 20, DAY))
            sign_for_case(case, by=self.cast.handler(case), at=at)
            yield (at := self.later(case, at, 60, 2 * DAY))
            contact_reporter(case, reason=words.CONTACTED[0], by=self.cast.handler(case), at=at)
            resolve_case(case, reason=report.done, by=self.cast.handler(case), at=at)
            yield from self._close(case, at)

    def _be_decided(self, case: Case, at: datetime) -> Scene:
        """Wait for the coordinator; where several parties claim the matter the first may pass it on, and the next."""
        yield (at := self.when_decided(case, at))
        case.refresh_from_db()
        if case.lead_id is not None:  # a ruling has settled it meanwhile
            return at
        several = case.responsibility == Case.Responsibility.MULTI_HEAD
        reason = self.chance.choice(words.FIRST_RECEIVER if several else words.INTERIM)
        case = self._assign(case, at, reason=reason)
        if self.happens(0.45 if several else 0.2):
            case, at = yield from self._be_returned(case, at)
            if several and self.happens(0.35):
                case, at = yield from self._be_returned(case, at)
        return at

    def _be_returned(self, case: Case, at: datetime) -> Generator[datetime, None, tuple[Case, datetime]]:
        """The party says that it is not theirs, and the coordinator finds another one."""
        yield (at := self.later(case, at, 15, DAY))
        case.refresh_from_db()
        if not is_possible(case, Action.RETURN):  # it was ruled meanwhile
            return case, at
        case = self._return(case, at)
        if case.responsibility == Case.Responsibility.DISPUTED:
            at = yield from self._be_settled(case, at)
            case.refresh_from_db()
            return case, at
        yield (at := self.later(case, at, 30, DAY))
        case.refresh_from_db()
        if case.lead_id is None:  # else a ruling has settled it meanwhile
            case = self._assign(case, at, reason=self.chance.choice(words.HANDED_ON))
        return case, at

    def _be_disputed(self, case: Case, at: datetime) -> Scene:
        """Two parties pass the case to and fro; the first one has it meanwhile, and nothing is done."""
        at = yield from self._take_up(case, at)
        yield (at := self.in_office(at, 280, 320))
        case = self._return(case, at)
        yield (at := self.in_office(at, 60, 100))
        case = self._assign(case, at, reason=words.HANDED_ON[0])
        yield (at := self.in_office(at, 60, 90))
        sign_for_case(case, by=self.cast.handler(case), at=at)
        yield (at := self.in_office(at, 300, 360))
        self._return(case, at)
        return at

    def _be_settled(self, case: Case, at: datetime) -> Scene:
        """After a day or two one of them takes it, or the coordinator rules that whoever has it goes on."""
        yield (at := self.in_office(at, DAY, 3 * DAY))
        case.refresh_from_db()
        if case.responsibility == Case.Responsibility.DISPUTED:
            if self.happens(0.3):
                claim_case(case, ground=words.OURS_AFTER_ALL, by=self.cast.handler(case), at=at)
            else:
                lead = self.by_id[case.lead_id]
                rule_on_case(case, lead=lead, reason=words.RULED, by=self.cast.coordinator, at=at)
            case.refresh_from_db()
        return at

    def _be_voided(self, case: Case, at: datetime) -> Story:
        """It should never have been a case, or there is one about the same already."""
        yield (at := self.later(case, at, 30, DAY))
        alike = Case.objects.unsolved().filter(estate=case.estate_id, need_item=case.need_item_id)
        main = alike.exclude(pk=case.pk).order_by("pk").first()
        if main is not None:
            link_duplicate(case, main_case=main, reason=words.DUPLICATE, by=self.cast.coordinator, at=at)
        else:
            void_case(case, reason=self.chance.choice(words.VOID), by=self.cast.coordinator, at=at)

    def _look_again(self, case: Case, at: datetime) -> Story:
        """The grid worker passes by later and writes down that nothing has changed."""
        yield (at := self.in_office(at, 2 * DAY, 3 * DAY))
        worker = self.cast.workers[case.grid_id]
        comment_on_case(case, reason=self.chance.choice(words.STILL_THERE), by=worker, at=at)

    # What people do

    def _log(self, report: Report) -> Case:
        resident = report.resident
        return log_case(
            title=report.title,
            description=report.description,
            estate=report.estate,
            building=report.building,
            household=resident.household if resident and report.building else None,
            need_item=report.need_item,
            location_note=report.location_note,
            channel=report.channel,
            external_id=f"{report.at:%Y%m%d}{next(self.calls):05}" if report.channel == Channel.HOTLINE else "",
            reporter_name=resident.name if resident else "",
            reporter_phone=resident.phone if resident else "",
            reporter_is_anonymous=resident is not None and self.happens(0.1),
            reported_at=report.reported_at,
            at=report.at,
            by=self._logger(report),
        )

    def _logger(self, report: Report) -> Membership:
        if report.channel == Channel.GRID:
            return self.cast.workers[(report.building or report.estate).grid_id]
        return self.cast.coordinator if report.channel == Channel.WALK_IN else self.cast.client

    def _return(self, case: Case, at: datetime) -> Case:
        by = self.cast.handler(case)
        ground, legal_basis = self.chance.choice(words.GROUNDS[by.party.kind])
        case = return_case(case, ground=ground, legal_basis=legal_basis, by=by, at=at)
        self.replay.add(beat_after(at))
        return case

    def _assign(self, case: Case, at: datetime, *, reason: str) -> Case:
        """The coordinator gives the case to whoever is nearest to it and has not had it yet, in the end to the town."""
        had = set(case.custodies.filter(role=Custody.Role.LEAD).values_list("party", flat=True))
        fresh = (party for party in self._candidates(case, at) if party.pk not in had)
        lead = next(fresh, self.parties["town"])
        return reassign_case(case, lead=lead, reason=reason, by=self.cast.coordinator, at=at)

    def _candidates(self, case: Case, at: datetime) -> list[Party]:
        """Those who claim the matter, those who support it, who usually steps in."""
        if case.estate is None or case.need_item is None:
            return []
        answer = answer_at(case.estate, case.building, case.need_item, at)
        stand_in = STAND_INS.get(case.need_item.need_class.code, "town")
        claiming = self.chance.sample(answer.leads, len(answer.leads))
        return [*(self.by_id[party] for party in (*claiming, *answer.supports)), self.parties[stand_in]]
