"""Take a try out of the count."""

from django.db.models import F

from stakeholders.models import SignInTries


def give_try_back(tries: SignInTries) -> None:
    """One that was right does not count, and those before it still do.

    Else somebody who has found out a password could forget with it the codes that were guessed after it.
    """
    SignInTries.objects.filter(pk=tries.pk, count__gt=0).update(count=F("count") - 1, shut_until=None)
