"""A21: each deed writes exactly one row that names who did it, to what, from where; and nothing forges a second line of it."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest

from podpora.audit import actions as audit
from podpora.audit import queries as entries
from podpora.audit.models import Entry
from podpora.base.actors import Actor, ActorKind
from podpora.catalog import actions as catalog
from podpora.catalog.values import CoverageMode
from podpora.entitlements.actions import Goodwill
from podpora.journeys import care, transfer
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.people import actions as people
from podpora.people import queries as persons
from podpora.people.values import StaffRole
from tests.make import licensing as make
from tests.make import people as make_people
from tests.make import web
from tests.make.firms import Firm, firm

pytestmark = pytest.mark.django_db
Deed = Callable[[], Any]


def of_licence(of: Firm, who: dict[str, Any]) -> Iterator[tuple[str, Deed]]:
    """(verb, what writes it), in an order in which each is possible."""
    licence = of.licence
    yield "licence.renamed", lambda: licensing.rename(licence, "Brno", **who)
    yield "licence.key_shown", lambda: licensing.show_key(licence, **who)
    yield "licence.key_sent", lambda: licensing.send_key(licence, of.owner, **who)
    yield "licence.key_replaced", lambda: licensing.replace_key(licence, "leaked", **who)
    yield "licence.frozen", lambda: licensing.freeze(licence, "many computers", **who)
    yield "licence.thawed", lambda: licensing.thaw(licence, **who)
    yield "ledger.recorded", lambda: care.give_support(licence, Goodwill("thank you", days=3), **who)
    yield "licence.state_changed", lambda: care.suspend(licence, "asked by phone", **who)
    yield "licence.state_changed", lambda: care.reinstate(licence, "cleared", **who)


def of_devices(of: Firm, who: dict[str, Any]) -> Iterator[tuple[str, Deed]]:
    licence, pc, at = of.licence, [device.code for device in of.devices], who["at"]

    def share() -> Any:
        return licences.share_in(licence, of.team.code)

    yield "device.renamed", lambda: licensing.rename_device(licence, pc[0], "FRONT-1", **who)
    yield "device.assigned", lambda: licensing.assign_device(licence, pc[0], of.viewer, **who)
    yield "device.blocked", lambda: licensing.block_device(licence, pc[0], **who)
    yield "device.unblocked", lambda: licensing.unblock_device(licence, pc[0], **who)
    yield (
        "device.work_rename",
        lambda: licensing.start_work(licence, "rename", [d.pk for d in of.devices], {"pattern": "N{n}"}, **who),
    )
    yield "device.work_undone", lambda: licensing.undo_work(licence, licences.recent_works(licence, None, at=at)[0].code, **who)
    yield "device.suspected_clone", lambda: licensing.flag_clone(of.devices[1], "parts", **who)
    yield "licence.shared", lambda: licensing.share_seats(licence, of.team, 2, **who)
    yield "licence.share_key_shown", lambda: licensing.show_share_key(share(), **who)
    yield "licence.share_key_replaced", lambda: licensing.replace_share_key(share(), **who)
    yield "licence.share_ended", lambda: licensing.end_share(share(), **who)
    yield "licence.deactivated", lambda: licensing.free_seat(licence, pc[2], **who)
    yield "licence.devices_released", lambda: licensing.free_all_seats(licence, **who)
    yield "licence.transfer_offered", lambda: transfer.offer(licence, "new@owner.example", **who)
    yield "licence.transfer_cancelled", lambda: transfer.cancel(licences.open_transfer(licence, at=at), **who)  # type: ignore[arg-type]


def of_people(of: Firm, who: dict[str, Any]) -> Iterator[tuple[str, Deed]]:
    licence, at = of.licence, who["at"]
    yield "team.created", lambda: people.create_team(of.customer, "Service", **who)
    yield "team.renamed", lambda: people.rename_team(of.team, "Trade", **who)
    yield "team.member_set", lambda: people.put_into_team(of.team, of.viewer, **who)
    yield "team.member_removed", lambda: people.leave_team(of.team, of.viewer, **who)
    yield "team.deleted", lambda: people.delete_team(of.team, **who)
    yield "member.invited", lambda: people.invite(of.customer, email="new@alfa.example", role="viewer", **who)
    yield "member.invitation_revoked", lambda: people.revoke_invitation(persons.open_invitations(of.customer, at=at)[0], **who)
    yield "member.role_changed", lambda: people.change_role(of.customer, of.viewer, "admin", **who)
    yield "member.removed", lambda: people.remove_member(of.customer, of.billing, **who)
    yield "customer.changed", lambda: people.update_customer(of.customer, street="Nová 1", **who)
    yield "token.created", lambda: people.create_token("Build", ["licences"], of.owner, **who)
    yield "token.revoked", lambda: people.revoke_token(persons.tokens_of(of.owner)[0], **who)
    yield "calendar.made", lambda: people.new_calendar_feed(of.owner, **who)
    yield "calendar.revoked", lambda: people.revoke_calendar_feed(of.owner, **who)
    hook = audit.WebhookFacts("https://hooks.alfa.example/in", (), "Ours")
    yield "webhook.created", lambda: audit.create_webhook(hook, **who)
    yield "coverage.changed", lambda: catalog.set_coverage(licence.product, CoverageMode.ALL, **who)


def test_a21_each_deed_writes_one_row_with_who_what_and_where() -> None:
    web.vendor()
    of = firm()
    tomas = make_people.staff(StaffRole.TECHNICIAN)
    name = "Jana\r\n2026-03-16 root: forged"
    by = Actor(ActorKind.PERSON, name, person_id=of.owner.pk, on_behalf_of=tomas.pk, address="192.0.2.0")
    known = {entry.pk for entry in Entry.objects.all()}
    wrong = []
    for verb, deed in chain(*(deeds(of, {"by": by, "at": make.BOUGHT}) for deeds in (of_licence, of_devices, of_people))):
        deed()
        rows = list(Entry.objects.exclude(pk__in=known))
        known |= {entry.pk for entry in rows}
        same = [entry for entry in rows if entry.verb == verb]
        told = [(entry.person_id, entry.on_behalf_of, entry.address, entry.at) for entry in same]
        if told != [(of.owner.pk, tomas.pk, "192.0.2.0", make.BOUGHT)]:
            wrong.append((verb, [entry.verb for entry in rows]))
        said = [entries.sentence(entry) + entry.actor_name + entry.subject for entry in rows]
        assert not [text for text in said if "\n" in text or "\r" in text], verb
    assert not wrong, repr(wrong)
