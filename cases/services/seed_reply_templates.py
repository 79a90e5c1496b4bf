"""Fill in the reply templates of a fresh installation."""

from django.db import transaction

from cases.models import ReplyTemplate
from cases.seed import reply_templates


@transaction.atomic
def seed_reply_templates() -> int:
    """Add those that are seeded where there is none at all, for who has taken one away does not want it back; return
    how many were added.
    """
    if ReplyTemplate.objects.exists():
        return 0
    return len(ReplyTemplate.objects.bulk_create(ReplyTemplate(**row) for row in reply_templates()))
