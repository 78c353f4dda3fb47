"""A-18: who leaves gives his devices back; A-19: the last owner stays. Many invitations: all or nobody."""

import pytest

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import leaving
from podpora.licensing import actions as licensing
from podpora.licensing.models import Device
from podpora.people import actions
from podpora.people.models import Invitation, TeamMember
from podpora.people.rules import Invited, read_invitations
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import mails, people, web
from tests.make.api import Api, token
from tests.make.firms import Firm, firm

ROLES = {"admin": "admin", "member": "viewer", "viewer": "viewer", "správce": "admin"}


@pytest.fixture
def alfa(db: None) -> Firm:
    made = firm(devices=3)
    Device.objects.filter(pk__in=[made.devices[0].pk, made.devices[1].pk]).update(person=made.lead)
    return made


def test_a_18_devices_are_deactivated_seats_are_free_and_tickets_stay(alfa: Firm) -> None:
    told = leaving.preview(alfa.customer, alfa.lead)
    assert ([d.name for d in told.devices], [t.name for t in told.teams], told.tickets) == (["PC-1", "PC-2"], ["Sales"], 0)
    assert leaving.leave(alfa.customer, alfa.lead, by=people.actor(alfa.owner), at=make.BOUGHT).freed == 2
    alfa.licence.refresh_from_db()
    assert alfa.licence.seats_used == 1
    assert list(Device.objects.filter(holds_seat=True).values_list("name", flat=True)) == ["PC-3"]
    assert not Device.objects.exclude(person=None).exists()
    assert not TeamMember.objects.filter(person=alfa.lead).exists()


def test_a_18_or_his_devices_go_on_as_a_successor_s(alfa: Firm) -> None:
    web.vendor()
    licensing.free_seat(alfa.licence, alfa.devices[1].code, by=make.BY, at=make.BOUGHT)
    path = f"customers/{alfa.customer.code}/members/{alfa.lead.code}?to="
    owner = Api(token("customers", person=alfa.owner))
    for nobody in (alfa.lead.code, people.person().code, "U-0"):
        assert owner.delete(path + nobody).json()["error"]["fields"] == {"to": ["unknown"]}
    page = f"/licences/people/{alfa.customer.code}/{alfa.lead.code}/remove/"
    assert web.client(alfa.owner).post(page, {"to": "U-0"}).status_code == 404
    assert web.client(alfa.owner).post(page, {"to": alfa.viewer.code}).status_code == 302
    assert list(Device.objects.order_by("name").values_list("name", "holds_seat", "person")) == [
        ("PC-1", True, alfa.viewer.pk), ("PC-2", False, None), ("PC-3", True, None),
    ]  # fmt: skip
    alfa.licence.refresh_from_db()
    assert alfa.licence.seats_used == 2


def test_a_19_the_last_owner_stays_and_keeps_his_devices(alfa: Firm) -> None:
    Device.objects.update(person=alfa.owner)
    with pytest.raises(Refused) as refused:
        leaving.leave(alfa.customer, alfa.owner, by=people.actor(alfa.owner), at=make.BOUGHT)
    assert refused.value.decision.code == "member.last_owner"
    assert Device.objects.filter(holds_seat=True, person=alfa.owner).count() == 3


def test_who_does_not_manage_members_removes_nobody(alfa: Firm) -> None:
    for somebody in (alfa.viewer, alfa.billing, people.person()):
        with pytest.raises(NotYours):
            leaving.leave(alfa.customer, alfa.lead, by=people.actor(somebody), at=make.BOUGHT)


def test_the_page_lists_first_what_will_be_lost(alfa: Firm) -> None:
    web.vendor()
    path = f"/licences/people/{alfa.customer.code}/{alfa.lead.code}/remove/"
    html = web.client(alfa.owner).get(path).content.decode()
    assert "2 devices are deactivated" in html
    assert "PC-1" in html
    web.client(alfa.owner).post(path)
    assert Device.objects.filter(holds_seat=True).count() == 1


def test_by_the_api(alfa: Firm) -> None:
    path = f"customers/{alfa.customer.code}/members/{alfa.lead.code}"
    assert Api(token("customers", person=alfa.viewer)).delete(path).status_code == 404
    own = Api(token("customers", person=alfa.lead))
    assert [device["name"] for device in own.get(f"{path}/leaving").json()["devices"]] == ["PC-1", "PC-2"]
    assert own.delete(path).json() == {"freed": 2, "handed_on": 0}
    owner = Api(token("customers", person=alfa.owner))
    assert owner.get(f"{path}/leaving").status_code == 404
    last = owner.delete(f"customers/{alfa.customer.code}/members/{alfa.owner.code}")
    assert (last.status_code, last.json()["error"]["code"]) == (409, "member.last_owner")
    assert len(owner.get(f"customers/{alfa.customer.code}/members").json()["items"]) == 3


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a@x.example", [Invited(1, "a@x.example", "viewer", "")]),
        ("a@x.example, admin , Sales", [Invited(1, "a@x.example", "admin", "Sales")]),
        ("a@x.example;Správce;Sales", [Invited(1, "a@x.example", "admin", "Sales")]),
        ("a@x.example\tmember", [Invited(1, "a@x.example", "viewer", "")]),
        ("\ufeffE-mail;role\n\na@x.example;boss", [Invited(3, "a@x.example", "boss", "")]),
        ('"a@x.example","admin","Sales, Brno"', [Invited(1, "a@x.example", "admin", "Sales, Brno")]),
        ("", []),
    ],
)
def test_lines_are_read(text: str, rows: list[Invited]) -> None:
    assert read_invitations(text, ROLES) == rows


def test_every_wrong_line_is_named_and_nobody_is_invited(alfa: Firm) -> None:
    rows = [
        Invited(1, "good@x.example"), Invited(2, "nonsense"), Invited(3, "b@x.example", "boss"), Invited(4, "c@x.example", "viewer", "None"),
        Invited(5, "GOOD@x.example"), Invited(6, alfa.viewer.email), Invited(7, ""),
    ]  # fmt: skip
    with pytest.raises(InvalidInput) as wrong:
        actions.invite_many(alfa.customer, rows, by=people.actor(alfa.owner), at=make.BOUGHT)
    assert wrong.value.fields == {
        "rows.2.email": ["not_an_email"], "rows.3.role": ["unknown"], "rows.4.team": ["unknown"], "rows.5.email": ["twice"],
        "rows.6.email": ["member.already"], "rows.7.email": ["required"],
    }  # fmt: skip
    assert not Invitation.objects.exists()


def test_an_administrator_invites_no_owners(alfa: Firm) -> None:
    admin = people.member(alfa.customer, Role.ADMIN)
    with pytest.raises(InvalidInput) as wrong:
        actions.invite_many(alfa.customer, [Invited(1, "a@x.example", "owner")], by=people.actor(admin), at=make.BOUGHT)
    assert wrong.value.fields == {"rows.1.role": ["member.role_above"]}
    with pytest.raises(NotYours):
        actions.invite_many(alfa.customer, [Invited(1, "a@x.example")], by=people.actor(alfa.viewer), at=make.BOUGHT)


def test_who_was_invited_with_a_team_joins_it(alfa: Firm) -> None:
    eva = people.person("eva@x.example")
    web.vendor()
    client = web.client(alfa.owner)
    path = f"/licences/people/{alfa.customer.code}/invite-many/"
    wrong = client.post(path, {"text": "eva@x.example, member, Sales\nnonsense"})
    assert wrong.status_code == 422
    assert "Line 2:" in wrong.content.decode()
    assert client.post(path, {"text": "eva@x.example, member, Sales"}).status_code == 302
    link = mails.link_in(mails.last_to("eva@x.example"))
    invitation = Invitation.objects.get()
    actions.accept_invitation(link.strip("/").split("/")[-1], by=people.actor(eva), at=invitation.sent_at)
    assert TeamMember.objects.filter(person=eva, team=alfa.team, is_lead=False).exists()
    assert web.client(alfa.viewer).get(path).status_code == 404
