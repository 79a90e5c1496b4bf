"""The registers: what of their rows is given once, and in which division each row lies."""

from django.db.models import Model

from stakeholders.models import Area, Building, Estate, Grid, Household, NeedClass, NeedItem, Party, Resident

Row = Area | Grid | Estate | Building | Household | Resident | Party | NeedClass | NeedItem

# Histories name these rows: what tells who or where somebody or something was never changes. Which duties hold at an
# estate follows from where it lies, and moving it would rewrite the past.
LASTING: dict[type[Model], tuple[str, ...]] = {
    Area: ("code",),
    Grid: ("code",),
    Estate: ("code", "area"),
    Building: ("code", "estate"),
    Household: ("code",),
    Resident: ("name", "phone"),
    Party: ("code",),
    NeedClass: ("code",),
    NeedItem: ("code", "need_class"),
}


def area_code_of(row: Row) -> str | None:
    """The code of the division that a row lies in; needs lie nowhere, they are the same for all."""
    match row:
        case Area():
            return row.code
        case Grid() | Estate() | Party():
            return row.area_id
        case Building():
            return row.estate.area_id
        case Household():
            return row.building.estate.area_id
        case Resident():
            return row.household.building.estate.area_id
    return None
