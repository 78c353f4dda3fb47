"""What hangs on synthetic tickets: promises kept and broken, tags, ratings."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from podpora.base.actors import system
from podpora.config.demo.history.service import make_service
from podpora.config.seed.chance import Chance
from podpora.desk import actions
from podpora.desk.models import Sla, Tag
from podpora.desk.values import Score, State, TagColour

TAGS = (
    "synchronizace", "kalendář", "přílohy", "hledání", "imap", "exchange", "instalace", "licence", "aktualizace", "podpis", "trial", "pre-sale",
)  # fmt: skip
FIRST, WARN = 8 * 60, timedelta(minutes=30)  # minutes until the first answer; how long before its end somebody is warned


def agreement(at: datetime) -> int | None:
    """The agreement of all synthetic tickets; the demo's are made where there is none."""
    if not Sla.objects.exists():
        make_service(by=system("seed"), at=at)
    return Sla.objects.order_by("position").values_list("pk", flat=True).first()


def tags(at: datetime) -> list[int]:
    for name in TAGS:
        actions.save_tag(name, colour=TagColour.PLAIN, is_active=True, by=system("seed"), at=at)
    return list(Tag.objects.filter(name__in=TAGS).order_by("pk").values_list("pk", flat=True))


def clocks(state: State, sla: int | None, chance: Chance) -> dict[str, object]:
    """The columns of the promise: a clock that runs where somebody waits, else what it took."""
    taken = chance.random.randint(5, 700)
    answered = state is not State.NEW
    due = chance.today + timedelta(minutes=chance.random.randint(-240, 2000)) if state.is_active else None
    late = due is not None and due <= chance.today
    look = None if due is None or late else max(due - WARN, chance.today + timedelta(days=1))
    solution = taken + chance.random.randint(60, 4000) if state.is_done else None
    key = f"first_response:{due:%Y-%m-%dT%H:%M:%SZ}" if due else ""
    return {
        "sla_id": sla, "promised_minutes": FIRST, "first_response_due_at": due, "due_at": due, "look_at": look,
        "breached_for": f'["{key}"]' if late else "[]", "warned_for": f'["{key}"]' if late else "[]",
        "first_response_minutes": taken if answered else None, "first_response_diff": FIRST - taken if answered else None,
        "solution_minutes": solution, "solution_diff": 2400 - solution if solution else None,
    }  # fmt: skip


def tagged(ticket: int, known: list[int], chance: Chance) -> Iterator[dict[str, object]]:
    """None, one or two tags."""
    for tag in sorted(chance.random.sample(known, chance.random.choice((0, 1, 1, 2)))):
        yield {"ticket_id": ticket, "tag_id": tag}


def rated(
    ticket: int, person: int | None, technician: int | None, state: State, solved_at: datetime, chance: Chance
) -> Iterator[dict[str, object]]:
    """A third of what is done was rated, mostly well."""
    if state.is_done and chance.random.random() < 0.33:
        score = Score.GOOD if chance.random.random() < 0.88 else Score.BAD
        yield {
            "ticket_id": ticket, "person_id": person, "technician_id": technician, "asked_at": solved_at, "score": score.value,
            "rated_at": min(solved_at + timedelta(hours=5), chance.today),
        }  # fmt: skip
