"""What happens: cases, who holds them, what is wrong with them, and their history."""

from cases.models.calendar import WorkCalendarDay, WorkCalendarYear
from cases.models.case import Case
from cases.models.custody import Custody
from cases.models.escalation import Escalation, EscalationRule
from cases.models.event import CaseEvent
from cases.models.finding import Finding
from cases.models.job import JobRun
from cases.models.notification import Notification
from cases.models.number import NumberSeries
from cases.models.rule import DeadlineRule
from cases.models.submission import Submission

__all__ = [
    "Case",
    "CaseEvent",
    "Custody",
    "DeadlineRule",
    "Escalation",
    "EscalationRule",
    "Finding",
    "JobRun",
    "Notification",
    "NumberSeries",
    "Submission",
    "WorkCalendarDay",
    "WorkCalendarYear",
]
