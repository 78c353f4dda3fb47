"""Known problems of the sample program, in every state, with people, tickets and releases tied to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from podpora.base.actors import Actor
from podpora.catalog.models import Product
from podpora.desk.models import Ticket
from podpora.journeys import fixes
from podpora.people.models import Person
from podpora.problems import actions
from podpora.problems.values import Facts, OnFix, State


@dataclass(frozen=True, slots=True)
class Known:
    """One of them: what is known, how far it is, how long ago it was reported, a word that its tickets have."""

    facts: Facts
    state: State
    days: int
    word: str
    fixed_in: str = ""
    why: str = ""
    people: tuple[str, ...] = field(default=())


def known(product: str) -> tuple[Known, ...]:
    return (
        Known(
            Facts(
                product, "Po aktualizaci na 10.2 je kalendář prázdný", "The calendar is empty after the update to 10.2",
                "Kalendář se otevře, ale neukazuje žádné události. V měsíčním pohledu jsou jen čísla dnů. Data se neztratila, jen se nenačtou.",
                "The calendar opens but shows no events; in the month there are only the numbers of days. Nothing is lost, it is just not read.",
                "1. Zavřete program.\n2. Smažte soubor `calendar.cache` ve složce s profilem.\n3. Spusťte program znovu. První načtení chvíli trvá.",
                "1. Close the program.\n2. Delete the file `calendar.cache` in the profile folder.\n3. Start it again. The first time takes a while.",
                "10.2.0", "10.2.0", ("windows", "macos"), on_fix=OnFix.ASK,
            ),
            State.BEING_FIXED, 12, "alend", people=("jana@private.example", "petr@lapsed.example", "admin@company.example"),
        ),
        Known(
            Facts(
                product, "Podpis s obrázkem se odešle jako příloha", "A signature with a picture is sent as an attachment",
                "Příjemce vidí obrázek z podpisu pod textem a v seznamu příloh jako `image001.png`.",
                "The recipient sees the picture of the signature below the text and in the list of files as `image001.png`.",
                "V *Nastavení → Psaní* přepněte podpisy na **vložené obrázky**.", "Switch signatures to **inline pictures** in *Settings → Writing*.",
                "9", "10.1", ("windows", "macos", "linux"), on_fix=OnFix.CLOSE,
            ),
            State.CONFIRMED, 40, "odpis", people=("jana@private.example",),
        ),
        Known(
            Facts(
                product, "Hledání nenajde zprávy starší než rok", "Search does not find messages older than a year",
                "Zprávy ve složkách jsou, ale hledání je nenajde.", "The messages are in their folders, but the search does not find them.",
                "Spusťte *Nástroje → Obnovit index*. U velké schránky počítejte s půlhodinou.",
                "Run *Tools → Rebuild the index*. A large mailbox takes half an hour.", "9.4", "9.4", (),
            ),
            State.FIXED, 160, "ledán", fixed_in="9.5.1", people=("admin@company.example",),
        ),
        *_rarer(product),
    )  # fmt: skip


def _rarer(product: str) -> tuple[Known, ...]:
    return (
        Known(
            Facts(
                product, "Velmi dlouhé jméno složky se na macOS zkrátí", "A very long folder name is cut on macOS",
                "Jména nad 120 znaků se v postranním panelu zobrazí bez konce.", "Names over 120 characters lose their end in the side panel.",
                "", "", "8", "", ("macos",),
            ),
            State.WONT_FIX, 300, "", why="Omezení je v macOS; celé jméno se ukáže po najetí myší.",
        ),
        Known(
            Facts(
                product, "Upozornění přijde dvakrát po probuzení notebooku", "A reminder comes twice when a laptop wakes up",
                "Po otevření víka se připomenutí schůzky objeví dvakrát. Zatím se nám to nepodařilo zopakovat.",
                "After the lid is opened a reminder of a meeting appears twice. We could not repeat it yet.", "", "", "10.1", "", ("windows",),
            ),
            State.REPORTED, 3, "",
        ),
    )  # fmt: skip


def make_problems(product: Product, people: Mapping[str, Person], *, by: Actor, at: datetime) -> None:
    """Reported over the last year; tickets with the same words are tied."""
    for each in reversed(known(product.code)):
        then = at - timedelta(days=each.days)
        problem = actions.create_problem(each.facts, by=by, at=then)
        actions.set_state(problem, each.state, fixed_in=each.fixed_in, why=each.why, by=by, at=then + timedelta(days=1))
        problem.refresh_from_db()
        if each.word and not each.state.is_over:
            for ticket in Ticket.objects.filter(subject__icontains=each.word).select_related("requester").order_by("pk")[:4]:
                fixes.tie_ticket(problem, ticket, by=by, at=then + timedelta(days=2))
        for email in each.people:
            if email in people and not each.state.is_over:
                fixes.me_too(problem, people[email], version="10.2.0", by=by, at=then + timedelta(days=2))
