"""Writing about known problems."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, Max, Value
from django.db.models.functions import Cast, Concat

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import Reason
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Product
from podpora.problems import notices, rules
from podpora.problems.models import Problem, Tie
from podpora.problems.values import KIND, Facts, State, Tied
from podpora.search import actions as search
from podpora.search.values import in_each_language


@transaction.atomic
def create_problem(facts: Facts, *, external_id: str = "", by: Actor, at: datetime) -> Problem:
    """A new problem: reported. Its number is the next one."""
    rules.check_facts(facts)
    product = _product(facts.product)
    number = (Problem.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1
    problem = Problem(number=number, code=f"P-{number}", product=product, reported_at=at, changed_at=at, external_id=external_id)
    _set(problem, facts)
    problem.save()
    search.index(KIND, in_each_language([problem.pk]), at=at)
    audit.record(
        "problem.created", problem, by=by, at=at, after={"title": problem.title_en or problem.title_cs, "state": problem.state}
    )
    return problem


def _product(code: str) -> Product:
    found = Product.objects.select_for_update().filter(code=code).first()  # numbers are given out one after the other
    if found is None:
        raise InvalidInput({"product": ["unknown"]})
    return found


def _set(problem: Problem, facts: Facts) -> None:
    for name, value in asdict(facts).items():
        if name != "product":
            setattr(problem, name, list(value) if name == "platforms" else value.strip() if isinstance(value, str) else value)


@transaction.atomic
def change_problem(problem: Problem, facts: Facts, *, by: Actor, at: datetime) -> Problem:
    """Change what is known of it. The same again changes nothing."""
    rules.check_facts(facts)
    product = _product(facts.product)
    row = _locked(problem)
    before = _said(row)
    row.product = product
    _set(row, facts)
    after = _said(row)
    if before != after:
        row.changed_at = at
        row.save()
        search.index(KIND, in_each_language([row.pk]), at=at)
        audit.record(
            "problem.changed", row, by=by, at=at, facts={"fields": sorted(name for name in after if after[name] != before[name])}
        )
    return row


def _said(row: Problem) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Facts.__dataclass_fields__ if name != "product"} | {"product": row.product.code}


@transaction.atomic
def set_state(problem: Problem, state: State, *, fixed_in: str = "", why: str = "", by: Actor, at: datetime) -> Problem:
    """How far it is. Fixed needs a version, not to be fixed a reason. Everybody tied is told when that version is out."""
    rules.check_state(state, fixed_in, why)
    row = _locked(problem)
    version = fixed_in.strip().removeprefix("v") if state is State.FIXED else ""
    said = (state.value, version, why.strip() if state is State.WONT_FIX else "")
    if said == (row.state, row.fixed_in, row.why):
        return row
    before = row.state
    row.state, row.fixed_in, row.why = said
    row.changed_at = at
    row.save(update_fields=["state", "fixed_in", "why", "changed_at"])
    search.index(KIND, in_each_language([row.pk]), at=at)
    if before == State.FIXED:  # it was not: who was told then is told again when it really is
        Tie.objects.filter(problem=row).exclude(told_at=None).update(told_at=None)
    facts = {"state": row.state, "fixed_in": row.fixed_in}
    audit.record("problem.state", row, by=by, at=at, before={"state": before}, after=facts)
    return row


@transaction.atomic
def tie(problem: Problem, tied: Tied, *, by: Actor, at: datetime) -> Tie:
    """Somebody has it, or a ticket or topic is about it. Told again, the version may be corrected."""
    row = _locked(problem)
    rules.may_tie(row.code, State(row.state), tied).or_refuse()
    facts = {"person_id": tied.person_id, "version": tied.version.strip()[:30], "platform": tied.platform.strip()[:20]}
    found = Tie.objects.filter(problem=row, kind=tied.kind, code=tied.code).first()
    if found is None:
        found = Tie.objects.create(problem=row, kind=tied.kind, code=tied.code[:40], tied_at=at, **facts)
        audit.record("problem.tied", row, by=by, at=at, facts={"kind": tied.kind.value, "code": tied.code})
        _count(row)
    elif facts["version"] and facts["version"] != found.version:
        found.version, found.platform = facts["version"], facts["platform"] or found.platform
        found.save(update_fields=["version", "platform"])
    return found


@transaction.atomic
def untie(problem: Problem, tied: Tied, *, by: Actor, at: datetime) -> bool:
    """It was something else. False if it was not tied."""
    row = _locked(problem)
    gone, _rows = Tie.objects.filter(problem=row, kind=tied.kind, code=tied.code).delete()
    if gone:
        audit.record("problem.untied", row, by=by, at=at, facts={"kind": tied.kind.value, "code": tied.code})
        _count(row)
    return bool(gone)


def _count(row: Problem) -> None:
    """How many have it: a person counts once, however many tickets he wrote about it."""
    ties = Tie.objects.filter(problem=row)
    row.people = ties.exclude(person=None).values("person").distinct().count() + ties.filter(person=None).count()
    row.save(update_fields=["people"])


def _locked(problem: Problem) -> Problem:
    return Problem.objects.select_for_update(of=("self",)).select_related("product").get(pk=problem.pk)


@transaction.atomic
def take_tie(tie: Tie, *, at: datetime) -> bool:
    """Whoever takes it tells the one tied, in the same transaction. False if somebody did before."""
    return bool(Tie.objects.filter(pk=tie.pk, told_at=None).update(told_at=at))


def tell_fixed(tie: Tie, coverage: Reason, *, url: str = "", at: datetime) -> None:
    """The fix is out: tell the one tied of it; the same person hears of one version once, however often he is tied."""
    notices.fixed(tie, coverage, url=url, at=at)


@transaction.atomic
def forget_person(person_id: int) -> None:
    """Nobody knows any more that he had these problems; that somebody had them stays."""
    Tie.objects.filter(person=person_id, kind="person").update(person=None, code=_erased())
    Tie.objects.filter(person=person_id).update(person=None)


def _erased() -> Any:
    return Concat(Value("erased-"), Cast(F("pk"), CharField()))
