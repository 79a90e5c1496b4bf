"""What hangs on a case beside its history: stances, requests, files, ratings, duplicates."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from cases.models import Attachment, Case, CaseEvent, Rating, Stance, TimeRequest

Kind = CaseEvent.Kind

STANCES = {Kind.RETURNED, Kind.CLAIMED, Kind.DISCLAIMED}
REQUESTS = {Kind.ASKED, Kind.HELD}


@dataclass(frozen=True)
class Beside:
    """All of it: each is asked for only where the history says that there is any, so that a plain case costs little."""

    stances: Sequence[Stance] = ()
    requests: Sequence[TimeRequest] = ()
    files: Sequence[Attachment] = ()
    ratings: Sequence[Rating] = ()
    duplicates: Sequence[Case] = ()

    @classmethod
    def of(cls, case: Case, kinds: Set[CaseEvent.Kind]) -> "Beside":
        """Look it up; `kinds` are those of the events of the case. A query each."""
        return cls(
            stances=list(case.stances.standing().select_related("party")) if kinds & STANCES else (),
            requests=list(case.time_requests.select_related("decided_by__user")) if kinds & REQUESTS else (),
            files=list(case.attachments.all()) if Kind.ATTACHED in kinds else (),
            ratings=list(case.ratings.all()) if Kind.RATED in kinds else (),
            duplicates=list(case.duplicates.order_by("pk").only("number", "main_case"))
            if Kind.DUPLICATE in kinds
            else (),
        )

    @property
    def before(self) -> list[Attachment]:
        """Photos from before the work."""
        return self._of_kind(Attachment.Kind.BEFORE)

    @property
    def after(self) -> list[Attachment]:
        """Photos from after the work."""
        return self._of_kind(Attachment.Kind.AFTER)

    @property
    def photos(self) -> list[Attachment]:
        """What can be shown as a picture, oldest first."""
        return [each for each in self.files if each.media_type.startswith("image/")]

    @property
    def documents(self) -> list[Attachment]:
        """What is read rather than looked at."""
        return [each for each in self.files if not each.media_type.startswith("image/")]

    def _of_kind(self, kind: Attachment.Kind) -> list[Attachment]:
        return [each for each in self.photos if each.kind == kind]
