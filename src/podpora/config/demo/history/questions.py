"""Tickets and their conversations: solved, waiting for either side, new; in Czech and English."""

from dataclasses import dataclass
from datetime import datetime

from podpora.config.demo.history.chronicle import Chronicle
from podpora.desk import actions as desk
from podpora.desk.values import Purpose, Side, State, Words
from podpora.journeys import ticket as journey
from podpora.journeys.ticket import Question
from podpora.licensing.models import Device

TEREZA, TOMAS = "tereza@vendor.example", "tomas@vendor.example"


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `by` empty: the one who asked. `then`: the state that a technician chose with it."""

    days_ago: int
    hour: int
    minute: int
    text: str
    by: str = ""
    then: State | None = None
    note: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket: who asks about which licence, and what was said."""

    name: str
    email: str
    subject: str
    said: tuple[Said, ...]
    order: str = ""  # name of the order whose licence it is about
    device: str = ""
    purpose: Purpose = Purpose.VIP


STORIES = (
    Story(
        "petr-old", "petr@lapsed.example", "Po aktualizaci nejde kalendář", order="petr",
        said=(
            Said(700, 9, 20, "Dobrý den,\n\npo aktualizaci se kalendář otevře prázdný. Události na serveru jsou. Co s tím?"),
            Said(700, 11, 2, "Dobrý den,\n\notevřete prosím *Nastavení › Účty › Kalendář* a zvolte **Načíst znovu**. Data zůstanou.", TEREZA),
            Said(700, 13, 40, "Pomohlo, děkuji!"),
            Said(700, 14, 5, "To jsem ráda. Kdyby se to vrátilo, napište.", TEREZA, State.CLOSED),
        ),
    ),
    Story(
        "jana-solved", "jana@private.example", "Přenesení pošty na nový notebook", order="jana", device="Janin notebook",
        said=(
            Said(120, 18, 12, "Dobrý den, koupila jsem nový notebook. Jak na něj dostanu poštu i pravidla ze starého?"),
            Said(119, 9, 5, "Ověřeno u nás: export profilu z 10.1 bere i pravidla.", TOMAS, note=True),
            Said(
                119, 9, 18,
                "Dobrý den,\n\nna starém notebooku zvolte *Soubor › Export profilu*, na novém *Soubor › Import profilu*. "
                "Pravidla i podpisy se přenesou. Starý počítač pak odhlaste v *Moje licence*, ať se uvolní místo.",
                TOMAS, State.WAITING_CUSTOMER,
            ),
            Said(118, 20, 44, "Povedlo se napoprvé, všechno je na svém místě. Děkuji za rychlou odpověď."),
            Said(117, 8, 50, "Rádo se stalo.", TOMAS, State.SOLVED),
        ),
    ),
    Story(
        "jana-waiting", "jana@private.example", "Hledání nenajde zprávy bez diakritiky", order="jana", device="Pracovna",
        said=(
            Said(4, 16, 31, "Dobrý den,\n\nkdyž hledám `priloha`, nenajdu zprávy, kde je „příloha“. Ve verzi 9 to fungovalo."),
            Said(3, 9, 12, "Známá chyba 10.2.0, opravená v 10.2.1.", TEREZA, note=True),
            Said(
                3, 9, 25,
                "Dobrý den,\n\nmáte pravdu, je to chyba verze 10.2.0. Oprava je ve verzi **10.2.1**. Aktualizujte prosím na počítači *Pracovna* "
                "(*Nápověda › Hledat aktualizace*) a dejte vědět, zda to pomohlo.",
                TEREZA, State.WAITING_CUSTOMER,
            ),
        ),
    ),
    Story(
        "company-open", "admin@company.example", "Sdílené složky se nesynchronizují na dvou počítačích", order="company", device="SKLAD-2",
        said=(
            Said(2, 8, 40, "Dobrý den,\n\nna SKLAD-2 a OBCHOD-2 zůstávají sdílené složky prázdné. Ostatních šestnáct počítačů je v pořádku."),
            Said(2, 10, 15, "Dobrý den, na SKLAD-2 vidím verzi 9.8.2. Sdílené složky umí až verze 10. Zůstává na něm devítka záměrně?", TOMAS,
                 State.WAITING_CUSTOMER),
            Said(1, 9, 3, "Na SKLAD-2 běží starý skladový program, ten aktualizujeme v pátek. Ale OBCHOD-2 má verzi 10.1 a nejde to také."),
        ),
    ),
    Story(
        "company-member", "member@company.example", "Program se po startu na chvíli zasekne", order="company", device="ZASEDACKA",
        said=(Said(0, 8, 12, "Dobrý den, počítač v zasedačce po startu programu asi minutu nereaguje. Potom běží normálně."),),
    ),
    Story(
        "billing", "billing@company.example", "Faktura s číslem objednávky", purpose=Purpose.LICENCE_BILLING,
        said=(
            Said(30, 13, 20, "Dobrý den, můžete prosím na příští fakturu doplnit naše číslo objednávky?"),
            Said(30, 15, 44, "Dobrý den, ano: při objednávce ho napište do poznámky, na faktuře pak bude.", TEREZA, State.SOLVED),
        ),
    ),
    Story(
        "other-open", "admin@other.example", "Messages arrive twice after moving to IMAP", order="other", device="DUBLIN-1",
        said=(
            Said(1, 15, 2, "Hello,\n\nsince we moved from POP3 to IMAP every message shows up twice. Is there a way to clean this up?"),
            Said(
                1, 16, 20,
                "Hello Emma,\n\nthe old POP3 account still delivers into the same inbox. Please remove it under *Settings › Accounts*; your messages "
                "stay on the server. Then use *Tools › Remove duplicates* once.",
                TOMAS, State.WAITING_CUSTOMER,
            ),
            Said(0, 7, 55, "Thanks! Removing the account worked. The tool finds nothing though, and I still see pairs in *Archive*."),
        ),
    ),
    Story(
        "filip-licence", "filip@free.example", "Rozdíl mezi FREE a PRO", purpose=Purpose.GENERAL,
        said=(
            Said(20, 21, 10, "Dobrý den, mohu verzi FREE používat jako živnostník?"),
            Said(19, 9, 30, "Dobrý den, FREE je pro osobní použití. Pro podnikání je PRO; rok VIP podpory je v ceně.", TEREZA, State.SOLVED),
        ),
    ),
)  # fmt: skip


def add(chronicle: Chronicle) -> None:
    for story in STORIES:
        _add(chronicle, story)


def _add(c: Chronicle, story: Story) -> None:
    first, *rest = story.said

    def opens(at: datetime) -> None:
        licence = c.licence(story.order) if story.order else None
        device = Device.objects.filter(licence=licence, name=story.device).first() if story.device else None
        question = Question(
            customer=c.customer(story.email), requester=c.person(story.email), purpose=story.purpose, subject=story.subject, text=first.text,
            licence=licence, device=device,
        )  # fmt: skip
        c.tickets[story.name] = journey.open_ticket(question, by=c.actor(story.email), at=at)

    c.on(first.days_ago, first.hour, first.minute, opens)
    for said in rest:
        c.on(said.days_ago, said.hour, said.minute, lambda at, said=said: _say(c, story, said, at))  # type: ignore[misc]


def _say(c: Chronicle, story: Story, said: Said, at: datetime) -> None:
    ticket, by = c.tickets[story.name], c.actor(said.by or story.email)
    if said.note:
        desk.add_note(ticket, Words(said.text), by=by, at=at)
    else:
        side = Side.STAFF if said.by else Side.CUSTOMER
        desk.reply(ticket, Words(said.text), side=side, then=said.then, by=by, at=at)
