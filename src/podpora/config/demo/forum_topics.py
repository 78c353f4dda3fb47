"""What is talked about in the sample vendor's forum."""

from dataclasses import dataclass

JANA, PETR, OLGA, FILIP = "jana@private.example", "petr@lapsed.example", "olga@eol.example", "filip@free.example"
LUCIE, KAREL, DAVID, EMMA = "trial@trial.example", "admin@company.example", "member@company.example", "admin@other.example"
TEREZA, TOMAS, ADAM = "tereza@vendor.example", "tomas@vendor.example", "moderator@vendor.example"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, so many minutes after the topic was started."""

    after: int
    by: str
    text: str
    solves: bool = False
    votes: tuple[str, ...] = ()
    to: int | None = None
    whisper: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    days_ago: float
    category: str
    by: str
    title: str
    text: str
    answers: tuple[Said, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = "cs"
    version: str = ""
    votes: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    release: str = ""
    flagged: tuple[str, ...] = ()
    pinned: bool = False


TOPICS = (
    Told(
        210, "otazky", PETR, "Jak přenést pravidla pošty na nový počítač?",
        "Koupil jsem nový notebook. Poštu mám na serveru, ta se stáhla sama, ale pravidla (faktury do složky, reklamy pryč) jsou pryč. "
        "Dá se to přenést, nebo je musím naklikat znovu?",
        (
            Said(95, JANA, "Dá. Na starém počítači *Soubor › Export profilu*, zaškrtnout **Pravidla a podpisy**, na novém *Import profilu*. "
                 "Dělala jsem to minulý měsíc a přešlo všechno.", solves=True, votes=(PETR, OLGA, KAREL)),
            Said(160, PETR, "Funguje, děkuji! Jen doplním: starý počítač jsem pak musel odhlásit v licencích, jinak by mi zůstal zabraný."),
        ),
        ("pravidla", "přenos"), version="10.1",
    ),
    Told(
        160, "otazky", OLGA, "Hledání nenajde zprávy bez háčků a čárek",
        "Když napíšu `priloha`, nenajde to zprávy, kde je „příloha“. Dřív to fungovalo. Je to nastavením?",
        (
            Said(40, FILIP, "Mně taky ne, začalo to po poslední aktualizaci."),
            Said(300, TEREZA, "Potvrzuji, je to chyba verze 10.2.0: index se po aktualizaci vytvoří bez převodu písmen. Opravíme ji v 10.2.1.",
                 votes=(OLGA, FILIP, JANA, PETR)),
            Said(320, DAVID, "Jako obcházka pomohlo *Nastavení › Hledání › Vytvořit index znovu*, ale jen do dalšího restartu.", votes=(OLGA,)),
        ),
        ("hledání", "diakritika"), version="10.2", release="10.2.1", votes=(FILIP, DAVID),
    ),
    Told(
        96, "questions", EMMA, "Shared calendar shows events one hour late",
        "Since the clocks changed, events from our shared calendar are shown one hour late on *two* of our five machines. "
        "The other three are fine. Time zone in Windows is the same everywhere:\n\n```powershell\nPS> Get-TimeZone\nId : GMT Standard Time\n```\n\n"
        "Any idea what else differs?",
        (
            Said(50, TOMAS, "Look at *Settings › Calendar › Time zone*: is it *as the system* on all five? Older profiles kept a fixed offset."),
            Said(75, EMMA, "That was it! Two of them said **UTC+0** instead of *as the system*. Both profiles were made in 2021.",
                 to=2, votes=(TOMAS,)),
            Said(90, TOMAS, "Good. For whoever finds this: profiles made before 9.4 keep the offset; choose *as the system* once and it stays.",
                 solves=True, votes=(EMMA, KAREL)),
        ),
        ("calendar", "time-zone"), "en", "10.1",
    ),
    Told(
        61, "otazky", DAVID, "Při startu se ptá na heslo k účtu, které jsem neměnil",
        "Od pondělí se mě program při každém startu ptá na heslo k jednomu z účtů. Heslo je správné, na webu funguje. "
        "Log:\n\n:::spoiler Výpis z logu\n```\n08:01:12 IMAP login imap.firma.example user=david: NO [AUTHENTICATIONFAILED]\n"
        "08:01:12 retry with OAUTH2: not configured\n```\n:::",
        (
            Said(20, KAREL, "V pondělí nám poskytovatel vypnul přihlašování obyčejným heslem. Musíš účet převést na přihlášení přes prohlížeč: "
                 "*Účty › Upravit › Přihlášení › Přes prohlížeč*.", solves=True, votes=(DAVID, JANA, PETR, OLGA)),
            Said(35, DAVID, "Jasně, a proto to na webu šlo. Hotovo, díky."),
        ),
        ("přihlášení", "imap"), version="10.2",
    ),
    Told(
        33, "otazky", LUCIE, "Zkouším program: vejdou se do jednoho okna tři účty?",
        "Mám pracovní, soukromý a spolkový e-mail. Teď přepínám mezi třemi okny. Jde to vidět pohromadě, ale odpovídat vždy správným účtem?",
        (
            Said(130, JANA, "Ano, v levém panelu je *Všechny doručené*. Odpověď jde vždy z účtu, na který zpráva přišla.", votes=(LUCIE,)),
            Said(150, FILIP, "A barvu účtu nastavíš v jeho vlastnostech, pak je hned vidět, odkud co je."),
        ),
        ("účty", "začínáme"), version="10.2",
    ),
    Told(
        21, "questions", EMMA, "Is there a keyboard shortcut to file a message into a folder?",
        "I live on the keyboard. I can reply (`R`) and archive (`A`), but for moving to a folder I reach for the mouse every time.",
        (Said(600, KAREL, "`V`, then type the first letters of the folder and Enter. It remembers the last one.", solves=True, votes=(EMMA, JANA)),),
        ("keyboard",), "en", "10.2",
    ),
    Told(
        14, "otazky", OLGA, "Program padá při tisku delší zprávy",
        "Když tisknu zprávu delší než asi tři stránky, okno zmizí. Kratší vytiskne v pořádku. Tiskárna je stará laserovka.",
        (
            Said(240, PETR, "A tisk do PDF projde? Jestli ano, bude to ovladač."),
            Said(300, TOMAS, "Vypadá to na obrázky v textu, ale bez logu to nepoznáme.", whisper=True),
        ),
        ("tisk",), wants=("version", "system", "log"),
    ),
    Told(
        9, "napady", JANA, "Odložit zprávu na pondělí ráno",
        "Často otevřu v pátek něco, co chci řešit až v pondělí. Uměl by program zprávu schovat a v pondělí ji vrátit nahoru?",
        (
            Said(200, KAREL, "To by se nám ve firmě hodilo taky. Ideálně i s připomenutím, když nikdo neodpoví.", votes=(JANA, EMMA)),
            Said(900, TEREZA, "Díky za nápad, zapisujeme si ho. Neslibujeme kdy ani jestli, ale hlasů je dost na to, abychom se o tom bavili."),
        ),
        ("nápad", "doručené"), votes=(PETR, OLGA, KAREL, DAVID, EMMA, FILIP),
    ),
    Told(
        5, "otazky", FILIP, "Kolik zpráv unese jedna složka?",
        "Mám v jedné složce přes 80 000 zpráv a otevírá se asi čtyři vteřiny. Je to normální, nebo mám začít archivovat po letech?",
        (
            Said(180, DAVID, "U mě 120 000 a otevře se hned, ale mám SSD. Na starém disku to bylo podobné jako u tebe.", votes=(FILIP,)),
            Said(420, PETR, "Zkus *Soubor › Údržba › Zkrátit databázi*. Po pár letech to pomůže víc než archivace."),
        ),
        ("výkon",), version="10.2",
    ),
    Told(
        2, "questions", EMMA, "Signature images become attachments for some recipients",
        "A client says that our logo arrives as `image001.png` in the list of attachments instead of in the text. Only with their mail program. "
        "Can this be avoided?",
        (), ("signature",), "en", "10.2",
    ),
    Told(
        1.5, "otazky", KAREL, "Hromadné nastavení podpisu pro 25 počítačů",
        "Potřebuji všem ve firmě změnit telefon v podpisu. Máme *Nastavení ze serveru*, ale podpis v něm nevidím. Přehlédl jsem ho?",
        (
            Said(45, TOMAS, "Je pod *Psaní › Podpisy › Společný podpis*. Ukáže se, až přepnete profil na verzi 10.", votes=(KAREL,)),
            Said(600, FILIP, "NEJLEVNĚJŠÍ razítka a podpisy https://razitka.example/akce https://razitka.example/sleva"),
        ),
        ("podpis", "firma"), flagged=(DAVID, EMMA, JANA),
    ),
    Told(
        40, "novinky", TEREZA, "Verze 10.2.1 opravuje hledání bez diakritiky",
        "Vydali jsme **10.2.1**. Opravuje hledání bez háčků a čárek, tisk dlouhých zpráv do PDF a zrychluje start.\n\n"
        "| oprava | koho se týkala |\n|---|---|\n| hledání | všech s 10.2.0 |\n| tisk do PDF | Windows 11 |\n\n"
        "Aktualizaci nabídne program sám, nebo *Nápověda › Hledat aktualizace*.",
        (),
        ("verze",), version="10.2", votes=(JANA, PETR, OLGA, FILIP, DAVID), pinned=True,
    ),
    Told(
        12, "zakaznici", KAREL, "Zkušenosti s přechodem firmy na verzi 10",
        "Převedli jsme 18 počítačů za dva večery. Nejvíc pomohlo vyzkoušet nastavení nejdřív na třech. Máte někdo větší firmu?",
        (Said(700, EMMA, "We moved 40 in one go and regretted it: do the waves."),), ("firma", "přechod"), version="10.2",
    ),
)  # fmt: skip
