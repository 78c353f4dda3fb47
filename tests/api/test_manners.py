"""The server's manners towards programs (LICENSING.md): what they may depend on, what they are told, and what it costs to sign."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches

from podpora.audit import actions as audit
from podpora.audit.models import Delivery
from podpora.jobs.models import Job
from podpora.licensing import actions
from podpora.licensing.models import SigningKey
from podpora.licensing.queries import keys
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body

pytestmark = pytest.mark.django_db
NOW = make.BOUGHT + timedelta(days=2)
REFRESH = "activations/me/refresh"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def broken(*args: Any, **kwargs: Any) -> Any:
    raise OSError("it is away")


@pytest.mark.once
def test_a_program_runs_without_queue_cache_and_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Activating, refreshing and leaving work while the cache is away; and a queue that nobody serves holds nobody up."""
    licence = make.licence()
    for name in ("get", "set", "add", "incr", "get_many", "set_many", "delete", "touch"):
        monkeypatch.setattr(type(caches["default"]), name, broken)
    with pytest.raises(OSError, match="away"):
        caches["default"].get("anything")
    done = Api().post("activations", activation_body(licence))
    assert done.status_code == 201
    program = Api(done.json()["token"])
    assert program.post(REFRESH, {"app_version": "10.1.0"}).status_code == 200
    assert program.get("activations/me").json()["decision"]["allowed"] is True
    assert program.delete("activations/me").status_code == 204
    assert not Job.objects.filter(state="done").exists()  # nobody worked


def test_a_public_answer_says_only_what_the_program_shows() -> None:
    """No address, no name of another device, no key, no network; whoever holds the token of one computer learns of that one."""
    owner = people.person("jana.tajna@private.example", "Jana Tajná")
    licence = make.licence(people.customer_of(owner))
    make.activated(licence, make.device("SOUSEDKA"))
    done = Api().post("activations", activation_body(licence, make.device("MOJE"))).json()
    program = Api(done["token"])
    answers = [
        program.get("activations/me"),
        program.get("activations/me/updates?version=10.1.0"),
        program.post(REFRESH, {"app_version": "10.1.0"}),
    ]
    for answer in answers:
        said = answer.content.decode()
        assert answer.status_code == 200 and answer.headers["Podpora-Time"] == "2026-03-12T09:00:00Z"
        for secret in ("@", "SOUSEDKA", keys_of(licence), "127.0.0.1", licence.key_hash):
            assert secret not in said, (secret, said)


def keys_of(licence: Any) -> str:
    return str(activation_body(licence)["key"])


def test_a_webhook_hears_that_the_seats_are_taken_once_an_hour() -> None:
    facts = audit.WebhookFacts("https://crm.example/hook", ("licence.limit_reached",))
    audit.create_webhook(facts, by=make.BY, at=NOW)
    licence = make.licence(terms=make.Terms(seats=1))
    make.activated(licence)
    for hours, told in ((0, 1), (0.5, 1), (1, 2)):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            for name in ("A", "B"):
                refused = Api().post("activations", activation_body(licence, make.device(name)))
                assert refused.json()["error"]["code"] == "licence.activation_limit"
        sent = [json.loads(body)["data"] for body in Delivery.objects.values_list("body", flat=True)]
        assert sent == [{"licence": licence.code, "seats": 1}] * told


def test_a_signing_key_is_opened_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading a PEM for each request made signing a hundred times slower elsewhere; ours is a row, opened once and never written out."""
    opened: list[str] = []
    unseal = keys.unseal

    def counted(sealed: str, purpose: str) -> str:
        opened.append(purpose)
        return unseal(sealed, purpose)

    monkeypatch.setattr(keys, "unseal", counted)
    row: SigningKey = actions.ensure_signing_key(at=NOW)
    keys._loaded.pop(row.kid, None)
    program = Api(make.activated(make.licence()).token)
    for _ in range(5):
        assert program.post(REFRESH, {"app_version": "10.1.0"}).status_code == 200
    assert opened.count(keys.PURPOSE) == 1
