"""A trial gets its owner: the program hands out a link, a signed-in person opens it (or sends its text)."""

from datetime import timedelta
from typing import Any

import pytest

from podpora.base import clock
from podpora.journeys import trials
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.values import Contact
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def trial() -> trials.Started:
    return trials.start(make.product(), make.device("Kuchyň"), Contact("10.1.0", 10), by=make.BY, at=clock.now())


def offered(started: trials.Started) -> dict[str, Any]:
    answer = Api(started.done.token).post("activations/me/claims")
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def test_the_program_offers_a_link_and_a_person_claims_with_its_text() -> None:
    started, jana = trial(), people.person()
    given = offered(started)
    assert given["url"].endswith(f"/licences/claim/{given['claim']}/")
    api = Api(token("licences", person=jana))
    claimed = api.post("trials/claims", {"claim": given["claim"]})
    assert claimed.json() == {"licence": started.done.activation.licence.code, "customer": people.customer_of(jana).code}
    assert api.post("trials/claims", {"claim": given["claim"]}).status_code == 200
    stranger = Api(token("licences", person=people.person())).post("trials/claims", {"claim": given["claim"]})
    assert stranger.json()["error"]["code"] == "licence.trial_claimed"
    again = Api(started.done.token).post("activations/me/claims")
    assert again.json()["error"]["code"] == "licence.trial_claimed"


def test_a_licence_that_was_bought_offers_no_claim() -> None:
    answer = Api(make.activated(make.licence()).token).post("activations/me/claims")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "licence.trial_only")


@pytest.mark.parametrize("claim", ["x", "", "A" * 60, "a" * 3000])
def test_a_text_that_is_none_claims_nothing(claim: str) -> None:
    refused = Api(token("licences", person=people.person())).post("trials/claims", {"claim": claim})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["claim"])


def test_a_claim_is_good_for_an_hour_and_for_those_who_look_after_devices() -> None:
    started, firm = trial(), people.company()
    viewer = people.member(firm, Role.VIEWER)
    licence = started.done.activation.licence
    text = queries.claim_of(licence, at=clock.now())
    assert queries.claimable(text, at=clock.now() + timedelta(minutes=59)) == licence
    assert queries.claimable(text, at=clock.now() + timedelta(minutes=61)) is None
    refused = Api(token("licences", person=viewer)).post("trials/claims", {"claim": text, "customer": firm.code})
    assert list(refused.json()["error"]["fields"]) == ["customer"]
    assert Api(token("licences")).post("trials/claims", {"claim": text}).status_code == 422
    assert Licence.objects.get().customer is None


def test_the_page_shows_the_trial_and_makes_it_mine() -> None:
    started, jana = trial(), people.person()
    web.vendor()
    path = f"/licences/claim/{offered(started)['claim']}/"
    assert web.client(None).get(path).status_code == 302
    browser = web.client(jana)
    page = browser.get(path).content.decode()
    assert "Kuchyň" in page
    foreign = people.customer()
    assert browser.post(path, {"customer": foreign.code}).status_code == 404
    done = browser.post(path, {"customer": people.customer_of(jana).code})
    assert done.headers["Location"] == f"/licences/{started.done.activation.licence.code}/"
    assert Licence.objects.get().customer == people.customer_of(jana)
    assert browser.get("/licences/claim/nothing/").status_code == 404
