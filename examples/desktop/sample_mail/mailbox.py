"""A few folders and messages, so that it looks like a mail program. Nothing is sent or fetched."""

from __future__ import annotations

from dataclasses import dataclass

FOLDERS = {
    "inbox": ("Inbox", "Doručené"),
    "sent": ("Sent", "Odeslané"),
    "drafts": ("Drafts", "Koncepty"),
    "archive": ("Archive", "Archiv"),
    "bin": ("Bin", "Koš"),
}


@dataclass(frozen=True)
class Message:
    folder: str
    sender: str
    subject: tuple[str, str]
    when: str
    text: tuple[str, str]
    unread: bool = False


MESSAGES = (
    Message(
        "inbox", "Hana Malá", ("Minutes of Tuesday's meeting", "Zápis z úterní porady"), "9:42",
        (
            "Hello,\n\nhere are the minutes. The printers move to the second floor on Friday, the calendar of the meeting room is shared from now"
            " on, and Petr brings the coffee machine back.\n\nHana",
            "Dobrý den,\n\nposílám zápis. Tiskárny se v pátek stěhují do druhého patra, kalendář zasedačky je od teď sdílený a Petr vrátí"
            " kávovar.\n\nHana",
        ), unread=True,
    ),
    Message(
        "inbox", "Knihkupectví U Sovy", ("Your order is ready", "Vaše objednávka je připravena"), "8:15",
        (
            "Good morning,\n\nthe atlas of birds that you ordered waits for you until Saturday. We are open from 9 to 18.\n\nThe bookshop At the Owl",
            "Dobré ráno,\n\natlas ptáků, který jste si objednali, na vás čeká do soboty. Máme otevřeno od 9 do 18 hodin.\n\nKnihkupectví U Sovy",
        ), unread=True,
    ),
    Message(
        "inbox", "Tomáš Říha", ("Sunday walk", "Nedělní výlet"), "18. 9.",
        (
            "Shall we take the train at 8:20? The forecast says sun until noon, and I know where the kestrels nest.\n\nTomáš",
            "Pojedeme vlakem v 8:20? Do poledne má svítit slunce a vím, kde hnízdí poštolky.\n\nTomáš",
        ),
    ),
    Message(
        "sent", "Hana Malá", ("Re: Minutes of Tuesday's meeting", "Re: Zápis z úterní porady"), "9:58",
        ("Thank you, Hana. I'll be there.", "Děkuji, Hano. Budu tam."),
    ),
    Message("drafts", "–", ("Holiday plans", "Dovolená"), "17. 9.", ("Dear all,\n\n", "Milí všichni,\n\n")),
)  # fmt: skip
