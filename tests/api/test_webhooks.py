"""Webhooks over the wire and in the reference: what is documented is what is sent."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from podpora.audit.models import Delivery, Webhook
from podpora.audit.values import event_types
from podpora.base.actors import system
from podpora.catalog import actions as catalog
from podpora.desk import actions as desk_actions
from podpora.desk.values import Priority, Score, Targets
from podpora.fleet import actions as fleet_actions
from podpora.fleet import queries as fleet_queries
from podpora.forum import actions as forum_actions
from podpora.forum import queries as forum_queries
from podpora.forum.values import FlagKind, Review
from podpora.knowledge import actions as knowledge
from podpora.licensing import actions as licensing
from podpora.people.values import StaffRole
from podpora.problems import actions as problem_actions
from podpora.problems import values as problem_values
from tests.make import articles, clocks, desk, fleet, forum, orders, people, problems
from tests.make import licensing as make
from tests.make.api import Api, activation_body, token
from tests.make.firms import firm
from tests.make.fleet import forced, put, schema
from tests.make.releases import release

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/podpora"
REFERENCE = Path("docs/reference/webhooks.md")


@pytest.fixture
def caller() -> Api:
    return Api(token("webhooks"))


def made(caller: Api, *events: str) -> dict[str, Any]:
    told = caller.post("webhooks", {"url": URL, "events": list(events)})
    assert told.status_code == 201, told.content
    return dict(told.json())


def test_the_secret_is_shown_once(caller: Api) -> None:
    first = made(caller, "licence.issued")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", first["secret"])
    assert first["events"] == ["licence.issued"] and first["enabled"]
    for path in ("webhooks", f"webhooks/{first['code']}"):
        assert "whsec_" not in caller.get(path).content.decode()
    second = caller.post(f"webhooks/{first['code']}/secret").json()["secret"]
    assert second != first["secret"]


def test_from_making_to_removing(caller: Api) -> None:
    code = made(caller)["code"]
    changed = caller.client.patch(
        f"/api/v1/webhooks/{code}", json.dumps({"name": "Shop", "enabled": False}), content_type="application/json", headers=caller.headers
    )  # fmt: skip
    assert (changed.json()["name"], changed.json()["enabled"]) == ("Shop", False)
    assert caller.post(f"webhooks/{code}/ping").json()["error"]["code"] == "webhook.disabled"
    caller.client.patch(f"/api/v1/webhooks/{code}", b'{"enabled": true}', content_type="application/json", headers=caller.headers)
    pinged = caller.post(f"webhooks/{code}/ping")
    assert (pinged.status_code, pinged.json()["event"], pinged.json()["state"]) == (202, "webhook.ping", "waiting")
    sent = caller.get(f"webhooks/{code}/deliveries").json()["items"]
    assert [item["id"] for item in sent] == [pinged.json()["id"]]
    again = caller.post(f"webhooks/{code}/deliveries/{sent[0]['id']}/replay")
    assert (again.status_code, again.json()["id"], again.json()["body"]) == (202, sent[0]["id"], sent[0]["body"])
    assert caller.delete(f"webhooks/{code}").status_code == 204
    assert caller.get(f"webhooks/{code}").status_code == 404
    assert not Webhook.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"url": "http://hooks.example.com/"}, {"url": ["webhook.not_https"]}),
        ({"url": "https://169.254.169.254/latest"}, {"url": ["webhook.private_address"]}),
        ({"url": URL, "events": ["licence.invented"]}, {"events": ["unknown"]}),
        ({"url": URL, "secret": "mine"}, {"secret": ["unknown"]}),
        ({}, {"url": ["required"]}),
    ],
)
def test_s60_what_can_not_be_a_webhook(caller: Api, body: dict[str, Any], fields: dict[str, list[str]]) -> None:
    told = caller.post("webhooks", body)
    assert (told.status_code, told.json()["error"]["fields"]) == (422, fields)


def test_only_the_vendors_manager_and_systems(caller: Api) -> None:
    code = made(caller)["code"]
    for who in (
        "",
        token("orders"),
        token("webhooks", person=people.person()),
        token("webhooks", person=people.staff(StaffRole.TECHNICIAN)),
    ):
        assert Api(who).get("webhooks").status_code in (401, 403)
        assert Api(who).post(f"webhooks/{code}/ping").status_code in (401, 403)
    assert Api(token("webhooks", person=people.manager())).get("webhooks").status_code == 200


def test_a_delivery_of_another_webhook_is_not_there(caller: Api) -> None:
    one, other = made(caller)["code"], made(caller)["code"]
    message = caller.post(f"webhooks/{one}/ping").json()["id"]
    assert caller.post(f"webhooks/{other}/deliveries/{message}/replay").status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_the_log_costs_as_many_queries_whatever_its_length(caller: Api, more: int, django_assert_num_queries: Any) -> None:
    code = made(caller)["code"]
    for _n in range(1 + more):
        caller.post(f"webhooks/{code}/ping")
    caller.get("webhooks")
    with django_assert_num_queries(4):
        caller.get(f"webhooks/{code}/deliveries")


def documented() -> dict[str, Any]:
    found = re.findall(r"### `([a-z_.]+)`\n\n([^\n]+)\n\n```json\n(.+?)\n```", REFERENCE.read_text(), re.DOTALL)
    return {name: (text, json.loads(example)) for name, text, example in found}


@pytest.mark.once
def test_every_event_is_documented_with_its_example(caller: Api) -> None:
    assert {name: (text, example["type"], example["data"]) for name, (text, example) in documented().items()} == {
        event.name: (str(event.text), event.name, event.data) for event in event_types().values()
    }
    told = caller.get("webhooks/events").json()["items"]
    assert [item["type"] for item in told] == list(documented())


def of_the_desk() -> None:
    """All that can happen to tickets."""
    clocks.sla(targets=Targets(120), of=clocks.round_the_clock(), warn_minutes=30)
    technician, by, day = people.staff(), system("tests"), timedelta(days=1)
    one, two = desk.ticket(), desk.ticket()
    for minutes in (110, 130):
        desk_actions.tell_of_clocks(by=by, at=desk.AT + timedelta(minutes=minutes))
    desk.note(one, technician)
    desk_actions.assign(one, people.staff(name="Tomáš"), by=by, at=desk.AT)
    desk_actions.set_priority(one, Priority.HIGH, by=by, at=desk.AT)
    desk_actions.change_state(one, desk.State.WAITING_VENDOR, by=by, at=desk.AT)
    desk_actions.snooze(one, desk.AT + day, by=by, at=desk.AT)
    desk_actions.wake(one, by=by, at=desk.AT + day)
    desk_actions.merge(two, one, across=True, by=by, at=desk.AT)
    desk_actions.unmerge(two, by=by, at=desk.AT)
    desk_actions.split(one, [desk.ask_again(one)], by=by, at=desk.AT)
    desk.answer(one, technician, then=desk.State.SOLVED)
    desk_actions.rate(one, Score.GOOD, by=people.actor(one.requester), at=desk.AT)


def of_the_forum() -> None:
    """All that can happen to topics and posts."""
    by, moderator = system("tests"), people.manager()
    author, helper, reader = forum.member(), forum.member(), forum.member()
    topic, other = forum.topic(author=author), forum.topic()
    post = forum.reply(topic, helper, at=forum.AT + timedelta(hours=1))
    flagged, moved = (forum.reply(topic, at=forum.AT + timedelta(hours=hours)) for hours in (2, 3))
    later = forum.AT + timedelta(days=1)
    forum_actions.accept(post, person=author, by=people.actor(author), at=later)
    forum_actions.unaccept(topic, person=author, by=people.actor(author), at=later)
    forum_actions.edit(post, "Install 10.2.2 instead.", person=helper, by=people.actor(helper), at=later)
    forum_actions.flag(flagged, FlagKind.SPAM, person=reader, by=people.actor(reader), at=later)
    forum_actions.decide(forum_queries.open_reviews()[0], Review.AGREED, by=people.actor(moderator), at=later)
    forum_actions.move(topic, forum.category(), by=by, at=later)
    forum_actions.split(topic, [moved.number], "Another thing altogether", by=by, at=later)
    forum_actions.merge(other, topic, by=by, at=later)


def of_articles_and_problems() -> None:
    by = system("tests")
    knowledge.archive(articles.article(), by=by, at=articles.NOW)
    problem = problems.problem()
    problem_actions.set_state(problem, problem_values.State.CONFIRMED, by=by, at=problems.AT)
    tied = problem_values.Tied(problem_values.TieKind.TICKET, "T-1042")
    problem_actions.tie(problem, tied, by=by, at=problems.AT)


def of_rollouts() -> None:
    """One is halted, and then taken back."""
    delta = firm("Delta")
    fleet.published(delta.customer, delta.licence.product, delta.owner, "Delta", at=make.BOUGHT)
    profile = fleet_actions.ensure_profile(delta.customer, delta.licence.product)
    rollout = fleet_queries.open_rollout(profile)
    assert rollout is not None
    fleet_actions.halt_rollout(rollout, by=make.BY, at=make.BOUGHT)
    fleet_actions.roll_back(profile, 1, person=delta.owner, by=make.BY, at=make.BOUGHT)


def test_what_is_sent_has_the_form_of_its_example(caller: Api) -> None:
    """Every event is made to happen, and its data have the names of the example in the reference."""
    made(caller)
    product = orders.shop()
    placed = orders.bought("pro-private-1", on="2026-03-10")
    licence = licensing_of(orders.licence_of(placed))
    done = make.activated(licence, at=orders.at("2026-03-10T13:00"))
    assert Api().post("activations", activation_body(licence)).status_code == 409
    licensing.deactivate(done.activation, by=make.BY, at=make.BOUGHT)
    licensing.set_seats(licence, 5, by=make.BY, at=make.BOUGHT)
    caller_of_orders = Api(token("orders"))
    caller_of_orders.post(
        f"orders/{placed.code}/chargebacks", {"external_id": "c", "at": "2026-03-11T09:00:00Z", "state": "opened"}
    )
    caller_of_orders.post(f"orders/{placed.code}/chargebacks", {"external_id": "w", "at": "2026-03-12T09:00:00Z", "state": "won"})
    caller_of_orders.post(f"orders/{placed.code}/refunds", {"external_id": "r", "at": "2026-03-13T09:00:00Z"})
    of_the_desk()
    of_the_forum()
    of_articles_and_problems()
    schema()
    firm_of = firm("Gamma")
    settings = Api(token("settings", person=firm_of.owner))
    put(settings, "settings/layers/company", {"entries": {"look.theme": forced("dark")}})
    assert settings.post("settings/revisions", {"based_on": 0}).status_code == 201
    of_rollouts()
    build = release("10.2.0", "2026-03-01", of=product)
    catalog.withdraw_release(build, by=make.BY, at=make.BOUGHT)
    catalog.set_version(product, 12, released_on=None, support_ends_on=None, name="Twelve", by=make.BY, at=make.BOUGHT)
    caller.post(f"webhooks/{Webhook.objects.get().code}/ping")
    sent: dict[str, set[str]] = {}
    for event, body in Delivery.objects.values_list("event", "body"):
        sent.setdefault(event, set()).update(json.loads(body)["data"])
    assert set(event_types()) - set(sent) == set()
    wrong = {name: keys for name, keys in sent.items() if keys != set(event_types()[name].data)}
    assert wrong == {}


def licensing_of(code: str) -> Any:
    from podpora.licensing.models import Licence

    return Licence.objects.get(code=code)
