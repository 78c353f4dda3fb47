"""ORG-2 at every door: support that belongs to each licence on its own is refused with the licence that has it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from podpora.catalog import actions as catalog
from podpora.catalog.values import Scope
from podpora.desk.models import Ticket
from podpora.licensing.models import Licence
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import web
from tests.make.api import Api, token
from tests.make.licensing import BY, Terms

pytestmark = pytest.mark.django_db
AT = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)


class Two:
    """Somebody with a licence whose support has ended and one whose support runs, and the vendor's rule for both."""

    def __init__(self, scope: Scope) -> None:
        self.old: Licence = make.licence()
        self.young: Licence = make.licence(self.old.customer, Terms(bought_at=datetime(2026, 6, 30, 9, 0, tzinfo=UTC)))
        assert self.old.customer is not None
        self.person: Person = self.old.customer.memberships.get(role=Role.OWNER).person
        catalog.set_policy(make.product(), {"scope": scope}, by=BY, at=make.BOUGHT)

    def on_the_page(self, licence: Licence) -> Any:
        form = {"topic": "vip", "about": licence.code, "subject": "It stops", "text": "Every day.", "once": licence.code}
        return web.client(self.person).post("/centre/new/", form)

    def by_api(self, licence: Licence) -> Any:
        body = {"subject": "It stops", "text": "Every day.", "licence": licence.code}
        return Api(token("tickets", person=self.person)).post("tickets", body)

    def from_the_program(self, licence: Licence) -> Any:
        bearer = make.activated(licence, at=AT).token
        return Api(bearer).post("tickets", {"text": "It stops."})


def opened(answer: Any) -> bool:
    return answer.status_code in (201, 302)


@time_machine.travel(AT, tick=False)
def test_org_2_the_page_refuses_and_names_the_other_licence() -> None:
    two = Two(Scope.LICENCE)
    refused = two.on_the_page(two.old)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert Ticket.objects.count() == 0
    assert two.young.code in page.split('class="refusal"')[1].split("</section>")[0]
    assert "Every day." in page  # what he wrote is not lost
    assert opened(two.on_the_page(two.young))
    assert Ticket.objects.get().licence == two.young.code


@time_machine.travel(AT, tick=False)
@pytest.mark.parametrize("door", ["by_api", "from_the_program"])
def test_org_2_the_api_and_the_program_refuse_and_name_the_other_licence(door: str) -> None:
    two = Two(Scope.LICENCE)
    refused = getattr(two, door)(two.old)
    assert refused.status_code == 409, refused.content
    error = refused.json()["error"]
    reasons = {reason["code"]: reason for reason in error["reasons"]}
    assert list(reasons) == ["support.expired", "support.use_other_licence"]
    told = reasons["support.use_other_licence"]
    assert told["facts"]["other"] == two.young.code
    assert two.young.code in told["message"]
    assert Ticket.objects.count() == 0
    assert opened(getattr(two, door)(two.young))


@time_machine.travel(AT, tick=False)
@pytest.mark.parametrize("door", ["on_the_page", "by_api", "from_the_program"])
def test_org_1_support_of_the_account_opens_for_every_licence(door: str) -> None:
    two = Two(Scope.ACCOUNT)
    assert opened(getattr(two, door)(two.old))
    assert Ticket.objects.get().licence == two.old.code
