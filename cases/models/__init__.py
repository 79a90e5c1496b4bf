"""What happens: cases, who holds them, what is wrong with them, and their history."""

from cases.models.attachment import Attachment
from cases.models.bulk_job import BulkJob, BulkRow
from cases.models.calendar import WorkCalendarDay, WorkCalendarYear
from cases.models.case import Case
from cases.models.case_import import CaseImport, RefusedRow
from cases.models.change import Change
from cases.models.custody import Custody
from cases.models.dispute import CaseRuling, Dispute, DisputeLevel
from cases.models.edition import RulebookEdition
from cases.models.escalation import Escalation, EscalationRule
from cases.models.event import CaseEvent
from cases.models.finding import Finding
from cases.models.follow_up import FollowUp
from cases.models.job import JobFault, JobRun
from cases.models.mail import Mail
from cases.models.notice_settings import NoticeSettings
from cases.models.notification import Notification
from cases.models.number import NumberSeries
from cases.models.rating import Rating
from cases.models.reply_template import ReplyTemplate
from cases.models.rule import DeadlineRule
from cases.models.stance import Stance
from cases.models.statutory import StatutoryRule, StatutoryTimer
from cases.models.submission import Submission
from cases.models.time_request import TimeRequest
from cases.models.webhook import Delivery, Webhook

__all__ = [
    "Attachment",
    "BulkJob",
    "BulkRow",
    "Case",
    "CaseEvent",
    "CaseImport",
    "CaseRuling",
    "Change",
    "Custody",
    "DeadlineRule",
    "Delivery",
    "Dispute",
    "DisputeLevel",
    "Escalation",
    "EscalationRule",
    "Finding",
    "FollowUp",
    "JobFault",
    "JobRun",
    "Mail",
    "NoticeSettings",
    "Notification",
    "NumberSeries",
    "Rating",
    "RefusedRow",
    "ReplyTemplate",
    "RulebookEdition",
    "Stance",
    "StatutoryRule",
    "StatutoryTimer",
    "Submission",
    "TimeRequest",
    "Webhook",
    "WorkCalendarDay",
    "WorkCalendarYear",
]
