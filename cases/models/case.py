"""The case: one matter, from report to close."""

from collections.abc import Iterable
from datetime import datetime

from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import workflow
from cases.models.custody import Custody
from stakeholders.models.need import Urgency
from stakeholders.models.people import Membership
from stakeholders.phone_ending import phone_ending_of
from stakeholders.reach import Reach
from stakeholders.roles import Permission, Role
from stakeholders.search import phone_ending, searchable

DESCRIPTION_LIMIT = 20_000  # characters; the longest real message seen has 7,000
NO_NUL = ProhibitNullCharactersValidator()  # PostgreSQL cannot store it, so no engine does


def is_overdue(at: datetime) -> Q:
    """The one rule: unsolved, and past the deadline to resolve. What was resolved too late is answered late instead."""
    return Q(stage__in=workflow.UNSOLVED, resolved_at__isnull=True, resolve_due_at__lt=at)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, membership: Membership) -> "CaseQuerySet":
        """The one rule of who sees which case: used by list, detail, search, export and feed alike.

        A grid worker sees the own grid; a handler what the own party holds, supports, supervises or ever did;
        whoever may see an area, all that lies in it.
        """
        if membership.role == Role.GRID_WORKER:
            return self.filter(grid=membership.grid_id)
        if membership.allows(Permission.SEE_AREA):
            return self.filter(area__code__range=membership.area.code_range)
        return self.filter(Exists(Custody.objects.filter(case=OuterRef("pk"), party=membership.party_id)))

    def for_list(self) -> "CaseQuerySet":
        """All that one line of a list shows, in one query, newest first."""
        return self.select_related("need_item", "estate", "building", "lead").order_by("-reported_at", "-id")

    def for_detail(self) -> "CaseQuerySet":
        """All that the page of a case shows of the case itself."""
        return self.select_related(
            "need_item__need_class",
            "estate",
            "building__estate",
            "household",
            "grid",
            "area",
            "lead",
            "main_case",
            "in_charge__user",
        )

    def open(self) -> "CaseQuerySet":
        """Cases that are neither closed nor void."""
        return self.filter(stage__in=workflow.OPEN, closed_at__isnull=True)

    def unsolved(self) -> "CaseQuerySet":
        """Cases whose clock runs: not yet resolved, not on hold."""
        return self.filter(stage__in=workflow.UNSOLVED, resolved_at__isnull=True)

    def unowned(self) -> "CaseQuerySet":
        """Unsolved cases that no party leads."""
        return self.unsolved().filter(lead__isnull=True)

    def waiting(self) -> "CaseQuerySet":
        """Unsolved cases of which the ledger did not name one lead: nobody has them, or a backstop meanwhile."""
        return self.unsolved().filter(responsibility__in=Case.GAPS, estate__isnull=False, need_item__isnull=False)

    def within(self, reach: Reach) -> "CaseQuerySet":
        """Cases at these estates about these items, wherever in the estate."""
        return self.filter(estate__in=reach.estates, need_item__in=reach.items)

    def overdue(self, at: datetime) -> "CaseQuerySet":
        """Unsolved cases past their resolve deadline."""
        return self.filter(is_overdue(at))

    def to_be_ruled(self) -> "CaseQuerySet":
        """Unsolved cases that a ruling on their place and item settles: those that wait, and those in dispute."""
        gaps = (*Case.GAPS, Case.Responsibility.DISPUTED)
        return self.unsolved().filter(responsibility__in=gaps, estate__isnull=False, need_item__isnull=False)

    def lately_logged_by(self, membership: Membership) -> "CaseQuerySet":
        """What somebody has logged, latest first, with its place and item; nothing that others wrote."""
        related = ("estate", "building", "need_item")
        return self.filter(logged_by=membership).select_related(*related).only(*related).order_by("-id")

    def to_check(self, at: datetime) -> "CaseQuerySet":
        """Cases on which time has brought something to look at; those longest due first."""
        return self.filter(next_check_at__lt=at).order_by("next_check_at", "id")

    def to_locate(self) -> "CaseQuerySet":
        """Cases that cannot be routed before somebody says where or what they are."""
        return self.unowned().filter(responsibility=Case.Responsibility.UNLOCATED)

    def known_as(self, channel: str, external_ids: Iterable[str]) -> "CaseQuerySet":
        """Cases that came through a channel under one of these numbers.

        Saying that the number is not empty lets both engines use the index that leaves the empty ones out.
        """
        return self.filter(channel=channel, external_id__in=external_ids).exclude(external_id="")

    def reporter_known_to(self, membership: Membership) -> "CaseQuerySet":
        """Cases whose reporter the membership may look up: the rule of `cases.policies.can_reveal`, asked of many."""
        leads = Q(lead=membership.party_id)
        if membership.allows(Permission.ASSIGN_CASE):
            return self
        if membership.allows(Permission.VERIFY_CASE):
            return self.exclude(leads)
        return self.filter(leads) if membership.allows(Permission.HANDLE_CASE) else self.none()

    def matching(self, words: str) -> "CaseQuerySet":
        """Cases in which every word occurs: in number, title, description or place; one Chinese character will do."""
        return self.filter(_says(words))

    def meant_by(self, said: str, membership: Membership) -> "CaseQuerySet":
        """What somebody looks for: cases in which every word occurs, or whose reporter's phone ends in these digits.

        The phone only for who may look the reporter up, and not of somebody who reported without a name.
        """
        if not (ending := phone_ending(said)):
            return self.matching(said)
        reported = Case.objects.filter(reporter_phone_ending=ending, reporter_is_anonymous=False)
        return self.filter(_says(said) | Q(pk__in=reported.reporter_known_to(membership).values("pk")))


def _says(words: str) -> Q:
    said = Q()
    for word in searchable(words).split():
        said &= Q(search_text__contains=word)
    return said


class Case(models.Model):
    """One matter at one place, who answers for it, how far it is, and when it must be done."""

    class Stage(models.TextChoices):
        REPORTED = workflow.Stage.REPORTED, _("reported")
        OPENED = workflow.Stage.OPENED, _("opened")
        DISPATCHED = workflow.Stage.DISPATCHED, _("dispatched")
        HANDLING = workflow.Stage.HANDLING, _("in handling")
        RESOLVED = workflow.Stage.RESOLVED, _("resolved")
        CLOSED = workflow.Stage.CLOSED, _("closed")
        ON_HOLD = workflow.Stage.ON_HOLD, _("on hold")
        VOID = workflow.Stage.VOID, _("void")

    class Channel(models.TextChoices):
        GRID = "grid", _("grid patrol")
        HOTLINE = "hotline", _("hotline")
        WECHAT = "wechat", _("WeChat")
        WALK_IN = "walk_in", _("walk-in")
        SURVEY = "survey", _("survey")
        PATROL = "patrol", _("inspection")
        API = "api", _("other system")
        OPEN311 = "open311", _("Open311")

    class Responsibility(models.TextChoices):
        HELD = "held", _("held")
        VACUUM = "vacuum", _("vacuum")
        MULTI_HEAD = "multi_head", _("multi-head")
        DISPUTED = "disputed", _("disputed")
        BACKSTOP = "backstop", _("backstop")
        UNLOCATED = "unlocated", _("to be located")

    class Asked(models.TextChoices):
        EXTENSION = "extension", _("extension")
        HOLD = "hold", _("hold")

    GAPS = (Responsibility.VACUUM, Responsibility.MULTI_HEAD, Responsibility.BACKSTOP)

    number = models.CharField(_("number"), max_length=24, unique=True)
    title = models.CharField(_("title"), max_length=120, validators=[NO_NUL])
    description = models.TextField(
        _("description"), blank=True, validators=[MaxLengthValidator(DESCRIPTION_LIMIT), NO_NUL]
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, default=Channel.GRID)
    external_id = models.CharField(_("number elsewhere"), max_length=64, blank=True, validators=[NO_NUL])

    need_item = models.ForeignKey(
        "stakeholders.NeedItem", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("need item")
    )
    urgency = models.CharField(_("urgency"), max_length=1, choices=Urgency, default=Urgency.GENERAL)
    area = models.ForeignKey("stakeholders.Area", on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    grid = models.ForeignKey(
        "stakeholders.Grid", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("grid")
    )
    estate = models.ForeignKey(
        "stakeholders.Estate", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("estate")
    )
    building = models.ForeignKey(
        "stakeholders.Building", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("building")
    )
    household = models.ForeignKey(
        "stakeholders.Household", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("household")
    )
    location_note = models.CharField(_("where exactly"), max_length=200, blank=True, validators=[NO_NUL])

    reporter_name = models.CharField(_("reporter"), max_length=40, blank=True, validators=[NO_NUL])
    reporter_phone = models.CharField(_("reporter's phone"), max_length=20, blank=True, validators=[NO_NUL])
    reporter_phone_ending = phone_ending_of("reporter_phone")
    reporter_is_anonymous = models.BooleanField(_("anonymous"), default=False)
    logged_by = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("logged by")
    )

    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.REPORTED)
    responsibility = models.CharField(_("responsibility"), max_length=12, choices=Responsibility)
    # The party of the open lead custody, or the last one once the case has ended. Kept here so that the desk of one
    # party among a million cases is one index range; only `cases/custody.py` writes it.
    lead = models.ForeignKey(
        "stakeholders.Party", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead")
    )
    main_case = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name=_("main case")
    )
    # Of the party that leads: `put_in_charge` asks for that, and whatever takes the case away takes the person off.
    in_charge = models.ForeignKey(
        "stakeholders.Membership",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    returns = models.PositiveSmallIntegerField(_("returns"), default=0)
    handoffs = models.PositiveSmallIntegerField(_("hand-offs"), default=0)
    passed_before = models.PositiveSmallIntegerField(default=0, editable=False)  # of both, before this round began
    reworks = models.PositiveSmallIntegerField(_("reworks"), default=0)
    cycle = models.PositiveSmallIntegerField(default=1, editable=False)  # grows with each reopening
    asked = models.CharField(_("asked for"), max_length=10, blank=True, choices=Asked)  # what waits to be decided

    reported_at = models.DateTimeField(_("reported at"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("contacted at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    rated_at = models.DateTimeField(_("rated at"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    ruled_at = models.DateTimeField(_("ruled at"), null=True, blank=True)  # for this case; then it is not returned
    listed_at = models.DateTimeField(_("listed for supervision at"), null=True, blank=True)
    hold_until = models.DateTimeField(_("on hold until"), null=True, blank=True)
    acted_at = models.DateTimeField(
        _("last worked on"), null=True, blank=True
    )  # or begun: when it was handed on or went on after a hold

    sign_due_at = models.DateTimeField(_("sign for by"), null=True, blank=True)
    contact_due_at = models.DateTimeField(_("contact by"), null=True, blank=True)
    resolve_due_at = models.DateTimeField(_("resolve by"), null=True, blank=True)
    due_soon_at = models.DateTimeField(null=True, editable=False)  # from when the deadline to resolve counts as near
    due_is_provisional = models.BooleanField(_("provisional"), default=False)
    deadlines = models.JSONField(default=dict, editable=False)  # per clock: see cases/clocks.py
    timer_due_at = models.DateTimeField(null=True, editable=False)  # of the statutory timer that ends first
    # The next moment at which time alone brings a fault, see `cases/faults.py`: the sweep is one look into one index.
    next_check_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)  # what lies before it has been looked at

    search_text = models.TextField(editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    head_seq = models.PositiveIntegerField(default=0, editable=False)
    head_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-reported_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(external_id=""),
                name="case_external_id_once_per_channel",
            ),
            models.CheckConstraint(
                condition=Q(building__isnull=True) | Q(estate__isnull=False), name="case_building_has_estate"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["resolved", "closed"]) | Q(resolved_at__isnull=False),
                name="case_resolved_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False) | ~Q(stage="closed") & Q(closed_at__isnull=True),
                name="case_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["dispatched", "handling"]) | Q(lead__isnull=False), name="case_at_work_has_lead"
            ),
            models.CheckConstraint(condition=~Q(main_case=F("id")), name="case_is_not_its_own_main_case"),
            models.CheckConstraint(
                condition=Q(in_charge__isnull=True) | Q(lead__isnull=False), name="case_in_charge_has_lead"
            ),
            models.CheckConstraint(
                condition=~Q(stage="on_hold") | Q(hold_until__isnull=False), name="case_on_hold_has_end"
            ),
            models.CheckConstraint(condition=Q(asked="") | Q(stage="handling"), name="case_asked_while_handled"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("reported_at")),
                name="case_resolved_after_reported",
            ),
        ]
        # Conditions are made of IS NULL alone: SQLite proves nothing else from a query with parameters.
        indexes = [
            models.Index(F("reported_at").desc(), F("id").desc(), name="case_newest"),
            models.Index(F("area"), F("reported_at").desc(), F("id").desc(), name="case_area_newest"),
            models.Index(F("grid"), F("reported_at").desc(), F("id").desc(), name="case_grid_newest"),
            models.Index(fields=["lead", "resolve_due_at"], condition=Q(closed_at__isnull=True), name="case_desk"),
            models.Index(fields=["estate", "need_item", "stage"], name="case_cell"),
            models.Index(
                fields=["next_check_at", "id"], condition=Q(next_check_at__isnull=False), name="case_next_check"
            ),
            models.Index(
                fields=["in_charge"],
                condition=Q(in_charge__isnull=False, closed_at__isnull=True),
                name="case_in_charge",
            ),
            models.Index(fields=["main_case"], condition=Q(main_case__isnull=False), name="case_duplicates"),
            models.Index(
                fields=["responsibility", "opened_at"],
                condition=Q(lead__isnull=True, resolved_at__isnull=True),
                name="case_unowned",
            ),
            models.Index(fields=["listed_at"], condition=Q(listed_at__isnull=False), name="case_listed"),
            models.Index(fields=["responsibility"], condition=Q(resolved_at__isnull=True), name="case_waiting"),
            models.Index(fields=["updated_at", "id"], name="case_changed"),
            models.Index(
                fields=["reporter_phone_ending"],
                condition=Q(reporter_phone_ending__isnull=False),
                name="case_phone_ending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The page of the case."""
        return reverse("cases:detail", args=[self.number])

    @property
    def place(self) -> str:
        """Where it is, as people say it."""
        return " ".join(str(part) for part in (self.estate, self.building) if part)

    @property
    def has_reporter(self) -> bool:
        """Whether the reporter left a name or a phone."""
        return bool(self.reporter_name or self.reporter_phone)

    @property
    def is_open(self) -> bool:
        """Neither closed nor void."""
        return self.stage in workflow.OPEN

    @property
    def has_timer(self) -> bool:
        """Whether a statutory timer runs."""
        return self.timer_due_at is not None

    @property
    def cycle_began_at(self) -> datetime:
        """When the clocks of this round began: at the opening, or at the last reopening."""
        return self.reopened_at or self.opened_at or self.reported_at

    def overdue_at(self, at: datetime) -> bool:
        """Say by the same rule as `is_overdue` whether the case is unsolved and past its deadline."""
        return self.stage in workflow.UNSOLVED and self.resolve_due_at is not None and self.resolve_due_at < at

    @property
    def was_late(self) -> bool:
        """Answered late: resolved after the deadline."""
        if self.resolve_due_at is None or self.resolved_at is None or self.stage == self.Stage.VOID:
            return False
        return self.resolved_at > self.resolve_due_at
