"""Reading known problems."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.base.folding import search_words
from podpora.people.models import Person
from podpora.problems.models import Problem, Tie
from podpora.problems.rules import affects
from podpora.problems.values import State, TieKind


def visible(*, internal: bool = False) -> QuerySet[Problem]:
    """The one place that says which problems a reader may see."""
    rows = Problem.objects.select_related("product")
    return rows if internal else rows.filter(is_public=True)


def listed(
    *, state: str = "", product: str = "", version: str = "", words: str = "", internal: bool = False, size: int = 200
) -> list[Problem]:
    """Problems, the most common first; those that are over last."""
    rows = visible(internal=internal)
    if state == "open":
        rows = rows.exclude(state__in=[State.FIXED, State.WONT_FIX])
    elif state in list(State):
        rows = rows.filter(state=state)
    if product:
        rows = rows.filter(product__code=product)
    for word in search_words(words):
        rows = rows.filter(Q(title_cs__folds=word) | Q(title_en__folds=word) | Q(code__iexact=word))
    found = [
        row
        for row in rows.order_by("-people", "-number")[:size]
        if not version or affects(row.from_version, row.to_version, version)
    ]
    return sorted(found, key=lambda row: State(row.state).is_over)


def problem(code: str, *, internal: bool = False) -> Problem:
    """NotYours if it is not there, or not public."""
    found = visible(internal=internal).filter(code=code.upper()[:20]).first()
    if found is None:
        raise NotYours
    return found


def ties(problem: Problem) -> QuerySet[Tie]:
    return problem.ties.select_related("person").order_by("-tied_at", "-pk")


def has(problem: Problem, person: Person) -> bool:
    """Did he say "me too"?"""
    return problem.ties.filter(kind=TieKind.PERSON, code=person.code).exists()


def tied_to(kind: TieKind, code: str) -> list[Problem]:
    """The problems to which a ticket or topic is tied."""
    return list(Problem.objects.filter(ties__kind=kind, ties__code=code).select_related("product").order_by("number"))


def by_codes(codes: Iterable[str]) -> list[Problem]:
    return list(Problem.objects.filter(code__in=list(codes)).select_related("product").order_by("number"))


def fixed_by(product_id: int, number: str, *, internal: bool = False) -> list[Problem]:
    """What a release of this product fixes, for its notes."""
    rows = visible(internal=internal).filter(product=product_id, fixed_in=number, state=State.FIXED)
    return list(rows.order_by("-people", "number"))


def versions_named(problem: Problem, *, size: int = 5) -> list[tuple[str, int]]:
    """Which versions people with it have, the most often first."""
    named = Counter(problem.ties.exclude(version="").values_list("version", flat=True))
    return named.most_common(size)


def with_untold() -> list[Problem]:
    """Fixed problems, some of whose people were not told yet."""
    waiting = Tie.objects.filter(problem=OuterRef("pk"), told_at=None)
    rows = Problem.objects.filter(Exists(waiting), state=State.FIXED).exclude(fixed_in="")
    return list(rows.select_related("product").order_by("pk"))


def untold(problem: Problem, size: int) -> list[Tie]:
    """Its ties whose people were not told yet, so many of them, the oldest first."""
    rows = Tie.objects.filter(problem=problem, told_at=None).select_related("problem__product", "person")
    return list(rows.order_by("pk")[: max(size, 0)])


def tickets_of(problem: Problem, person_id: int | None) -> list[str]:
    """The codes of tickets of this person that are tied to the problem."""
    return list(Tie.objects.filter(problem=problem, kind=TieKind.TICKET, person=person_id).values_list("code", flat=True))
