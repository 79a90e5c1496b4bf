"""Duties that are only thought of, as somebody types them: row by row, kept in the page and nowhere else."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from settle_gov.web.duties.draft_offer import Offer
from settle_gov.web.duties.record_forms import DayField, beginning_of
from settle_gov.web.duties.scope import moment_of
from stakeholders.duty_list.limits import LIST_ROWS, check_size
from stakeholders.duty_list.read import read_duties
from stakeholders.duty_list.report import DutyListReport
from stakeholders.eligibility import require_eligible
from stakeholders.models import Mandate, Membership, NeedClass, NeedItem

MOST_ROWS = 50  # that are typed; a longer list is a file


class DraftForm(forms.Form):
    """One row: who answers as what, where, for what, from when."""

    party = forms.ChoiceField(label=gettext_lazy("Party"), error_messages={"required": gettext_lazy("Choose a party.")})
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    place = forms.ChoiceField(
        label=gettext_lazy("Where"), error_messages={"required": gettext_lazy("Choose where it holds.")}
    )
    matter = forms.ChoiceField(
        label=gettext_lazy("For what"), error_messages={"required": gettext_lazy("Choose for what it holds.")}
    )
    valid_from = DayField(
        label=gettext_lazy("First day"), error_messages={"required": gettext_lazy("Give the day it begins.")}
    )

    CHOSEN: Mapping[str, str | Promise] = {
        "party": gettext_lazy("Choose a party"),
        "place": gettext_lazy("Choose a place"),
        "matter": gettext_lazy("Choose an item"),
    }

    def __init__(self, data: Any = None, *, offer: Offer, prefix: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        self._offer = offer
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "input"
            if name in offer.options:
                blank = [("", self.CHOSEN[name])] if name in self.CHOSEN else []
                cast(forms.ChoiceField, field).choices = [*blank, *offer.options[name]]

    def clean(self) -> dict[str, Any]:
        """Refuse a party that is closed down by then, as recording it would."""
        chosen = self.cleaned_data
        if "party" in chosen and "valid_from" in chosen:
            party, begins = self._offer.parties[chosen["party"]], beginning_of(chosen["valid_from"])
            require_eligible(party, by=self._offer.by, at=begins, field="party")
        return chosen

    @property
    def is_empty(self) -> bool:
        """Nothing was chosen; the role and the day are filled in from the start."""
        return not any(self.typed[name] for name in self.CHOSEN)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by the names of the fields."""
        return {name: self.data.get(self.add_prefix(name), "") for name in self.fields}

    def moved_to(self, prefix: str) -> "DraftForm":
        """The same row with another number."""
        data = {f"{prefix}-{name}": value for name, value in self.typed.items()}
        return DraftForm(data, offer=self._offer, prefix=prefix)

    @property
    def mandate(self) -> Mandate:
        """The duty, not saved; only of a row that is right."""
        chosen, kind = self.cleaned_data, self.cleaned_data["place"].partition(":")[0]
        matter = self._offer.matters[chosen["matter"]]
        return Mandate(
            party=self._offer.parties[chosen["party"]],
            role=chosen["role"],
            valid_from=beginning_of(chosen["valid_from"]),
            need_class=matter if isinstance(matter, NeedClass) else None,
            need_item=matter if isinstance(matter, NeedItem) else None,
            **{kind: self._offer.places[chosen["place"]]},
        )


class SheetForm(forms.Form):
    """What belongs to all rows: a file with more of them, the day to look at, and how many there are."""

    file = forms.FileField(
        label=gettext_lazy("Duty list"),
        required=False,
        allow_empty_file=True,  # what reads it says it better
    )
    at = DayField(
        label=gettext_lazy("Day to look at"),
        help_text=gettext_lazy("Left empty, it is the first day on which all of it holds."),
        required=False,
    )
    rows = forms.IntegerField(min_value=0, max_value=MOST_ROWS, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, by: Membership) -> None:
        super().__init__(data, files)
        self._by = by
        self.fields["file"].help_text = _(
            "CSV or XLSX, at most %(rows)s rows. It is read and not kept: choose it again when you change something."
        ) % {"rows": f"{LIST_ROWS:,}"}
        for name in ("file", "at"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean_file(self) -> DutyListReport | None:
        """Read the duty list."""
        file: File[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        check_size(file.size)
        return read_duties(BytesIO(file.read()), name=str(file.name), by=self._by)

    @property
    def report(self) -> DutyListReport | None:
        """What the file says."""
        return self.cleaned_data.get("file") if self.is_bound else None


class Drafts:
    """All that stands on the page: the rows that were added, the one that is being typed, and a file."""

    def __init__(self, request: HttpRequest, offer: Offer, *, by: Membership, about: Mapping[str, str]) -> None:
        self._offer = offer
        self.rows: list[DraftForm] = []
        first: dict[str, Any] = {"role": Mandate.Role.LEAD.value, "valid_from": timezone.localdate(), **about}
        self.new = DraftForm(offer=offer, prefix="new", initial=first)
        if request.method != "POST":
            self.sheet = SheetForm(by=by)
            return
        self.sheet = SheetForm(request.POST, request.FILES, by=by)
        self.sheet.full_clean()
        known = range(self.sheet.cleaned_data.get("rows", 0))
        rows = [DraftForm(request.POST, offer=offer, prefix=f"row{number}") for number in known]
        typed = DraftForm(request.POST, offer=offer, prefix="new")
        if "remove" in request.POST:  # what is being typed stays as it is
            rows = [row for row in rows if row.prefix != f"row{request.POST['remove']}"]
            self.new = DraftForm(offer=offer, prefix="new", initial=typed.typed)
        else:
            rows = self._with(rows, typed)
        self.rows = [row.moved_to(f"row{number}") for number, row in enumerate(rows)]

    def _with(self, rows: list[DraftForm], typed: DraftForm) -> list[DraftForm]:
        """Add the row that was typed, if it is right; the next one is about the same place, from the same day."""
        if typed.is_empty or (typed.is_valid() and len(rows) < MOST_ROWS):
            self.new = DraftForm(offer=self._offer, prefix="new", initial={**typed.typed, "party": "", "matter": ""})
            return rows if typed.is_empty else [*rows, typed]
        self.new = typed
        if typed.is_valid():
            words = _("At most %(most)d rows can be typed; put a longer list into a file.") % {"most": MOST_ROWS}
            typed.add_error(None, ValidationError(words, code="too_many"))
        return rows

    @cached_property
    def wrong(self) -> list[tuple[str, forms.BaseForm]]:
        """The forms in which something is wrong, with the names of rows."""
        rows = [(_("Row %(number)d") % {"number": number}, row) for number, row in enumerate(self.rows, start=1)]
        named = [*rows, (_("New row"), self.new), ("", self.sheet)]
        return [(name, form) for name, form in named if form.errors]

    @property
    def complaints(self) -> list[tuple[str, str, str]]:
        """All that is wrong: which row and field, the id of the field, and what is wrong with it."""
        found = []
        for row, form in self.wrong:
            for name, errors in form.errors.items():
                field = form[name] if name in form.fields else None
                label = " · ".join(part for part in (row, str(field.label) if field else "") if part)
                found += [(label, field.auto_id if field else "", str(error)) for error in errors]
        return found

    @cached_property
    def mandates(self) -> list[Mandate]:
        """What is drafted; only where nothing is wrong."""
        report = self.sheet.report
        return [*(row.mandate for row in self.rows), *(report.good.values() if report else ())]

    @property
    def day(self) -> date:
        """The day to look at: the one asked for, or the first on which all holds, not before today."""
        asked: date | None = self.sheet.cleaned_data.get("at")
        begins = [timezone.localdate(mandate.valid_from) for mandate in self.mandates]
        return asked or max([timezone.localdate(), *begins])

    @property
    def moment(self) -> datetime:
        """The instant at which the ledger is asked."""
        return moment_of(self.day)

    @property
    def sleeping(self) -> int:
        """How many of the drafts have not begun by then."""
        return sum(mandate.valid_from > self.moment for mandate in self.mandates)


def problems_of(report: DutyListReport, most: int) -> Sequence[tuple[int, str]]:
    """What is wrong with the first rows of a file that cannot be used, by the number of the row."""
    return [(refusal.number, " ".join(refusal.problems)) for refusal in report.refusals[:most]]
