"""Releases over the wire: the list, publishing, signed manifests (S37), and what a device may update to (EOL-8, EOL-9)."""

import base64
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from podpora.audit.models import Entry
from podpora.catalog import actions as catalog
from podpora.catalog.models import Coverage, Release
from podpora.catalog.values import CoverageMode
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry as LedgerEntry
from podpora.entitlements.values import EntryKind
from podpora.licensing import actions as licensing
from podpora.licensing.models import Licence
from podpora.licensing.values import Activated
from podpora.people.values import StaffRole
from tests.make import licensing as make
from tests.make import orders, people
from tests.make.api import Api, token
from tests.make.releases import FILE, release, releases

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:EdDSA is deprecated")]
NOW = datetime.fromisoformat("2026-03-16T09:00:00+00:00")


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def body(version: str = "10.2.1", **more: Any) -> dict[str, Any]:
    return {"product": "postak", "version": version, "released_on": "2026-03-15", **more}


def test_the_list_is_public_and_says_what_each_release_is() -> None:
    releases()
    told = Api().get("releases").json()
    assert [item["version"] for item in told["items"]] == ["10.3.0-beta.1", "10.2.0", "10.1.0", "10.0.0", "9.8.0"]
    assert told["items"][1] == {
        "product": "postak", "version": "10.2.0", "major": 10, "channel": "stable", "released_on": "2026-03-01", "security": False,
        "back_dated_to": None, "min_from": None, "notes": "What is new in 10.2.0", "notes_url": None, "fixes": [],
        "files": [{"platform": "windows-x64", "url": FILE.url, "sha256": FILE.sha256, "size": FILE.size}],
        "published_at": "2026-03-10T09:00:00Z", "manifest_url": "http://127.0.0.1:8000/api/v1/releases/10.2.0/manifest?product=postak",
    }  # fmt: skip
    assert [item["version"] for item in Api().get("releases?channel=beta").json()["items"]] == ["10.3.0-beta.1"]
    assert [item["version"] for item in Api().get("releases?major=9&product=postak").json()["items"]] == ["9.8.0"]
    assert Api().get("releases/10.2.0", Accept_Language="cs").json()["version"] == "10.2.0"
    assert Api().get("releases?limit=2").json()["next"]


@pytest.mark.parametrize("query", ["channel=nightly", "major=x", "major=99999999", "limit=0"])
def test_a_filter_that_can_not_be_read_is_422(query: str) -> None:
    make.product()
    assert Api().get(f"releases?{query}").status_code == 422


@pytest.mark.parametrize(
    "path", ["releases/9.9.9", "releases/x", "releases/9.9.9/manifest", "releases?product=other", "releases/10.2.0?product=x"]
)
def test_what_is_not_there_is_404(path: str) -> None:
    make.product()
    assert Api().get(path).status_code == 404


@pytest.mark.parametrize("extra", [0, 2])
def test_the_list_costs_as_many_queries_whatever_its_length(extra: int, django_assert_num_queries: Any) -> None:
    release("10.0.0", "2025-09-15")
    for number in range(extra):
        release(f"10.0.{number + 1}", "2025-10-15")
    with django_assert_num_queries(3):
        Api().get("releases")


def test_the_build_system_publishes() -> None:
    make.product()
    caller = Api(token("catalog"))
    sent = body(
        notes={"cs": "Oprava", "en": "A fix"}, fixes=["P-1042"], security=True, back_dated_to="2026-01-01", min_from="10.0",
        notes_url="https://vendor.example/10.2.1", files=[{"platform": FILE.platform, "url": FILE.url, "sha256": "AB" * 32, "size": 7}],
    )  # fmt: skip
    told = caller.post("releases", sent)
    assert told.status_code == 201
    assert told.json()["files"][0]["sha256"] == "ab" * 32
    made = Release.objects.get(number="10.2.1")
    assert (made.channel, made.is_security, made.back_dated_to, made.min_from) == ("stable", True, date(2026, 1, 1), "10.0")
    assert (made.fixes, made.notes_cs, made.notes_en) == (["P-1042"], "Oprava", "A fix")
    assert Entry.objects.filter(verb="release.published").count() == 1


def test_the_same_number_again_changes_what_is_said_and_makes_the_list_newer() -> None:
    make.product()
    caller = Api(token("catalog"))
    assert caller.post("releases", body()).status_code == 201
    first = Release.objects.get().serial
    assert caller.post("releases", body()).status_code == 200
    assert Release.objects.get().serial == first
    assert caller.post("releases", body(notes="Oprava hledání")).status_code == 200
    assert (Release.objects.get().serial, Release.objects.get().notes_cs) == (first + 1, "Oprava hledání")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"version": "12.0.0"}, {"version": ["release.version_unknown"]}),
        ({"version": "nine"}, {"version": ["release.not_a_number"]}),
        ({"version": "10"}, {"version": ["release.not_a_number"]}),
        ({"product": "other"}, {"product": ["unknown"]}),
        ({"released_on": "2020-01-01"}, {"released_on": ["release.before_version"]}),
        ({"released_on": "soon"}, {"released_on": ["wrong_type"]}),
        ({"channel": "beta"}, {"channel": ["release.channel_unlike_number"]}),
        ({"channel": "nightly"}, {"channel": ["unknown"]}),
        ({"back_dated_to": "2027-01-01"}, {"back_dated_to": ["release.back_dated_forward"]}),
        ({"notes_url": "javascript:alert(1)"}, {"notes_url": ["release.not_https"]}),
        ({"files": [{"platform": "x", "url": "http://a", "sha256": "ab" * 32, "size": 1}]}, {"files.0.url": ["release.not_https"]}),
        (
            {"files": [{"platform": "x", "url": "https://a", "sha256": "zz" * 32, "size": 1}]},
            {"files.0.sha256": ["release.not_a_sha256"]},
        ),
        ({"unknown": 1}, {"unknown": ["unknown"]}),
    ],
)
def test_what_can_not_be_published_is_named(changes: dict[str, Any], fields: dict[str, list[str]]) -> None:
    make.product()
    told = Api(token("catalog")).post("releases", body() | changes)
    assert (told.status_code, told.json()["error"]["fields"]) == (422, fields)
    assert not Release.objects.exists()


def test_only_the_vendor_publishes() -> None:
    make.product()
    assert Api().post("releases", body()).status_code == 401
    assert Api(token("orders")).post("releases", body()).status_code == 403
    assert Api(token("catalog", person=people.person())).post("releases", body()).status_code == 403
    assert Api(token("catalog", person=people.staff(StaffRole.TECHNICIAN))).post("releases", body()).status_code == 403
    assert Api(token("catalog", person=people.manager())).post("releases", body()).status_code == 201


def test_a_bad_build_is_pulled_and_its_number_is_not_used_again() -> None:
    releases()
    caller = Api(token("catalog"))
    assert caller.delete("releases/10.2.0").status_code == 204
    assert caller.delete("releases/10.2.0").status_code == 204
    assert Api().get("releases/10.2.0").status_code == 404
    assert Api().get("releases/10.2.0/manifest").status_code == 404
    assert "10.2.0" not in [item["version"] for item in Api().get("releases").json()["items"]]
    refused = caller.post("releases", body("10.2.0"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "release.withdrawn")
    assert Entry.objects.filter(verb="release.withdrawn").count() == 1


# The manifest (S37), read by an independent JOSE library.


def keys_now() -> dict[str, OKPKey]:
    found = Api().get("keys").json()["keys"]
    return {key["kid"]: OKPKey.import_key({name: key[name] for name in ("kty", "crv", "x")}) for key in found}


def checked(text: str) -> dict[str, Any]:
    """What a client believes: header and signature hold."""
    header = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))
    assert header["typ"] == "podpora-release+jwt"
    read = jws.deserialize_compact(text, keys_now()[header["kid"]], algorithms=["EdDSA"])
    assert read.headers()["alg"] == "EdDSA"
    return dict(json.loads(read.payload))


def manifest(number: str) -> str:
    return str(Api().get(f"releases/{number}/manifest").json()["manifest"])


def test_s37_the_manifest_is_signed_and_says_what_the_updater_needs() -> None:
    releases()
    assert checked(manifest("10.2.0")) == {
        "iss": "http://127.0.0.1:8000", "iat": int(make.BOUGHT.timestamp()), "serial": 5, "product": "postak", "version": "10.2.0", "major": 10,
        "channel": "stable", "released_on": "2026-03-01", "covers_on": "2026-03-01", "security": False, "min_from": None,
        "notes_url": "http://127.0.0.1:8000/versions/#v10",
        "files": [{"platform": "windows-x64", "url": FILE.url, "sha256": FILE.sha256, "size": FILE.size}],
    }  # fmt: skip


def _flip(text: str, place: int) -> str:
    other = "A" if text[place] != "A" else "B"
    return text[:place] + other + text[place + 1 :]


def test_s37_a_manifest_that_was_changed_or_not_signed_is_refused() -> None:
    releases()
    text = manifest("10.2.0")
    head, claims, signature = text.split(".")
    key = keys_now()[json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]]
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"podpora-release+jwt"}').rstrip(b"=").decode()
    other = manifest("10.1.0").split(".")
    bad = [
        _flip(text, len(head) + 20),
        _flip(text, len(text) - 20),
        f"{none}.{claims}.",
        f"{head}.{other[1]}.{signature}",
        f"{head}.{claims}.",
    ]
    for one in bad:
        with pytest.raises(JoseError):
            jws.deserialize_compact(one, key, algorithms=["EdDSA"])
    jws.deserialize_compact(text, key, algorithms=["EdDSA"])


def test_s37_an_older_manifest_has_a_smaller_serial_whatever_is_published_in_between() -> None:
    releases()
    yesterday = checked(manifest("10.1.0"))
    release("9.8.1", "2026-03-14", is_security=True)  # a fix of an old line
    fix, newest = checked(manifest("9.8.1")), checked(manifest("10.2.0"))
    assert yesterday["serial"] < fix["serial"] == newest["serial"]
    Api(token("catalog")).delete("releases/10.2.0")
    assert checked(manifest("10.1.0"))["serial"] > newest["serial"]  # what was pulled can't be shown as the newest


def test_s37_a_manifest_is_the_same_for_everybody_until_something_is_published() -> None:
    releases()
    first = manifest("10.2.0")
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert manifest("10.2.0") == first


def test_s12_a_certificate_is_no_manifest() -> None:
    releases()
    certificate = make.activated(make.licence()).certificate
    assert json.loads(base64.urlsafe_b64decode(certificate.split(".")[0] + "=="))["typ"] != "podpora-release+jwt"


def test_the_manifest_is_signed_by_the_key_of_the_day() -> None:
    releases()
    before = manifest("10.2.0")
    licensing.rotate_signing_key(overlap=timedelta(days=90), by=make.BY, at=NOW)
    after = manifest("10.2.0")
    assert before.split(".")[0] != after.split(".")[0]
    assert checked(before) == checked(after)  # the retiring key is still in the set


# What a device may update to.


def asked(done: Activated, query: str = "") -> dict[str, Any]:
    told = Api(done.token).get(f"activations/me/updates{query}")
    assert told.status_code == 200, told.content
    return dict(told.json())


def nine() -> tuple[Licence, Activated]:
    """A licence for 9 that was bought in our shop before 10 came out."""
    orders.shop()
    licence = Licence.objects.get(code=orders.licence_of(orders.bought("pro-private-3", on="2025-03-10")))
    for number, on in {"9.8.0": "2025-06-01", "10.0.0": "2025-10-01", "10.2.0": "2026-03-01"}.items():
        release(number, on)
    return licence, make.activated(licence, version="9.0.0", at=NOW)


def test_eol_8_not_covered_with_the_price_and_nothing_to_install() -> None:
    licence, done = nine()
    told = asked(done, "?version=10.0.0")
    assert (told["allowed"], told["code"], told["covered_through"]) == (False, "version.not_covered", 9)
    assert [step["kind"] for step in told["next"]] == ["buy", "read"]
    assert told["update"]["version"] == "9.8.0"
    assert told["latest"] == {
        "version": "10.2.0", "channel": "stable", "released_on": "2026-03-01", "security": False, "covered": False,
    }  # fmt: skip
    assert told["upgrade"] == {
        "offer": "upgrade", "price": "27.60", "currency": "EUR", "covered_through": 10,
        "support_through": "2027-03-16", "url": f"http://127.0.0.1:8000/shop/upgrade/{licence.code}/",
    }  # fmt: skip
    assert asked(done, "?version=10.0.0&currency=CZK")["upgrade"]["price"] == "690.00"
    assert "10" in told["message"] and "9" in told["message"]


def test_eol_9_the_upgrade_counts_at_once() -> None:
    licence, done = nine()
    assert not asked(done, "?version=10.2.0")["allowed"]
    orders.bought("upgrade", licence=licence.code, of=licence.customer, on="2026-03-16T08:59")
    told = asked(done, "?version=10.2.0")
    assert (told["allowed"], told["covered_through"], told["update"]["version"], told["upgrade"]) == (True, 10, "10.2.0", None)
    assert checked(told["update"]["manifest"])["version"] == "10.2.0"


def test_without_a_version_the_one_that_runs_is_meant() -> None:
    releases()
    told = asked(make.activated(make.licence(), version="10.1.0"))
    assert (told["version"], told["allowed"], told["update"]["version"]) == ("10.1.0", True, "10.2.0")
    told = asked(make.activated(make.licence(), version="10.2.0"))
    assert (told["update"], told["latest"]["covered"]) == (None, True)


def test_a_device_that_wants_betas_gets_them() -> None:
    releases()
    told = asked(make.activated(make.licence(), version="10.2.0"), "?channel=beta")
    assert told["update"]["version"] == "10.3.0-beta.1"


def test_the_stepping_stone_is_offered_first() -> None:
    release("10.0.0", "2025-09-15")
    release("10.1.0", "2025-12-01", min_from="10.0")
    release("10.2.0", "2026-03-01", min_from="10.1")
    told = asked(make.activated(make.licence(), version="10.0.0"))
    assert (told["update"]["version"], told["latest"]["version"]) == ("10.1.0", "10.2.0")


def test_a_withdrawn_release_is_offered_to_nobody() -> None:
    made = releases()
    catalog.withdraw_release(made["10.2.0"], by=make.BY, at=NOW)
    told = asked(make.activated(make.licence(), version="10.0.0"))
    assert (told["update"]["version"], told["latest"]["version"]) == ("10.1.0", "10.1.0")


def test_a_5_a_device_that_was_taken_off_learns_it_and_gets_nothing_to_install() -> None:
    releases()
    done = make.activated(make.licence(), version="10.0.0")
    licensing.deactivate(done.activation, by=make.BY, at=NOW)
    told = asked(done)
    assert (told["allowed"], told["code"], told["update"]) == (False, "licence.deactivated", None)


@pytest.mark.parametrize("query", ["?version=latest", "?version=" + "1" * 60, "?channel=nightly"])
def test_a_question_that_can_not_be_read_is_422(query: str) -> None:
    done = make.activated(make.licence())
    assert Api(done.token).get(f"activations/me/updates{query}").status_code == 422


def test_only_a_device_asks() -> None:
    assert Api().get("activations/me/updates").status_code == 401
    assert Api(token("all")).get("activations/me/updates").status_code == 401


# A licence by date.


def by_date(bought: str, years: int = 1) -> Licence:
    made = make.licence()
    on = date.fromisoformat(bought)
    at = datetime.fromisoformat(f"{bought}T10:00:00+00:00")
    facts = {"units": 1, "years": 1, "seats_each": 3, "update_years": years}
    entry = LedgerEntry(f"order:A-{made.pk}/1", EntryKind.PURCHASE, at, on, **facts)  # type: ignore[arg-type]
    assert made.customer
    entitlements.record_entries(made.code, made.customer, [entry], by=make.BY, at=at)
    return made


def test_by_date_the_certificate_says_until_when_and_the_releases_are_compared() -> None:
    releases()
    licence = by_date("2025-01-10")
    done = make.activated(licence, version="10.1.0", at=NOW)
    claims = json.loads(base64.urlsafe_b64decode(done.certificate.split(".")[1] + "=="))
    assert claims["run"] == {"all": False, "through_major": None, "until": None, "updates_until": "2026-01-10"}
    told = asked(done, "?version=10.2.0")
    assert (told["allowed"], told["code"], told["updates_until"]) == (False, "version.not_covered", "2026-01-10")
    assert "10 Jan 2026" in told["message"] or "2026" in told["message"]
    assert asked(done, "?version=10.1.99")["allowed"]  # a fix of what is covered, though nobody published it here
    assert told["update"] is None
    release("10.1.5", "2026-03-10")
    assert asked(done)["update"]["version"] == "10.1.5"
    covers = Api(token("licences")).get(f"licences/{licence.code}").json()["run"]["covers"]
    assert covers == {"all": False, "through_major": None, "until": None, "updates_until": "2026-01-10"}


def test_by_major_the_certificate_stays_as_it_is() -> None:
    claims = json.loads(base64.urlsafe_b64decode(make.activated(make.licence()).certificate.split(".")[1] + "=="))
    assert claims["run"] == {"all": False, "through_major": 10, "until": None}


@pytest.mark.parametrize(
    ("mode", "covers"),
    [
        (CoverageMode.BY_MAJOR, {"all": False, "through_major": 10, "until": None}),
        (CoverageMode.BY_DATE, {"all": False, "through_major": None, "until": None, "updates_until": "2027-03-10"}),
        (CoverageMode.ALL, {"all": True, "through_major": None, "until": None}),
    ],
)
def test_what_is_sold_covers_as_the_vendor_set_it(mode: CoverageMode, covers: dict[str, Any]) -> None:
    product = orders.shop()
    catalog.set_coverage(product, mode, by=make.BY, at=orders.OPENED)
    code = orders.licence_of(orders.bought("pro-private-3", on="2026-03-10"))
    assert Api(token("licences")).get(f"licences/{code}?at=2026-03-16T09:00:00Z").json()["run"]["covers"] == covers


def test_t7_another_mode_changes_nothing_that_was_sold() -> None:
    product = orders.shop()
    placed = orders.bought("pro-private-3", on="2026-03-01")
    code = orders.licence_of(placed)
    catalog.set_coverage(product, CoverageMode.BY_DATE, by=make.BY, at=NOW)
    orders.bought("vip-renewal", licence=code, of=placed.customer, on="2026-03-16")
    covers = Api(token("licences")).get(f"licences/{code}?at=2026-03-16T20:00:00Z").json()["run"]["covers"]
    assert covers == {"all": False, "through_major": 10, "until": None, "updates_until": "2027-03-16"}
    assert [row.mode for row in Coverage.objects.all()] == ["by_date"]
