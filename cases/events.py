"""The seam between what happened and what follows: other modules hook in by kind of event, nobody calls them."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from cases.models import CaseEvent

Handler = Callable[[Sequence[CaseEvent]], None]

_handlers: dict[str, list[Handler]] = defaultdict(list)
_handlers_of_all: list[Handler] = []


def on(*kinds: CaseEvent.Kind) -> Callable[[Handler], Handler]:
    """Register a function for kinds of event.

    It runs in a worker after commit, gets all events of the kind in a batch, and may run again for the same event.
    """

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            _handlers[kind].append(handler)
        return handler

    return register


def on_all(handler: Handler) -> Handler:
    """Register a function for whatever happens, as `on` does for kinds; it gets a batch as a whole."""
    _handlers_of_all.append(handler)
    return handler


def dispatch(batch: Sequence[CaseEvent]) -> None:
    """Hand a batch of events to whoever registered for their kinds."""
    by_kind: dict[str, list[CaseEvent]] = defaultdict(list)
    for event in batch:
        by_kind[event.kind].append(event)
    for kind, events in by_kind.items():
        for handler in _handlers.get(kind, ()):  # a newer version may have written a kind that is unknown here
            handler(events)
    for handler in _handlers_of_all:
        handler(batch)


def heard() -> list[CaseEvent.Kind]:
    """The kinds of event for which somebody has registered by name, in the order of a case's life."""
    return [kind for kind in CaseEvent.Kind if _handlers.get(kind)]
