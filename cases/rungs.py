"""The ladder of escalation: laying out for a fault when each step is due if nobody mends it."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from cases.deadlines import due
from cases.models import EscalationRule, Finding
from cases.rulebook import Rulebook
from cases.worktime import Unit

# What is known of the steps comes as one text, which both engines turn into rows: number of the finding's beginning,
# rule, moment. A step that fired for the case in this cycle stays fired; one that was cancelled starts anew.
LAY_OUT = """
INSERT INTO cases_escalation (case_id, finding_id, rule_id, cycle, due_at)
SELECT finding.case_id, finding.id, step.rule, cases_case.cycle, step.due_at
FROM {steps}
JOIN cases_finding AS finding ON finding.kind = step.kind AND finding.since = step.since
JOIN cases_case ON cases_case.id = finding.case_id
WHERE finding.id IN ({findings})
ON CONFLICT (case_id, rule_id, cycle) DO UPDATE
SET finding_id = excluded.finding_id, due_at = excluded.due_at, cancelled_at = NULL
WHERE cases_escalation.cancelled_at IS NOT NULL
"""
POSTGRESQL = (
    """unnest(%s::text[], %s::timestamptz[], %s::bigint[], %s::timestamptz[]) AS step(kind, since, rule, due_at)"""
)
SQLITE = """(
    SELECT json_extract(value, '$[0]') AS kind, json_extract(value, '$[1]') AS since,
           json_extract(value, '$[2]') AS rule, json_extract(value, '$[3]') AS due_at
    FROM json_each(%s)
) AS step"""


def lay_out(findings: Sequence[int], begun: Iterable[tuple[Finding.Kind, datetime]], rules: Rulebook) -> None:
    """Plan the steps for findings that were just opened, in one statement however many there are.

    The findings come by their keys; `begun` says of which kinds they are and since when, each pair at least once.
    """
    steps = [
        (str(kind), since, rule.pk, moment_of(rule, since, rules))
        for kind, since in dict.fromkeys(begun)
        for rule in rules.ladder
        if rule.trigger == kind
    ]
    if not steps:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = LAY_OUT.format(steps=POSTGRESQL, findings="SELECT unnest(%s::bigint[])")
            cursor.execute(statement, [*map(list, zip(*steps, strict=True)), list(findings)])
        else:
            statement = LAY_OUT.format(steps=SQLITE, findings="SELECT value FROM json_each(%s)")
            adapt = connection.ops.adapt_datetimefield_value
            told = [(kind, adapt(since), rule, adapt(moment)) for kind, since, rule, moment in steps]
            cursor.execute(statement, [json.dumps(told), json.dumps(findings)])


def moment_of(rule: EscalationRule, since: datetime, rules: Rulebook) -> datetime:
    """When a step of the ladder is due for a fault that began at `since`; an amount of 0 is at once."""
    return due(since, rule.amount, Unit(rule.unit), rules.calendar).at if rule.amount else since
