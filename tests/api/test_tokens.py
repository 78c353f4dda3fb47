"""API tokens over the API: one's own, or all of them for the vendor's managers; ended at once."""

import pytest

from podpora.people.models import ApiToken
from podpora.people.values import StaffRole
from tests.make import people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def codes(api: Api) -> set[str]:
    answer = api.get("tokens")
    assert answer.status_code == 200
    return {item["code"] for item in answer.json()["items"]}


def code_of(name: str) -> str:
    return ApiToken.objects.get(name=name).code


def test_everybody_sees_his_own_and_managers_all() -> None:
    jana, petr = people.person(), people.person()
    for owner, name in ((jana, "jana"), (petr, "petr"), (None, "system")):
        ApiToken.objects.filter(pk=ApiToken.objects.latest("pk").pk if token("all", person=owner) else 0).update(name=name)
    secret = token("all", person=jana)
    mine = Api(secret)
    assert codes(mine) == set(ApiToken.objects.filter(person=jana).values_list("code", flat=True))
    assert secret not in mine.get("tokens").content.decode()
    everything = set(ApiToken.objects.values_list("code", flat=True))
    assert codes(Api(token("all", person=people.manager()))) >= everything
    assert codes(Api(token("all"))) >= everything
    assert codes(Api(token("all", person=people.staff(StaffRole.TECHNICIAN)))) == {ApiToken.objects.latest("pk").code}


def test_a_narrow_token_neither_sees_nor_ends_others() -> None:
    jana = people.person()
    token("all", person=jana)
    other = ApiToken.objects.latest("pk")
    narrow = Api(token("licences", person=jana))
    assert (narrow.get("tokens").status_code, narrow.delete(f"tokens/{other.code}").status_code) == (403, 403)


def test_ended_is_ended_at_once_and_a_stranger_s_is_not_there() -> None:
    jana, petr = people.person(), people.person()
    hers = Api(token("all", person=jana))
    code = ApiToken.objects.latest("pk").code
    his = Api(token("all", person=petr))
    assert his.delete(f"tokens/{code}").status_code == 404
    assert hers.get("tokens").status_code == 200
    assert hers.delete(f"tokens/{code}").status_code == 204
    assert hers.get("tokens").status_code == 401
    assert Api(token("all")).delete(f"tokens/{code}").status_code == 404
