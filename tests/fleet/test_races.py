"""Real connections at the same moment: two publishers, an approval, a rollback, a halt, a group that changes (CS-7, CS-18, CS-19, CS-25)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from podpora.base.decisions import Refused
from podpora.fleet import actions, queries
from podpora.fleet.models import DeviceSettings, Draft, Profile, Proposal, Revision, RollOut
from podpora.fleet.rules import read_rule
from podpora.fleet.values import Layer, Level, Plan, Publishing, Wave
from podpora.journeys import central
from podpora.licensing.models import Activation
from podpora.mail import queries as mails
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people, races
from tests.make.firms import Firm, firm
from tests.make.fleet import forced, schema

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
COMPANY = Layer(Level.COMPANY)
AT = make.BOUGHT + timedelta(days=2)


class Office:
    """A company whose administrators publish at once."""

    def __init__(self) -> None:
        schema(1, **{"mail.tls": {"type": "boolean", "title": {"cs": "T", "en": "T"}, "x-sensitive": True}})
        self.firm: Firm = firm(devices=0, seats=30)
        self.profile = actions.ensure_profile(self.firm.customer, self.firm.licence.product)
        self.people = [self.firm.owner, *(people.member(self.firm.customer, Role.ADMIN) for _ in range(2))]

    def draft(self, number: int, **entries: Any) -> None:
        given = {key.replace("__", "."): forced(value) for key, value in entries.items()}
        actions.save_layer(self.profile, COMPANY, given, person=self.people[number], at=AT)

    def publishes(self, number: int, based_on: int, plan: Plan | None = None, instead_of: str = "") -> Callable[[], Any]:
        person = self.people[number]
        wish = Publishing(based_on, "", plan, instead_of)
        return lambda: actions.publish(self.profile, wish, person=person, by=people.actor(person), at=AT)

    def devices(self, count: int) -> list[Activation]:
        return [make.activated(self.firm.licence, make.device(f"NB-{number}"), at=AT).activation for number in range(count)]

    def numbers(self) -> list[int]:
        return sorted(Revision.objects.values_list("number", flat=True))


def codes(ends: list[races.End]) -> list[str]:
    """How each ended: `ok`, or the code of its refusal; anything else is a fault."""
    found = []
    for end in ends:
        assert end.failed is None or isinstance(end.failed, Refused), end.failed
        found.append(end.failed.decision.code if isinstance(end.failed, Refused) else "ok")
    return found


def test_cs_25_of_two_publishers_the_second_gets_the_differences_and_keeps_his_draft() -> None:
    office = Office()
    for number in range(3):
        office.draft(number, mail__port=100 + number)
    ends = races.at_once([office.publishes(number, 0) for number in range(3)])
    assert sorted(codes(ends)) == ["ok", "settings.conflict", "settings.conflict"]
    assert office.numbers() == [1]
    assert Draft.objects.count() == 2
    refused = next(end.failed for end in ends if isinstance(end.failed, Refused))
    facts = refused.decision.reasons[0].facts
    assert [(change["layer"], change["key"]) for change in facts["conflicts"]] == [("company", "mail.port")]
    assert facts["diff"][0]["after"]["value"] == Revision.objects.get().content["company"]["mail.port"]["value"]


def test_an_approval_a_rollback_and_a_publication_end_one_after_the_other() -> None:
    office = Office()
    owner: Person = office.people[0]
    for number, port in enumerate((25, 26)):
        office.draft(0, mail__port=port)
        office.publishes(0, number)()
    office.draft(1, mail__port=26, mail__tls=True)
    office.publishes(1, 2)()
    proposal = Proposal.objects.get()
    office.draft(2, mail__port=26, proxy__host="proxy.example")
    ends = races.at_once([
        office.publishes(2, 2), lambda: actions.approve(proposal, person=office.people[2], by=people.actor(office.people[2]), at=AT),
        lambda: actions.roll_back(office.profile, 1, person=owner, by=people.actor(owner), at=AT),
    ])  # fmt: skip
    found = codes(ends)
    assert set(found) <= {"ok", "settings.conflict"}
    assert found[1:] == ["ok", "ok"]  # each of them says what it wants whatever came before
    assert office.numbers() == list(range(1, 3 + found.count("ok")))
    last = Revision.objects.get(number=office.numbers()[-1]).content["company"]
    published = [row.content.get("company", {}) for row in Revision.objects.filter(number__gt=2)]
    assert last in published
    assert sum("mail.tls" in content for content in published) in (1, 2)  # in its own, and in what came after it
    assert Profile.objects.get().revision == office.numbers()[-1]


def test_cs_18_halting_and_replacing_a_roll_out_at_once_never_stops_both() -> None:
    office, by = Office(), people.actor(people.manager())
    office.draft(0, mail__port=25)
    office.publishes(0, 0)()
    plan = Plan((Wave(50, hours=None), Wave(100)))
    office.draft(0, mail__port=26)
    office.publishes(0, 1, plan)()
    for turn in range(3):
        rollout = queries.open_rollout(office.profile)
        assert rollout is not None
        office.draft(0, mail__port=30 + turn)
        ends = races.at_once([
            office.publishes(0, 2 + turn, plan, rollout.code), lambda it=rollout: actions.halt_rollout(it, by=by, at=AT),
            lambda it=rollout: actions.next_wave(it, it.wave, by=by, at=AT), lambda it=rollout: actions.move_rollout(it, at=AT),
        ])  # fmt: skip
        found = codes(ends)
        assert (found[0], found[3]) == ("ok", "ok")
        assert set(found[1:3]) <= {"ok", "settings.rollout_over"}
        assert RollOut.objects.filter(state__in=["running", "paused", "halted"]).count() == 1
        assert RollOut.objects.get(pk=rollout.pk).state == "replaced"
    assert office.numbers() == [1, 2, 3, 4, 5]


def test_cs_18_many_devices_report_errors_at_once_and_it_halts_once() -> None:
    office = Office()
    activations = office.devices(12)
    office.draft(0, mail__port=25)
    office.publishes(0, 0)()
    office.draft(0, mail__port=26)
    office.publishes(0, 1, Plan((Wave(100),)))()

    def wrong(activation: Activation) -> None:
        central.poll(activation, at=AT)
        told = {"mail.port": {"state": "error", "code": "settings.rejected"}}
        actions.report(activation.device, revision=2, keys=told, refused=(), by=people.actor(office.people[0]), at=AT)

    ends = races.at_once([lambda it=activation: wrong(it) for activation in activations])
    assert codes(ends) == ["ok"] * 12
    assert RollOut.objects.get().state == "halted"
    assert DeviceSettings.objects.filter(revision=2, state="partial").count() >= 1
    assert {row.revision for row in DeviceSettings.objects.all()} <= {1, 2}
    assert mails.outgoing().filter(kind="settings.rollout_halted").values("subject").distinct().count() == 1
    per_person = mails.outgoing().filter(kind="settings.rollout_halted").values_list("to_address", flat=True)
    assert len(per_person) == len(set(per_person))  # nobody is told twice


def test_cs_19_groups_change_while_devices_ask_and_something_is_published() -> None:
    office, by = Office(), people.actor(people.manager())
    activations = office.devices(6)
    group = actions.create_group(office.profile, "First", rule=read_rule({"name": "NB-*"}), by=by, at=AT)
    office.draft(0, mail__port=25)
    actions.save_layer(office.profile, Layer(Level.GROUP, group.code), {"mail.port": forced(99)}, person=office.people[0], at=AT)
    office.publishes(0, 0)()
    office.draft(0, mail__port=26)
    ends = races.at_once([
        *(lambda it=activation: central.poll(it, at=AT) for activation in activations),
        office.publishes(0, 1), lambda: actions.update_group(group, rule=read_rule({"name": "XX-*"}), by=by, at=AT),
        lambda: actions.set_devices(group, [activations[0].device], by=by, at=AT),
    ])  # fmt: skip
    assert codes(ends) == ["ok"] * 9
    profile = Profile.objects.get()
    for number, activation in enumerate(activations):
        central.poll(activation, at=AT)
        given = DeviceSettings.objects.get(device=activation.device)
        outcome = queries.outcome_for(profile, activation.device)
        assert outcome.values["mail.port"].entry.value == (99 if number == 0 else 26)
        assert (given.revision, given.stamp) == (2, profile.stamp)
