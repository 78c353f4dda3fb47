"""`GET licences/{code}/trace`: how it was decided, for the vendor's side alone."""

import pytest

from podpora.licensing import actions
from podpora.people.values import StaffRole
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def test_the_trace_shows_each_condition_and_which_one_decided() -> None:
    licence = make.licence()
    done = make.activated(licence)
    actions.block_device(licence, done.activation.device.code, by=make.BY, at=make.BOUGHT)
    asked = f"licences/{licence.code}/trace?device={done.activation.device.code}&version=11.0&at=2026-04-01T10:00:00Z"
    answer = Api(token("licences")).get(asked).json()
    assert (answer["licence"], answer["device"], answer["version"]) == (licence.code, done.activation.device.code, "11.0")
    assert (answer["decision"]["allowed"], answer["decision"]["code"]) == (False, "version.not_covered")
    hit = {step["code"]: step for step in answer["trace"] if step["outcome"] in ("refuses", "warns")}
    assert set(hit) == {"version.not_covered", "licence.device_blocked"}
    assert hit["version.not_covered"]["decides"] and not hit["licence.device_blocked"]["decides"]
    assert hit["licence.device_blocked"]["facts"]["since"] == "2026-03-10"
    assert {step["outcome"] for step in answer["trace"]} == {"passed", "refuses", "not_asked"}


def test_only_the_vendors_side_opens_it() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner))
    path = f"licences/{licence.code}/trace"
    assert Api(token("licences", person=people.staff(StaffRole.TECHNICIAN))).get(path).status_code == 200
    assert Api(token("licences", person=owner)).get(path).status_code == 403
    assert Api(token("tickets")).get(path).status_code == 403
    assert Api().get(path).status_code == 401


def test_what_is_not_there_is_not_there() -> None:
    licence, other = make.licence(), make.licence()
    foreign = make.activated(other).activation.device.code
    api = Api(token("licences"))
    assert api.get("licences/L-22222222/trace").status_code == 404
    assert api.get(f"licences/{licence.code}/trace?device={foreign}").status_code == 404
    assert api.get(f"licences/{licence.code}/trace?version=new").status_code == 422
    assert api.get(f"licences/{licence.code}/trace?at=now").status_code == 422


def test_a_shut_out_device_gets_no_certificate_and_keeps_its_seat() -> None:
    licence, device = make.licence(), make.device()
    done = make.activated(licence, device)
    actions.block_device(licence, done.activation.device.code, by=make.BY, at=make.BOUGHT)
    program = Api(done.token)
    refused = program.post("activations/me/refresh", {"app_version": "10.1.0"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "licence.device_blocked")
    me = program.get("activations/me").json()
    assert (me["decision"]["code"], me["run"]["allowed"], me["seats"]["used"]) == ("licence.device_blocked", False, 1)
    actions.unblock_device(licence, done.activation.device.code, by=make.BY, at=make.BOUGHT)
    assert program.post("activations/me/refresh", {"app_version": "10.1.0"}).status_code == 200
