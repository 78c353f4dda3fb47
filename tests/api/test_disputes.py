"""C49: while a payment is disputed, no new device; those that run go on and are told; won, all is as it was, and nobody of staff did it."""

import pytest

from podpora.licensing.models import Licence
from podpora.people.models import Person
from tests.make import licensing, web
from tests.make import orders as make
from tests.make.api import Api, activation_body, token

pytestmark = pytest.mark.django_db


def test_c49_disputed_and_won() -> None:
    make.shop()
    with web.on("2026-03-11"):
        order = make.bought("pro-private-3", on="2026-03-10")
        licence = Licence.objects.get()
        first = Api().post("activations", activation_body(licence))
        program = Api(first.json()["token"])
    shop = Api(token("orders"))

    def told(state: str, on: str) -> int:
        return int(
            shop.post(
                f"orders/{order.code}/chargebacks", {"external_id": "D-1", "at": f"{on}T09:00:00Z", "state": state}
            ).status_code
        )

    second = activation_body(licence, licensing.device("Second"))
    with web.on("2026-05-02"):
        assert told("opened", "2026-05-01") == 201
        refused = Api().post("activations", second)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "licence.suspended_payment")
        assert refused.json()["error"]["reasons"][0]["next"]
        kept = program.post("activations/me/refresh", {"app_version": "10.1.0"})
        assert kept.status_code == 200
        assert program.get("activations/me").json()["run"]["allowed"] is True
    with web.on("2026-05-04"):
        assert told("won", "2026-05-03") == 201
        assert Api().post("activations", second).status_code == 201
    assert not Person.objects.exclude(staff_role="").exists()
