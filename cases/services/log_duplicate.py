"""Log one more report of a matter that is a case already."""

from typing import Any

from django.db import transaction

from cases.models import Case
from cases.services.link_duplicate import link_duplicate
from cases.services.log_case import log_case
from stakeholders.models import Membership


@transaction.atomic
def log_duplicate(*, main_case: Case, by: Membership, **report: Any) -> Case:
    """Log it as `log_case` does, and join it to the case about the same matter, which counts it as one more voice.

    So the report keeps its own reporter, who hears the outcome, its words and its photos. Raises what both services
    raise.
    """
    return link_duplicate(log_case(by=by, **report), main_case=main_case, by=by)
