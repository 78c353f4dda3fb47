"""What the search index gets of a problem: one document, in both languages."""

from collections.abc import Iterable, Sequence

from podpora.base.folding import folded
from podpora.problems.models import Problem
from podpora.problems.values import KIND, State
from podpora.search.rules import key
from podpora.search.values import PUBLIC, STAFF, Entry, Source

BOOST = 120


def entries(refs: Sequence[int]) -> Iterable[Entry]:
    """Problems by their primary keys. One statement."""
    for row in Problem.objects.filter(pk__in=refs).select_related("product").order_by("pk"):
        is_solved = row.state == State.FIXED
        titles = [title for title in (row.title_cs, row.title_en) if title]
        texts = [text for text in (row.symptom_cs, row.workaround_cs, row.symptom_en, row.workaround_en) if text]
        keys = [key("product", row.product.code), key("state", row.state), *(key("platform", one) for one in row.platforms)]
        keys += [
            key("version", version.removeprefix("v")) for version in (row.from_version, row.to_version, row.fixed_in) if version
        ]
        if is_solved or row.workaround_cs or row.workaround_en:
            keys.append("is:solved")
        yield Entry(
            ref=row.pk,
            title=" ".join(dict.fromkeys(titles, None)) if folded(titles[0]) != folded(titles[-1]) else titles[0],
            heading=titles[0],
            people=row.code,
            body=texts,
            keys=keys,
            sees=(PUBLIC,) if row.is_public else (STAFF,),
            code=row.code,
            made_at=row.reported_at,
            is_solved=is_solved,
            boost=BOOST,
        )


def refs(after: int, size: int) -> Sequence[int]:
    return list(Problem.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])


SOURCE = Source(KIND, entries, refs)
