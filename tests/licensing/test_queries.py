"""Reading licences and devices: whose, and in how many questions."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from podpora.base.errors import NotYours
from podpora.licensing import actions, queries
from podpora.licensing.permissions import may_manage_devices
from podpora.people.values import Role, StaffRole
from tests.make import licensing as make
from tests.make import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_licences_of_a_customer(count: int, django_assert_num_queries: Any) -> None:
    customer = people.customer()
    made = [make.licence(customer) for _ in range(count)]
    make.licence()
    with django_assert_num_queries(1):
        found = list(queries.licences_of(customer))
        assert all((row.customer.name, row.product.name, row.edition.name) for row in found)
    assert found == made


@pytest.mark.parametrize("count", [1, 3])
def test_devices_of_a_licence(count: int, django_assert_num_queries: Any) -> None:
    licence = make.licence()
    done = [make.activated(licence) for _ in range(count)]
    gone = make.activated(make.licence()).activation
    actions.deactivate(gone, by=make.BY, at=make.BOUGHT)
    with django_assert_num_queries(2):
        assert [device.activations.all()[0].is_active for device in queries.devices_of(licence)] == [True] * count
    with django_assert_num_queries(2):
        assert len(queries.active_devices(licence)) == count
    with django_assert_num_queries(1):
        assert not list(queries.active_devices(gone.licence))
    actions.free_seat(licence, done[0].activation.device.code, by=make.BY, at=make.BOUGHT)
    assert len(queries.active_devices(licence)) == count - 1
    assert len(queries.devices_of(licence)) == count


def test_who_sees_which_licence() -> None:
    firm = people.company()
    mine, other = make.licence(firm), make.licence()
    billing, stranger = people.member(firm, Role.BILLING), people.person()
    assert list(queries.visible_to(billing)) == [mine]
    assert list(queries.visible_to(stranger)) == []
    assert list(queries.visible_to(AnonymousUser())) == []
    assert set(queries.visible_to(people.staff(StaffRole.TECHNICIAN))) == {mine, other}
    assert queries.licence_visible_to(billing, f" {mine.code.lower()} ") == mine
    for code in (other.code, "L-22222222", "", "x" * 500, "L-\x00", "é"):
        with pytest.raises(NotYours):
            queries.licence_visible_to(billing, code)
    billing.memberships.all().delete()
    assert list(queries.visible_to(billing)) == []


def test_who_looks_after_devices() -> None:
    firm = people.company()
    licence = make.licence(firm)
    may = {role: may_manage_devices(people.member(firm, role), licence) for role in Role}
    assert may == {Role.OWNER: True, Role.ADMIN: True, Role.BILLING: False, Role.VIEWER: False, Role.SETTINGS: False}
    assert may_manage_devices(people.staff(), licence)
    assert not may_manage_devices(people.staff(StaffRole.MODERATOR), licence)
    assert not may_manage_devices(people.person(), licence)


def test_a_device_of_another_licence_cannot_be_freed() -> None:
    device = make.activated(make.licence()).activation.device
    with pytest.raises(NotYours):
        actions.free_seat(make.licence(), device.code, by=make.BY, at=make.BOUGHT)
