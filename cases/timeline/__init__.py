"""The history of a case in plain sentences: event kind → sentence, symbol, quotation, basis."""

from cases.timeline.names import Names
from cases.timeline.story import Entry, story, tell, tell_notice, tell_to

__all__ = ["Entry", "Names", "story", "tell", "tell_notice", "tell_to"]
