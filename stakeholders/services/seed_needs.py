"""Fill in the need classes and items that are missing."""

from collections.abc import Iterable

from django.db import transaction

from stakeholders.models import NeedClass, NeedItem, NeedWord
from stakeholders.seed import need_items, need_words


@transaction.atomic
def seed_needs() -> int:
    """Add each seeded class and item whose code is not there yet, with its everyday words; return how many items.

    Where there is no word at all, as before there were any, those of all items are added.
    """
    rows = need_items()
    known_classes = set(NeedClass.objects.values_list("code", flat=True))
    missing = {row["class_code"]: row for row in rows if row["class_code"] not in known_classes}
    NeedClass.objects.bulk_create(
        NeedClass(code=code, name=row["class_name"], name_en=row["class_name_en"], position=int(code))
        for code, row in missing.items()
    )
    classes = {each.code: each for each in NeedClass.objects.all()}
    known_items = set(NeedItem.objects.values_list("code", flat=True))
    added = NeedItem.objects.bulk_create(
        NeedItem(
            code=row["code"],
            need_class=classes[row["class_code"]],
            name=row["name"],
            name_en=row["name_en"],
            position=position,
            usual_lead_kind=row["usual_lead_kind"],
            urgency=row["urgency"],
            legal_basis=row["legal_basis"],
        )
        for position, row in enumerate(rows, start=1)
        if row["code"] not in known_items
    )
    _add_words(added if NeedWord.objects.exists() else NeedItem.objects.all())
    return len(added)


def _add_words(items: Iterable[NeedItem]) -> None:
    words = need_words()
    NeedWord.objects.bulk_create(
        NeedWord(need_item=item, word=word) for item in items for word in words.get(item.code, ())
    )
