"""A licence that belongs to nobody (a trial before it is claimed): every door treats it as nobody's, and only staff see it."""

from datetime import timedelta

import pytest

from podpora.base.clock import vendor_date
from podpora.catalog import queries as catalog
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys import quoting
from podpora.licensing import actions, queries
from podpora.licensing.models import Licence
from podpora.licensing.permissions import may_manage_devices
from podpora.licensing.rules.keys import key_meant
from podpora.licensing.values import LicenceKind, licence_code
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def nobodys() -> Licence:
    licence = actions.issue(
        code=licence_code(), customer=None, product=make.product(), edition=make.edition(), offer="", kind=LicenceKind.TRIAL,
        seats=1, source="trial", by=make.BY, at=make.BOUGHT,
    )  # fmt: skip
    on = vendor_date(make.BOUGHT, catalog.policy_of(make.product()).zone)
    entry = Entry(f"trial:{licence.code}", EntryKind.TRIAL, make.BOUGHT, on, run_days=30, seats_each=1)
    entitlements.record_entries(licence.code, None, [entry], by=make.BY, at=make.BOUGHT)
    return licence


def test_nobody_but_staff_sees_it_and_nobody_manages_it() -> None:
    licence, jana = nobodys(), people.person()
    assert not queries.visible_to(jana).exists()
    assert not may_manage_devices(jana, licence)
    assert queries.visible_to(people.manager()).get() == licence


def test_nobody_can_extend_it() -> None:
    licence = nobodys()
    target = quoting.targets_of([licence.code]).get(licence.code)
    assert target is not None
    assert target.customer is None


def test_its_certificate_has_no_holder_and_its_answer_no_customer() -> None:
    licence = nobodys()
    assert key_meant(queries.key_of(licence))
    done = make.activated(licence, at=make.BOUGHT + timedelta(days=1))
    assert done.is_new
    answer = Api(token("licences")).get(f"licences/{licence.code}").json()
    assert answer["customer"] is None
    assert answer["kind"] == "trial"
