"""The work that is measured. Each piece makes its n-th request; `good` are the answers that it expects."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.installation import Installation
from bench.load import Maker, Request

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Work:
    name: str
    prepare: Callable[[Installation], Maker]
    count: int = 400
    warm: int = 10  # requests before it is measured
    good: tuple[int, ...] = (200,)
    note: str = ""


def page_of(path: str, *, made: bool = False) -> Callable[[Installation], Maker]:
    """A page that everybody may read. `made`: a cart's cookie makes it personal, so that it is made anew each time."""
    headers = {"Cookie": "cart=none"} if made else {"Accept-Encoding": "gzip"}
    return lambda site: lambda number: Request("GET", path, headers=headers)


def topic(*, made: bool) -> Callable[[Installation], Maker]:
    """A topic with twenty posts, as a visitor reads it."""

    def prepare(site: Installation) -> Maker:
        if "topic" not in site.tokens:
            site.tokens["topic"] = _python(site, TOPIC)
        return page_of(site.tokens["topic"], made=made)(site)

    return prepare


TOPIC = """from podpora.base.actors import system; from podpora.base.clock import now; from podpora.forum import actions
from podpora.forum.models import Category, Topic; from podpora.forum.values import NewPost, NewTopic
by, at = system("bench"), now()
where = Category.objects.filter(reads="everybody").order_by("pk")[0]
made = actions.start_topic(where, NewTopic("Why does it stop at start?", NewPost("It stops. " * 30)), author=None, by=by, at=at)
for n in range(19):
    actions.reply(made, NewPost(f"Answer {n}: look into **the log** and tell us what `podpora.log` says. " * 5), author=None, by=by, at=at)
made = Topic.objects.get(pk=made.pk)
print(f"/forum/topics/{made.number}/{made.slug}/")"""


def desk_list(site: Installation) -> Maker:
    cookie = {"Cookie": site.session("tereza@vendor.example")}
    return lambda number: Request("GET", "/desk/?view=all", headers=cookie)


def ticket_page(site: Installation) -> Maker:
    """The newest tickets with four messages."""
    cookie = {"Cookie": site.session("tereza@vendor.example")}
    code = (
        "from podpora.desk.models import Ticket\n"
        "print(' '.join(t.code for t in Ticket.objects.filter(revision=4, requester__email__endswith='@seed.example').order_by('-pk')[:40]))"
    )
    codes = _python(site, code).split()
    return lambda number: Request("GET", f"/desk/{codes[number % len(codes)]}/", headers=cookie)


def desk_search(site: Installation) -> Maker:
    """Words of subjects and texts, with case and accents as people type them; one that stands nowhere."""
    cookie = {"Cookie": site.session("tereza@vendor.example")}
    words = ("synchronizace", "Zprava", "P%C5%98IPOJEN%C3%8D", "attachment", "calendar+sync", "nowhere")
    return lambda number: Request("GET", f"/desk/?q={words[number % len(words)]}", headers=cookie)


def preview(site: Installation) -> Maker:
    token = site.podpora("token", "create", "--name", "bench", "--scope", "all")
    body = {"customer": {"email": "jana@private.example", "name": "Jana"}, "currency": "CZK", "placed_at": "2026-03-10T10:00:00Z",
            "lines": [{"offer": "pro-private-3", "quantity": 1}]}  # fmt: skip
    text, headers = json.dumps(body | {"external_id": "bench"}), JSON | {"Authorization": f"Bearer {token}"}
    return lambda number: Request("POST", "/api/v1/orders/preview", text, headers)


def ticket(site: Installation) -> Maker:
    token = site.podpora("token", "create", "--name", "bench-tickets", "--scope", "all")
    headers = JSON | {"Authorization": f"Bearer {token}"}

    def make(number: int) -> Request:
        body = {
            "subject": f"Synchronizace nejde ({number})", "text": "Od včerejška se mi nesynchronizuje kalendář. " * 10, "queue": "general",
            "requester": {"email": f"bench{number % 50}@customers.example", "name": "Jana"},
        }  # fmt: skip
        return Request("POST", "/api/v1/tickets", json.dumps(body), headers)

    return make


def settings_poll(site: Installation) -> Maker:
    """Devices of one company that have its settings already ask again."""
    _company(site)
    code = (
        "from podpora.base.actors import system; from podpora.base.clock import now\n"
        "from podpora.fleet import actions, queries; from podpora.fleet.values import Publishing\n"
        "from podpora.journeys import central; from podpora.licensing.models import Activation\n"
        "from podpora.people.queries import members_of\n"
        "names = ('licence__customer', 'licence__product', 'licence__edition', 'device')\n"
        "found = list(Activation.objects.filter(device__name__startswith='NB-').select_related(*names).order_by('-pk')[:500])\n"
        "licence, at = found[0].licence, now()\n"
        "profile = actions.ensure_profile(licence.customer, licence.product)\n"
        "person = members_of(licence.customer).get().person\n"
        "if not profile.revision:\n"
        "    values = {'appearance.theme': {'value': 'dark', 'mode': 'forced'}}\n"
        "    actions.save_layer(profile, queries.COMPANY, values, person=person, at=at)\n"
        "    profile.refresh_from_db()\n"
        "    actions.publish(profile, Publishing(profile.revision, 'bench'), person=person, by=system('bench'), at=at)\n"
        "for one in found:\n"
        "    print(one.device.name[3:], central.poll(one, at=at).etag)"
    )
    held = [line.split() for line in _python(site, code).splitlines()]

    def make(number: int) -> Request:
        device, tag = held[number * 7 % len(held)]
        headers = {"Authorization": f"Bearer pd_seed-{int(device):012d}", "If-None-Match": f'"{tag}"'}
        return Request("GET", "/api/v1/settings", "", headers)

    return make


def refresh(site: Installation) -> Maker:
    """A random device of those that were seeded asks for a fresh certificate."""
    first = _first_seeded(site)
    _python(
        site, "from podpora.licensing.models import Device\nDevice.objects.update(app_version='8.2.4')"
    )  # every licence covers it
    text = json.dumps({"app_version": "8.2.4"})

    def make(number: int) -> Request:
        token = f"pd_seed-{first + number * 7919 % site.licences:012d}"
        return Request("POST", "/api/v1/activations/me/refresh", text, JSON | {"Authorization": f"Bearer {token}"})

    return make


def refresh_told(site: Installation) -> Maker:
    """The same as the SDK asks: every request tells a nonce, its clock, its serial and its parts, so no two bodies are alike."""
    first = _first_seeded(site)

    def make(number: int) -> Request:
        device = number * 7919 % site.licences
        parts = {part: f"seed-{part}-{first + device}" for part in ("machine", "board", "disk")}
        body = {"app_version": "8.2.4", "nonce": f"nonce-{number:020d}", "serial": 2**52, "fingerprint": parts}
        token = f"pd_seed-{first + device:012d}"
        return Request("POST", "/api/v1/activations/me/refresh", json.dumps(body), JSON | {"Authorization": f"Bearer {token}"})

    return make


def look(site: Installation) -> Maker:
    """A random device asks how it stands."""
    first = _first_seeded(site)

    def make(number: int) -> Request:
        return Request(
            "GET", "/api/v1/activations/me", "", {"Authorization": f"Bearer pd_seed-{first + number * 7919 % site.licences:012d}"}
        )

    return make


def last_seat(site: Installation) -> Maker:
    """Every request is a device of its own; all of them want the seats of one licence."""
    code = (
        "from podpora.licensing.models import Licence; from podpora.licensing.queries import key_of\n"
        "l = Licence.objects.filter(customer__email__endswith='@seed.example').order_by('pk')[0]; print(key_of(l))"
    )
    key = _python(site, code)

    def make(number: int) -> Request:
        parts = {part: f"{part}-{number:08d}".ljust(32, "0") for part in ("machine", "board", "disk", "network")}
        device = {"name": f"PC {number}", "platform": "linux", "fingerprint": parts}
        return Request("POST", "/api/v1/activations", json.dumps({"key": key, "device": device, "app_version": "10.2.1"}), JSON)

    return make


def newcomers(site: Installation) -> Maker:
    """Every request is a new device on a licence of its own that has room."""
    code = (
        "from podpora.licensing.models import Licence; from podpora.licensing.queries import key_of\n"
        "rows = Licence.objects.filter(customer__email__endswith='@seed.example', state='active')\n"
        "print('\\n'.join(key_of(l) for l in rows.order_by('-pk')[:1500] if l.seats_used < l.seats))"
    )
    keys = _python(site, code).split()

    def make(number: int) -> Request:
        parts = {part: f"new-{part}-{number:08d}".ljust(32, "0") for part in ("machine", "board", "disk", "network")}
        body = {"key": keys[number % len(keys)], "device": {"name": f"NEW {number}", "platform": "linux", "fingerprint": parts}}
        return Request("POST", "/api/v1/activations", json.dumps(body | {"app_version": "8.2.4"}), JSON)

    return make


def _company(site: Installation) -> tuple[dict[str, str], str]:
    """The cookie of the owner of ten thousand devices, made once an installation, and the code of one of his licences."""
    if "company" not in site.tokens:
        told = site.podpora("seed", "--devices", str(DEVICES))
        email = re.search(r"podpora: (\S+) owns it", told)
        site.tokens["company"] = email[1] if email else ""
    code = "from podpora.licensing.models import Licence; print(Licence.objects.filter(customer__email__startswith='company', seats=500)[0].code)"
    return {"Cookie": site.session(site.tokens["company"])}, _python(site, code)


def company_licences(site: Installation) -> Maker:
    cookie, _code = _company(site)
    return lambda number: Request("GET", "/licences/", headers=cookie)


def company_devices(site: Installation) -> Maker:
    cookie, code = _company(site)
    return lambda number: Request("GET", f"/licences/{code}/devices/?sort=-seen", headers=cookie)


def company_search(site: Installation) -> Maker:
    cookie, code = _company(site)
    return lambda number: Request("GET", f"/licences/{code}/devices/?q=NB-{number % 500}", headers=cookie)


DEVICES = 10_000  # of one company
LICENCES = 2000
# What a ledger gives is worked out once a day for all that are alike (docs/explanation/speed.md). The synthetic licences were bought on
# hundreds of days: in so many requests each kind has come.
WARM = 5000
POLLS_A_SECOND = 100_000 / (3 * 3600)
WORK = (
    Work("forum: topic of 20 posts, made", topic(made=True), note="<= 10 ms CPU"),
    Work("forum: topic of 20 posts, kept", topic(made=False), count=3000, note=">= 1,000/s"),
    Work("forum: home, made", page_of("/forum/", made=True), note="<= 10 ms CPU"),
    Work("home, made", page_of("/", made=True), note="<= 8 ms CPU"),
    Work("home, kept", page_of("/"), count=3000, note=">= 1,000/s"),
    Work("levels of support, made", page_of("/levels/", made=True), note="<= 8 ms CPU"),
    Work("FAQ: an article, made", page_of("/faq/support-until/", made=True), note="<= 8 ms CPU"),
    Work("FAQ: an article, kept", page_of("/faq/support-until/"), count=3000, note=">= 1,000/s"),
    Work("supported versions, made", page_of("/versions/", made=True), note="<= 8 ms CPU"),
    Work("desk: list of 50", desk_list, count=200, note="<= 12 ms CPU"),
    Work("desk: ticket with 4 messages", ticket_page, count=200, note="<= 12 ms CPU"),
    Work("desk: search", desk_search, count=200, note="<= 10 ms CPU"),
    Work("company of 10,000 devices: licences", company_licences, count=200, note="<= 15 ms CPU"),
    Work("company of 10,000 devices: one licence's devices", company_devices, count=200, note="<= 15 ms CPU"),
    Work("company of 10,000 devices: search", company_search, count=200, note="<= 15 ms CPU"),
    Work("checkout preview", preview, count=200, note="<= 15 ms CPU"),
    Work("ticket by API", ticket, count=200, good=(201,), note="<= 8 ms CPU"),
    Work("signed refresh, random device", refresh, count=1500, warm=WARM, note="<= 2x the bare limit"),
    Work("the same as the SDK asks", refresh_told, count=1500, warm=WARM, note="with nonce, serial and parts"),
    Work("how a device stands", look, count=1000, warm=WARM, note="no write"),
    Work("settings poll without a change", settings_poll, count=1500, warm=100, good=(304,), note="<= 2x the bare limit, no write"),
    Work("activation of a new device", newcomers, count=200, good=(201,), note="with room"),
    Work("activation, last seat contested", last_seat, count=1000, good=(201, 409), note=">= 500 /s, never one too many"),
)


def _first_seeded(site: Installation) -> int:
    """The number of the first synthetic device; `podpora seed` counts from the persons that were there."""
    return int(_python(site, "from podpora.licensing.models import Device\n"
                             "print(min(int(d.name[3:]) for d in Device.objects.filter(name__startswith='PC-')))"))  # fmt: skip


def _python(site: Installation, code: str) -> str:
    import subprocess
    import sys

    start = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'podpora.config.settings'; import django; django.setup()\n"
    done = subprocess.run([sys.executable, "-c", start + code], env=site.environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()
