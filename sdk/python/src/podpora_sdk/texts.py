"""What the codes say: English and Czech. The server's own sentences come in the language that was asked for; these are for offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podpora_sdk.answers import Next

LANGUAGES = ("en", "cs")

# code: (English, Czech, the kinds of the next steps)
TEXTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "ok": ("Done.", "Hotovo.", ()),
    "licence.valid": ("The licence is valid.", "Licence je platná.", ()),
    "licence.not_activated": (
        "The program is not activated on this computer yet. Enter the licence key, or start the trial.",
        "Program na tomto počítači ještě není aktivován. Zadejte licenční klíč, nebo začněte zkušební dobu.",
        ("activate", "trial", "buy"),
    ),
    "licence.not_found": (
        "There is no licence with this key.", "Licence s tímto klíčem neexistuje.", ("activate", "licences", "ask"),
    ),
    "licence.key_mistyped": (
        "The key is not typed right: a character is wrong, missing or swapped. Keys never contain 0, O, 1, I or L.",
        "Klíč není napsán správně: některý znak je špatně, chybí nebo je prohozený. Klíče nikdy neobsahují 0, O, 1, I ani L.",
        ("activate", "licences"),
    ),
    "licence.activation_limit": (
        "All places of the licence are taken. Free one of your devices, or add a device to the licence.",
        "Všechna místa licence jsou obsazena. Uvolněte některé ze svých zařízení, nebo k licenci přidejte další.",
        ("free_device", "licences", "buy"),
    ),
    "licence.product_mismatch": (
        "The licence is for another program.", "Licence je pro jiný program.", ("activate", "licences", "ask"),
    ),
    "licence.suspended": ("The licence is suspended.", "Licence je pozastavena.", ("refresh", "ask")),
    "licence.suspended_payment": (
        "The payment for the licence is disputed. The program keeps running; new devices have to wait.",
        "Platba za licenci je sporná. Program běží dál, nová zařízení musí počkat.",
        ("ask",),
    ),
    "licence.revoked": (
        "The licence was returned or taken back.", "Licence byla vrácena nebo odebrána.", ("activate", "buy", "ask"),
    ),
    "licence.not_yet_valid": ("The licence is not valid yet.", "Licence ještě neplatí.", ("refresh", "ask")),
    "licence.expired": (
        "The licence ended on {until}. Your files and settings stay as they are.",
        "Licence skončila {until}. Vaše soubory a nastavení zůstávají, jak jsou.",
        ("buy", "refresh", "forum"),
    ),
    "licence.expired_in_grace": (
        "The subscription ended; its renewal waits for the payment. The program keeps running.",
        "Předplatné skončilo, jeho prodloužení čeká na platbu. Program běží dál.",
        ("buy", "refresh"),
    ),
    "licence.trial_ends_soon": ("The trial ends on {until}.", "Zkušební doba končí {until}.", ("buy", "activate")),
    "licence.deactivated": (
        "This device was removed from the licence. The licence itself is fine: the device may be activated again.",
        "Toto zařízení bylo z licence odebráno. Licence samotná je v pořádku: zařízení lze znovu aktivovat.",
        ("activate", "licences", "ask"),
    ),
    "licence.device_blocked": (
        "The owner of the licence has blocked this device.", "Majitel licence toto zařízení zablokoval.", ("activate", "ask"),
    ),
    "licence.fingerprint_mismatch": (
        "This is not the device that was activated. Activate it with the licence key.",
        "Toto není zařízení, které bylo aktivováno. Aktivujte je licenčním klíčem.",
        ("activate", "licences", "ask"),
    ),
    "licence.device_key_needed": (
        "This is not the installation that was activated. Activate it with the licence key.",
        "Toto není instalace, která byla aktivována. Aktivujte ji licenčním klíčem.",
        ("activate", "licences", "ask"),
    ),
    "licence.device_proof_old": (
        "The clock of this computer is wrong. Please set it and refresh the licence.",
        "Hodiny tohoto počítače jdou špatně. Nastavte je prosím a obnovte licenci.",
        ("refresh",),
    ),
    "licence.wrong_device": (
        "This licence file is for another device. Activate this one with the licence key.",
        "Tento licenční soubor je pro jiné zařízení. Toto zařízení aktivujte licenčním klíčem.",
        ("activate", "offline"),
    ),
    "licence.lease_ended": (
        "The licence was last checked a long time ago. Please connect to the Internet once, or use a licence file.",
        "Licence byla naposledy ověřena už dávno. Připojte se prosím jednou k internetu, nebo použijte licenční soubor.",
        ("refresh", "offline"),
    ),
    "licence.clock_tampered": (
        "The clock of this computer is wrong: it stands before the last known time. Please set it and refresh the licence.",
        "Hodiny tohoto počítače jdou špatně: ukazují dřívější čas, než jaký už byl. Nastavte je prosím a obnovte licenci.",
        ("refresh",),
    ),
    "licence.certificate_malformed": (
        "The licence file can't be read: it is damaged or is not a licence file.",
        "Licenční soubor nelze přečíst: je poškozený, nebo to není licenční soubor.",
        ("refresh", "activate", "offline"),
    ),
    "licence.signature_invalid": (
        "The licence file was changed: its signature does not hold.",
        "Licenční soubor byl změněn: jeho podpis neplatí.",
        ("refresh", "activate", "ask"),
    ),
    "licence.unknown_key": (
        "The licence file is signed with a key that this version of the program does not know. Please update the program.",
        "Licenční soubor je podepsán klíčem, který tato verze programu nezná. Aktualizujte prosím program.",
        ("refresh", "update", "ask"),
    ),
    "licence.stale_serial": (
        "A newer licence file is already installed; the older one was not used.",
        "Novější licenční soubor už je nainstalován, starší nebyl použit.",
        (),
    ),
    "licence.feature_missing": (
        "The edition {edition} does not include this.", "Edice {edition} toto neobsahuje.", ("buy", "licences"),
    ),
    "licence.frozen": (
        "The licence takes no new devices at the moment: its key seems to have leaked. The owner gets a new key.",
        "Licence teď nepřijímá nová zařízení: její klíč zřejmě unikl. Majitel dostane nový klíč.",
        ("ask", "licences"),
    ),
    "version.not_covered": (
        "The licence covers {covers}, not {version}. Upgrade it, or install a version that it covers: that one is yours for ever.",
        "Licence pokrývá {covers}, ne {version}. Upgradujte ji, nebo nainstalujte verzi, kterou pokrývá: ta je vaše navždy.",
        ("buy", "versions", "refresh"),
    ),
    "version.end_of_life": (
        "This version is no longer supported. It keeps running.", "Tato verze už není podporována. Běží dál.", ("update", "buy"),
    ),
    "version.end_of_life_soon": (
        "Support for this version ends soon.", "Podpora této verze brzy skončí.", ("update", "buy"),
    ),
    "version.not_a_version": ("This is not a version number.", "Toto není číslo verze.", ()),
    "support.expired": (
        "VIP support ended on {support_through}. Your licence is not affected.",
        "VIP podpora skončila {support_through}. Licence tím není dotčena.",
        ("buy", "forum"),
    ),
    "support.ends_soon": ("VIP support ends on {support_through}.", "VIP podpora končí {support_through}.", ("buy",)),
    "support.ended_recently": (
        "VIP support ended a few days ago. The program keeps working.", "VIP podpora před několika dny skončila. Program funguje dál.",
        ("buy", "forum"),
    ),
    "support.grace": (
        "VIP support ends today, which is not over everywhere on Earth yet.",
        "VIP podpora končí dnešním dnem, který ještě neskončil všude na Zemi.",
        ("buy",),
    ),
    "support.pending_payment": (
        "VIP support ended; the renewal that you ordered waits for its payment.",
        "VIP podpora skončila; objednané prodloužení čeká na platbu.",
        (),
    ),
    "support.not_started": ("VIP support has not begun yet.", "VIP podpora ještě nezačala.", ("ask",)),
    "support.not_included": (
        "VIP support comes with PRO licences. Ask the community; general and licence questions are answered by e-mail.",
        "VIP podpora patří k licencím PRO. Zeptejte se komunity; na obecné a licenční dotazy odpovídáme e-mailem.",
        ("buy", "forum", "ask"),
    ),
    "licence.suspended_by_vendor": (
        "The licence was suspended by the vendor. The program keeps running; new devices and tickets have to wait.",
        "Výrobce licenci pozastavil. Program běží dál, nová zařízení a dotazy musí počkat.",
        ("ask",),
    ),
    "licence.ends_soon": ("The subscription ends on {until}.", "Předplatné končí {until}.", ("buy",)),
    "done.activated": ("The program is activated.", "Program je aktivován.", ()),
    "done.trial": ("The trial is running.", "Zkušební doba běží.", ()),
    "done.refreshed": ("The licence is up to date.", "Licence je aktuální.", ()),
    "done.deactivated": (
        "The program is no longer activated on this computer; its place is free again.",
        "Program už na tomto počítači není aktivován; jeho místo je opět volné.",
        ("activate",),
    ),
    "done.registered": (
        "If the address is right, a key is on its way to it.", "Pokud je adresa správná, klíč je na cestě.", ("activate",),
    ),
    "done.request": (
        "The request file is ready: upload it among your licences, and bring back the licence file.",
        "Soubor s žádostí je připraven: nahrajte jej mezi svými licencemi a přineste zpět licenční soubor.",
        ("licences",),
    ),
    "done.proof": (
        "The licence was given up on this computer. Upload the file to make its place free.",
        "Licence na tomto počítači skončila. Nahráním souboru její místo uvolníte.",
        ("licences",),
    ),
    "done.sent": ("Your question was sent.", "Váš dotaz byl odeslán.", ()),
    "server.unreachable": (
        "The licence server can't be reached. Nothing was changed; what runs goes on. Please try again later.",
        "Licenční server není dostupný. Nic se nezměnilo, co běží, běží dál. Zkuste to prosím později.",
        ("wait", "offline"),
    ),
    "server.answer_invalid": (
        "What answered is not the licence server (perhaps the log-in page of a network). Nothing was changed.",
        "Neodpověděl licenční server (možná přihlašovací stránka sítě). Nic se nezměnilo.",
        ("wait", "offline"),
    ),
    "server.busy": (
        "The licence server is busy. Please try again in a while.", "Licenční server je zaneprázdněn. Zkuste to prosím za chvíli.",
        ("wait",),
    ),
    "server.token_unknown": (
        "The server does not know this installation any more. The program keeps running; please activate it again.",
        "Server tuto instalaci už nezná. Program běží dál; aktivujte jej prosím znovu.",
        ("activate",),
    ),
    "server.refused": ("The server refused.", "Server odmítl.", ("ask",)),
    "store.read_only": (
        "The state can't be written to the disk. It is kept until the program ends.",
        "Stav nelze zapsat na disk. Uchová se do ukončení programu.",
        (),
    ),
    "offline.not_readable": (
        "The file can't be read: it is damaged or is not a licence file of this program.",
        "Soubor nelze přečíst: je poškozený, nebo to není licenční soubor tohoto programu.",
        ("offline",),
    ),
    "offline.nothing_to_release": (
        "There is no licence on this device that could be given back.", "Na tomto zařízení není licence, kterou by šlo vrátit.", (),
    ),
    "settings.none": ("This installation has no central settings.", "Tato instalace nemá centrální nastavení.", ()),
    "settings.unchanged": ("The settings are up to date.", "Nastavení je aktuální.", ()),
    "settings.stale_revision": (
        "Older settings than the present ones came in; they were not used.", "Přišlo starší nastavení, než je současné; nebylo použito.", (),
    ),
    "settings.wrong_device": (
        "The settings are for another device or company; they were not used.",
        "Nastavení je pro jiné zařízení nebo firmu; nebylo použito.",
        (),
    ),
    "settings.needs_version": ("Needs version {since} or newer.", "Vyžaduje verzi {since} nebo novější.", ("update",)),
    "settings.unknown_key": ("This version does not know the setting.", "Tato verze toto nastavení nezná.", ("update",)),
    "settings.invalid_value": ("The value does not fit the setting.", "Hodnota k nastavení nepatří.", ()),
    "settings.local_policy": (
        "This computer's own policy counts instead.", "Místo toho platí zásady nastavené přímo na tomto počítači.", (),
    ),
    "settings.rejected": ("The program could not use the value.", "Program hodnotu nemohl použít.", ()),
    "release.stale": (
        "An older list of versions than the known one came in; it was not used.",
        "Přišel starší seznam verzí, než je známý; nebyl použit.",
        (),
    ),
    "update.none": ("This is the newest version that is yours.", "Toto je nejnovější verze, která je vaše.", ()),
    "update.available": ("Version {version} is available and covered.", "Verze {version} je k dispozici a licence ji pokrývá.", ("update",)),
}  # fmt: skip

LABELS: Mapping[str, tuple[str, str, str]] = {
    "activate": ("Enter the licence key", "Zadat licenční klíč", ""),
    "trial": ("Start the trial", "Začít zkušební dobu", ""),
    "refresh": ("Refresh the licence", "Obnovit licenci", ""),
    "free_device": ("Free one of your devices", "Uvolnit některé ze svých zařízení", ""),
    "offline": ("Use a licence file", "Použít licenční soubor", ""),
    "update": ("Update the program", "Aktualizovat program", ""),
    "wait": ("Try again later", "Zkusit později", ""),
    "buy": ("Buy, upgrade or renew", "Koupit, upgradovat nebo prodloužit", "shop/"),
    "versions": ("See which versions are yours", "Podívat se, které verze jsou vaše", "versions/"),
    "licences": ("See your licences", "Podívat se na své licence", "licences/"),
    "forum": ("Ask the community", "Zeptat se komunity", "forum/"),
    "ask": ("Write to us", "Napsat nám", "contact/"),
}  # fmt: skip
KINDS = {"versions": "read", "licences": "read", "trial": "trial"}


BY_KIND: Mapping[tuple[str, str], tuple[str, str]] = {  # said in another way for this kind of licence
    ("support.not_included", "free"): (
        "VIP support comes with PRO licences. We answer general and licence questions by e-mail; technical ones may take longer.",
        "VIP podpora patří k licencím PRO. Na obecné a licenční dotazy odpovídáme e-mailem; technické mohou trvat déle.",
    ),
    ("support.not_included", "trial"): (
        "VIP support comes with PRO licences. During the trial we advise you with anything by e-mail.",
        "VIP podpora patří k licencím PRO. Ve zkušební době vám e-mailem poradíme s čímkoli.",
    ),
}


def language_of(wanted: str) -> str:
    """`cs_CZ`, `cs-CZ`, `Czech_Czechia` -> cs; all else en."""
    return "cs" if wanted.lower().startswith(("cs", "czech")) else "en"


def sentence(code: str, language: str = "en", **facts: Any) -> str:
    """The sentence of a code; with a fact `kind` the one for that kind of licence. A code without one shows itself."""
    text = BY_KIND.get((code, str(facts.get("kind")))) or TEXTS.get(code)
    if text is None:
        return code
    template = text[1] if language_of(language) == "cs" else text[0]
    return template.format_map(_Facts({name: _written(value, language) for name, value in facts.items()}))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _written(value: Any, language: str) -> str:
    if hasattr(value, "isoformat") and language_of(language) == "cs":
        return f"{value.day}. {value.month}. {value.year}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def steps(code: str, language: str = "en", server: str = "") -> tuple[Next, ...]:
    """The next steps of a code; those on the server's pages with their address."""
    found = []
    for name in TEXTS.get(code, ("", "", ()))[2]:
        english, czech, page = LABELS[name]
        url = f"{server.rstrip('/')}/{page}" if page and server else ""
        found.append(Next(KINDS.get(name, name), czech if language_of(language) == "cs" else english, url))
    return tuple(found)
