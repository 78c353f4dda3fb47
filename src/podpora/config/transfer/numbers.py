"""Numbers that were given to documents after a backup was made are not given again when it takes the place of what is there (F25)."""

from django.apps.registry import Apps
from django.db import connection

from podpora.orders.models import InvoiceCounter

Counters = dict[str, int]


def counters() -> Counters:
    """Series -> the last number that the database gives now; empty for one that has none yet."""
    if InvoiceCounter._meta.db_table not in connection.introspection.table_names():
        return {}
    return dict(InvoiceCounter.objects.values_list("series", "last"))


def keep_ahead(registry: Apps, before: Counters) -> list[str]:
    """Count on from where the replaced database was. What to tell: each series with the numbers whose documents are not in the backup."""
    table = registry.get_model("orders", "InvoiceCounter")._base_manager
    told = []
    for series, last in sorted(before.items()):
        row, _ = table.get_or_create(series=series)
        if row.last < last:
            told.append(f"{series}: {row.last + 1} to {last}")
            table.filter(pk=row.pk).update(last=last)
    return told
