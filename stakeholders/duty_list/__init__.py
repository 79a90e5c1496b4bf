"""Duty lists (职责清单) as offices keep them in a spreadsheet: one row a duty. Nothing here writes the database."""
