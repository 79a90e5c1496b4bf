"""What is deleted says who could see it, and a record is noted, too, where what it shows of other tables changes."""

from django.db import migrations, models

from cases.change_triggers import NoteBeside, NoteChanges, StopNoting, changed, gone, lost

OF_OLD = "FROM cases_case WHERE cases_case.id = OLD.case_id"
PARTIES = "SELECT DISTINCT party_id FROM cases_custody WHERE case_id = OLD.{case}"
OF_CASE, BESIDE_CASE = PARTIES.format(case="id"), PARTIES.format(case="case_id")
NO_PART_ANY_MORE = (
    "{case} = OLD.case_id AND NOT EXISTS (SELECT 1 FROM cases_custody AS other "
    "WHERE other.case_id = OLD.case_id AND other.party_id = OLD.party_id)"
)
HELPS = "{row}.role = 'support' AND {row}.until IS NULL"
HELPING = "SELECT case_id FROM cases_custody WHERE party_id = NEW.id AND role = 'support' AND until IS NULL"
ACTS = "SELECT id FROM stakeholders_membership WHERE user_id = NEW.id"
DISPUTED = "SELECT case_id FROM cases_dispute WHERE level_id = NEW.id AND settled_at IS NULL"
WAS_OF, IS_OF = changed("case", "id = OLD.case_id"), changed("case", "id = NEW.case_id")


def either(condition: str) -> str:
    """What holds of a row before or after it was changed."""
    return " OR ".join(condition.format(row=row) for row in ("OLD", "NEW"))


def named(table: str, column: str, *kinds: str) -> NoteBeside:
    """Records of these kinds name a row by its code."""
    return NoteBeside(table, "UPDATE", *(changed(kind, f"{column} = NEW.id") for kind in kinds), shown=["code"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0027_reporter_phone_ending"), ("stakeholders", "0009_need_words")]

    operations = [
        migrations.AddField("change", "left_party", models.BigIntegerField(null=True)),
        StopNoting("delete", NoteChanges("cases_case", "case", key="number")),
        StopNoting("delete", NoteChanges("cases_custody", "custody")),
        StopNoting("delete", NoteChanges("cases_finding", "finding")),
        # A case may be deleted before what lies beside it: keys are checked at the end.
        NoteBeside(
            "cases_case",
            "DELETE",
            gone("case"),
            gone("custody", row="beside", source="FROM cases_custody AS beside WHERE beside.case_id = OLD.id"),
            gone("finding", row="beside", source="FROM cases_finding AS beside WHERE beside.case_id = OLD.id"),
            lost("case", OF_CASE),
            lost("custody", OF_CASE, row="beside", source="JOIN cases_custody AS beside ON beside.case_id = OLD.id"),
            lost("finding", OF_CASE, row="beside", source="JOIN cases_finding AS beside ON beside.case_id = OLD.id"),
        ),
        NoteBeside(
            "cases_custody",
            "DELETE",
            gone("custody", case="cases_case", source=OF_OLD),
            lost("custody", f"{BESIDE_CASE} UNION SELECT OLD.party_id"),
            changed("case", NO_PART_ANY_MORE.format(case="id"), party="OLD.party_id"),
            changed("custody", NO_PART_ANY_MORE.format(case="case_id"), party="OLD.party_id"),
            changed("finding", NO_PART_ANY_MORE.format(case="case_id"), party="OLD.party_id"),
            changed("case", f"id = OLD.case_id AND {HELPS.format(row='OLD')}"),
        ),
        NoteBeside(
            "cases_finding",
            "DELETE",
            gone("finding", case="cases_case", source=OF_OLD),
            lost("finding", BESIDE_CASE),
            changed("case", "id = OLD.case_id AND OLD.cleared_at IS NULL"),
        ),
        # What a case shows of what lies beside it: who helps, what is wrong, the dispute
        NoteBeside("cases_custody", "INSERT", IS_OF, when=HELPS.format(row="NEW")),
        NoteBeside("cases_custody", "UPDATE", IS_OF, shown=["party_id", "role", "until"], when=either(HELPS)),
        NoteBeside("cases_finding", "INSERT", IS_OF, when="NEW.cleared_at IS NULL"),
        NoteBeside(
            "cases_finding",
            "UPDATE",
            IS_OF,
            shown=["kind", "since", "opened_at", "cleared_at"],
            when=either("{row}.cleared_at IS NULL"),
        ),
        NoteBeside("cases_dispute", "INSERT", IS_OF, when="NEW.settled_at IS NULL"),
        NoteBeside(
            "cases_dispute",
            "UPDATE",
            IS_OF,
            shown=["opened_at", "level_id", "level_due_at", "settled_at"],
            when=either("{row}.settled_at IS NULL"),
        ),
        NoteBeside("cases_dispute", "DELETE", WAS_OF, when="OLD.settled_at IS NULL"),
        # What is shown by a name: codes, the number of a case, who is in charge, who is to settle a dispute
        NoteBeside(
            "cases_case",
            "UPDATE",
            gone("case"),
            lost("case", OF_CASE),
            changed("case", "id = NEW.id OR main_case_id = NEW.id"),
            changed("custody", "case_id = NEW.id"),
            changed("finding", "case_id = NEW.id"),
            shown=["number"],
        ),
        NoteBeside("cases_disputelevel", "UPDATE", changed("case", f"id IN ({DISPUTED})"), shown=["name", "name_en"]),
        NoteBeside("stakeholders_user", "UPDATE", changed("case", f"in_charge_id IN ({ACTS})"), shown=["username"]),
        NoteBeside("stakeholders_membership", "UPDATE", changed("case", "in_charge_id = NEW.id"), shown=["user_id"]),
        NoteBeside(
            "stakeholders_party",
            "UPDATE",
            changed("case", f"lead_id = NEW.id OR id IN ({HELPING})"),
            changed("custody", "party_id = NEW.id"),
            changed("mandate", "party_id = NEW.id"),
            changed("ruling", "lead_id = NEW.id"),
            shown=["code"],
        ),
        named("stakeholders_estate", "estate_id", "case", "mandate", "ruling"),
        named("stakeholders_building", "building_id", "case", "mandate", "ruling"),
        named("stakeholders_household", "household_id", "case"),
        named("stakeholders_needclass", "need_class_id", "mandate", "ruling"),
        named("stakeholders_needitem", "need_item_id", "case", "mandate", "ruling"),
    ]
