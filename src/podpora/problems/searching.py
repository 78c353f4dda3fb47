"""What the search index gets of a problem: one document in each language, with the words of the other where one is missing."""

from collections.abc import Iterable, Sequence

from podpora.problems.models import Problem
from podpora.problems.values import KIND, State
from podpora.search.rules import key
from podpora.search.values import PUBLIC, STAFF, Entry, Source, in_each_language, thing_and_language

BOOST = 120


def entries(refs: Sequence[int]) -> Iterable[Entry]:
    """Problems by the refs of their documents. One statement."""
    wanted = [(ref, *thing_and_language(ref)) for ref in refs]
    rows = Problem.objects.select_related("product").in_bulk({pk for _ref, pk, _language in wanted})
    for ref, pk, language in wanted:
        if (row := rows.get(pk)) is None:
            continue
        is_solved = row.state == State.FIXED
        yield Entry(
            ref=ref,
            title=row.said("title", language),
            people=row.code,
            body=[text for text in (row.said("symptom", language), row.said("workaround", language)) if text],
            keys=_keys(row, is_solved=is_solved),
            sees=(PUBLIC,) if row.is_public else (STAFF,),
            code=row.code,
            language=language,
            made_at=row.reported_at,
            is_solved=is_solved,
            boost=BOOST,
        )


def _keys(row: Problem, *, is_solved: bool) -> list[str]:
    keys = [key("product", row.product.code), key("state", row.state), *(key("platform", one) for one in row.platforms)]
    keys += [key("version", version.removeprefix("v")) for version in (row.from_version, row.to_version, row.fixed_in) if version]
    if is_solved or row.workaround_cs or row.workaround_en:
        keys.append("is:solved")
    return keys


def refs(after: int, size: int) -> Sequence[int]:
    pks = Problem.objects.filter(pk__gte=thing_and_language(after)[0]).order_by("pk").values_list("pk", flat=True)[: size + 1]
    return [ref for ref in in_each_language(pks) if ref > after][:size]


SOURCE = Source(KIND, entries, refs, is_edited=True)
