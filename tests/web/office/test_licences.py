"""The office's licences: found by what a customer tells, and looked after."""

import pytest
from django.urls import reverse

from podpora.base.decisions import Refused
from podpora.entitlements.models import LedgerEntry
from podpora.journeys import rights
from podpora.licensing import queries as licensing
from podpora.licensing.models import Device, Licence
from podpora.licensing.values import LicenceState
from podpora.mail.models import OutgoingMail
from podpora.people.values import StaffRole
from tests.make import licensing as make_licences
from tests.make import people, web
from tests.make.web import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with web.on():
        yield


@pytest.fixture
def licence() -> Licence:
    web.vendor()
    return web.licence_of(web.bought(web.customer(), "2026-03-10"))


@pytest.fixture
def office(licence):
    return web.client(people.manager())


def listed(client, **asked) -> list[str]:
    return [g.licence.code for g, _name, _kind in client.get(reverse("office:licences"), asked).context["rows"]]


def act(client, licence, what, **data):
    page = client.get(reverse("office:licence", args=[licence.code]))
    form = next(form for name, *_rest, form in page.context["acts"] if name == what)
    sent = {name: form[name].value() for name in form.fields} | data
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(reverse("office:licence_act", args=[licence.code, what]), sent), sent


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(office, count, django_assert_num_queries):
    for n in range(count - 1):
        web.bought(web.customer(f"x{n}@private.example", "Iva"), "2026-04-10")
    office.get(reverse("office:licences"))
    with django_assert_num_queries(9):
        assert len(listed(office)) == count


def test_found_by_what_a_customer_tells(office, licence):
    other = web.licence_of(web.bought(web.customer("petr@lapsed.example", "Petr Svoboda"), "2026-04-10"))
    device = make_licences.activated(licence, version="9.1.0", at=NOW).activation.device
    key = licensing.key_of(licence)
    order = licence.source.removeprefix("order:").partition("/")[0]
    told = [licence.code, licence.code.lower(), key, key.lower().replace("-", " ").split()[1], key[-11:], "jana@private.example"]
    told += [licence.code[2:], licence.code[2:].lower(), licence.code[3:9]]
    told += ["Nováková", device.code, device.name, order, licence.customer.code]
    for words in told:
        assert listed(office, q=words) == [licence.code], words
    assert listed(office, q="@lapsed.example") == [other.code]
    assert listed(office, q=f"Nováková {device.code}") == [licence.code]
    assert listed(office, q=f"Svoboda {device.code}") == []
    assert listed(office, q="x' OR 1=1 \\ %") == []


def test_the_tabs_count_and_keep_the_words(office, licence):
    act(office, licence, "suspend", reason="for sale in a forum")
    assert listed(office, state="suspended") == [licence.code]
    assert listed(office, state="active") == []
    tabs = {str(name): count for name, _url, count, _here in office.get(reverse("office:licences")).context["tabs"]}
    assert tabs == {"All": 1, "Suspended": 1}


def test_a_licence_that_belongs_to_nobody_is_shown(office, licence):
    Licence.objects.filter(pk=licence.pk).update(customer=None)
    assert b"nobody yet" in office.get(reverse("office:licences")).content
    assert office.get(reverse("office:licence", args=[licence.code])).status_code == 200


def test_suspend_and_reinstate_with_a_reason(office, licence):
    answer, sent = act(office, licence, "suspend", reason="The key is for sale.")
    assert answer.status_code == 302
    licence.refresh_from_db()
    assert licence.state == LicenceState.SUSPENDED
    assert rights.support_decision(licence, at=NOW).code == "licence.suspended_by_vendor"
    assert "The key is for sale." in OutgoingMail.objects.get(subject__contains="suspended").text
    again = office.post(reverse("office:licence_act", args=[licence.code, "suspend"]), sent)
    assert again.status_code == 422
    assert b"is suspended already" in again.content
    assert LedgerEntry.objects.filter(kind="suspension").count() == 1
    answer, _sent = act(office, licence, "reinstate", reason="It was not.")
    licence.refresh_from_db()
    assert (answer.status_code, licence.state) == (302, LicenceState.ACTIVE)
    assert rights.support_decision(licence, at=NOW).code == "support.active"


def test_goodwill_is_given_once_however_often_it_is_sent(office, licence):
    answer, sent = act(office, licence, "goodwill", days=30, reason="The fix took long.")
    assert answer.status_code == 302
    assert office.post(reverse("office:licence_act", args=[licence.code, "goodwill"]), sent).status_code == 302
    assert str(rights.rights_of(licence, at=NOW).support_through) == "2027-04-09"
    assert "The fix took long." in OutgoingMail.objects.get(subject__contains="More support").text


@pytest.mark.parametrize(
    "sent", [{"days": 0}, {"days": -1}, {"days": 4000}, {"years": 11}, {"days": "x"}, {"days": 3, "reason": " "}]
)
def test_goodwill_that_cannot_be_given_says_why(office, licence, sent):
    answer, _sent = act(office, licence, "goodwill", **({"reason": "why"} | sent))
    assert answer.status_code == 422
    assert not LedgerEntry.objects.filter(kind="goodwill").exists()


def test_x_9_a_leaked_key_is_replaced_and_mailed_to_the_owner(office, licence):
    before = licensing.key_of(licence)
    answer, sent = act(office, licence, "key", reason="posted in a forum")
    assert answer.status_code == 302
    licence.refresh_from_db()
    key = licensing.key_of(licence)
    assert key != before
    assert licensing.licence_by_key(before) is None
    assert listed(office, q=before) == []
    assert listed(office, q=key.split("-")[2]) == [licence.code]
    mail = OutgoingMail.objects.get(subject__contains="A new key")
    assert key in mail.text
    assert mail.to_address == "jana@private.example"
    double = office.post(reverse("office:licence_act", args=[licence.code, "key"]), sent)
    assert double.status_code == 422
    licence.refresh_from_db()
    assert licensing.key_of(licence) == key


def test_staff_free_a_seat(office, licence):
    device = make_licences.activated(licence, version="9.1.0", at=NOW).activation.device
    address = reverse("office:licence_device", args=[licence.code, device.code, "free"])
    assert office.post(address).status_code == 302
    assert office.post(address).status_code == 302
    licence.refresh_from_db()
    assert licence.seats_used == 0
    assert b"holds no seat" in office.get(reverse("office:licence", args=[licence.code])).content


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_device_and_for_many(office, licence, count, django_assert_num_queries):
    for _ in range(count):
        make_licences.activated(licence, version="9.1.0", at=NOW)
    assert Device.objects.count() == count
    address = reverse("office:licence", args=[licence.code])
    office.get(address)
    with django_assert_num_queries(18):
        office.get(address)


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [(StaffRole.TECHNICIAN, 200, 404), (StaffRole.MODERATOR, 404, 404), (StaffRole.NONE, 404, 404), (StaffRole.MANAGER, 200, 422)],
)
def test_technicians_look_and_the_manager_acts(licence, role, sees, acts):
    client = web.client(people.staff(role) if role else people.person("x@y.example", "X"))
    assert client.get(reverse("office:licences")).status_code == sees
    assert client.get(reverse("office:licence", args=[licence.code])).status_code == sees
    assert client.post(reverse("office:licence_act", args=[licence.code, "suspend"])).status_code == acts


def test_what_does_not_exist_is_not_there(office, licence):
    assert office.get("/office/licences/L-NONE/").status_code == 404
    assert office.post(f"/office/licences/{licence.code}/explode/").status_code == 404


def test_x_9_a_leaked_key_takes_no_new_devices(office, licence):
    known = make_licences.activated(licence, version="9.1.0", at=NOW)
    assert act(office, licence, "freeze", reason="30 devices in 20 countries")[0].status_code == 302
    assert b"30 devices in 20 countries" in office.get(reverse("office:licence", args=[licence.code])).content
    with pytest.raises(Refused):
        make_licences.activated(licence, version="9.1.0", at=NOW)
    assert known.activation.is_active
    assert act(office, licence, "thaw")[0].status_code == 302
    assert make_licences.activated(licence, version="9.1.0", at=NOW).is_new


def test_a_device_is_blocked_and_let_in_again(office, licence):
    device = make_licences.activated(licence, version="9.1.0", at=NOW).activation.device
    for what, blocked in (("block", True), ("block", True), ("unblock", False)):
        assert office.post(reverse("office:licence_device", args=[licence.code, device.code, what])).status_code == 302
        device.refresh_from_db()
        assert (device.blocked_at is not None) is blocked
    assert office.post(reverse("office:licence_device", args=[licence.code, device.code, "explode"])).status_code == 404
    assert office.post(reverse("office:licence_device", args=[licence.code, "D-NONE", "block"])).status_code == 404


def test_the_trace_says_how_it_was_decided(office, licence):
    device = make_licences.activated(licence, version="9.1.0", at=NOW).activation.device
    address = reverse("office:licence_trace", args=[licence.code])
    page = office.get(address, {"device": device.code, "version": "99.1"})
    assert page.context["decision"].code == "version.not_covered" or "version_not_covered" in page.context["decision"].code
    deciding = [step for step in page.context["steps"] if step["decides"]]
    assert len(deciding) == 1
    assert deciding[0]["kind"] == "bad"
    fine = office.get(address, {"device": device.code, "version": "9.1.0"})
    assert fine.context["decision"].allowed
    wrong = office.get(address, {"device": "D-NONE", "version": "x'"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors.keys() == {"device", "version"}
