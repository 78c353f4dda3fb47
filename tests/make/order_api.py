"""One of the vendor's other systems, as tests of the order API speak for it."""

import json
from itertools import count

from podpora.people import actions as people_actions
from tests.make import orders as make

_number = count(1)


class Api:
    """One of the vendor's other systems."""

    def __init__(self, client):
        self.client = client
        self.token = people_actions.create_token("shop", ["orders", "licences"], None, by=make.BY, at=make.OPENED)

    def post(self, path, body, **headers):
        answer = self.client.post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )  # fmt: skip
        return answer.status_code, answer.json()

    def get(self, path):
        answer = self.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.token}"})
        return answer.status_code, answer.json()

    def body(self, offer, on, *, quantity=1, licence=None, paid=None, email="jana@private.example", **more):
        line = {"offer": offer, "quantity": quantity} | ({"licence": licence} if licence else {})
        told = {"external_id": f"X-{next(_number)}", "customer": {"email": email, "name": "Jana"}, "currency": "CZK"}
        told |= {"placed_at": instant(on), "lines": [line]} | ({"paid_at": instant(paid)} if paid else {})
        return told | more

    def order(self, offer, on, **more):
        """Ordered and paid on one day."""
        status, told = self.post("orders", self.body(offer, on, **{"paid": on, **more}))
        assert status == 201, told
        return told

    def through(self, licence, at):
        return self.get(f"licences/{licence}?at={instant(at)}")[1]["support"]["through"]

    def refused(self, offer, on, **more):
        status, told = self.post("orders", self.body(offer, on, **more))
        assert status == 409, told
        assert self.post("orders/preview", self.body(offer, on, **more))[0] == 409
        return told["error"]["code"]


def instant(text):
    return text if "T" in text else f"{text}T12:00:00Z"
