"""Report a case without an account, and follow it with a code."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from cases.attaching import Upload, photos_of, written
from cases.models import Case, FollowUp
from cases.opening import open_case

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another
LENGTH = 10  # of 31 signs each: 49 bits, and few tries an hour


def report_case(*, photos: Sequence[Upload] = (), **report: Any) -> tuple[Case, str]:
    """Make a case out of what a resident reports; return it with the code that follows it, which is not kept.

    Residents report through the programs that a town offers them, which is WeChat in nearly all of them. `report` is
    what `open_case` takes of what somebody without an account can know. Raises ValidationError by field name.
    """
    code = "".join(secrets.choice(SIGNS) for _each in range(LENGTH))
    attachments = photos_of(photos)
    with written(attachments), transaction.atomic():
        case = open_case(by=None, channel=Case.Channel.WECHAT, attachments=attachments, **report)
        FollowUp.objects.create(case=case, digest=FollowUp.digest_of(case.number, code))
    return case, code
