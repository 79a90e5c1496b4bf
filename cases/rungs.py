"""The ladder of escalation: laying out for a fault when each step is due if nobody mends it."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from cases.deadlines import due
from cases.models import EscalationRule, Finding
from cases.rulebook import Rulebook
from cases.worktime import Unit

# A step that fired for the case in this cycle stays fired; one that was cancelled starts anew.
LAY_OUT = """
INSERT INTO cases_escalation (case_id, finding_id, rule_id, cycle, due_at)
SELECT finding.case_id, finding.id, step.rule, cases_case.cycle, step.due_at
FROM {steps}
JOIN cases_case ON cases_case.id = finding.case_id
WHERE true
ON CONFLICT (case_id, rule_id, cycle) DO UPDATE
SET finding_id = excluded.finding_id, due_at = excluded.due_at, cancelled_at = NULL
WHERE cases_escalation.cancelled_at IS NOT NULL
"""
# What began at the same moment has the same steps: they travel once, and the findings as one array.
POSTGRESQL = """
unnest(%s::text[], %s::timestamptz[], %s::bigint[], %s::timestamptz[]) AS step(kind, since, rule, due_at)
JOIN cases_finding AS finding ON finding.kind = step.kind AND finding.since = step.since AND finding.id = ANY(%s)
"""
# SQLite would look through all steps for each finding, so each step names its own; all come as one text.
SQLITE = """
(
    SELECT json_extract(value, '$[0]') AS finding, json_extract(value, '$[1]') AS rule,
           json_extract(value, '$[2]') AS due_at
    FROM json_each(%s)
) AS step
JOIN cases_finding AS finding ON finding.id = step.finding
"""


def lay_out(findings: Sequence[int], begun: Sequence[tuple[Finding.Kind, datetime]], rules: Rulebook) -> None:
    """Plan the steps for findings that were just opened, in one statement however many there are.

    The findings come by their keys; `begun` says of each of which kind it is and since when.
    """
    steps = {
        (kind, since): [(rule.pk, moment_of(rule, since, rules)) for rule in rules.ladder if rule.trigger == kind]
        for kind, since in dict.fromkeys(begun)
    }
    if not any(steps.values()):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [(str(kind), since, *step) for (kind, since), planned in steps.items() for step in planned]
            columns = [*map(list, zip(*rows, strict=True))]
            cursor.execute(LAY_OUT.format(steps=POSTGRESQL), [*columns, list(findings)])
        else:
            adapt = connection.ops.adapt_datetimefield_value
            told = [
                (finding, rule, adapt(moment))
                for finding, beginning in zip(findings, begun, strict=True)
                for rule, moment in steps[beginning]
            ]
            cursor.execute(LAY_OUT.format(steps=SQLITE), [json.dumps(told)])


def moment_of(rule: EscalationRule, since: datetime, rules: Rulebook) -> datetime:
    """When a step of the ladder is due for a fault that began at `since`; an amount of 0 is at once."""
    return due(since, rule.amount, Unit(rule.unit), rules.calendar).at if rule.amount else since
