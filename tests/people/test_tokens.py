"""API tokens: shown once, kept as a hash, dead at once."""

from datetime import datetime, timedelta

import pytest

from podpora.base.actors import ActorKind, system
from podpora.base.errors import InvalidInput
from podpora.people import actions, permissions, queries
from podpora.people.models import ApiToken, Person
from podpora.people.values import ALL_SCOPES, SCOPE_NAMES, SCOPES
from tests.make import people as make

pytestmark = pytest.mark.django_db
BY = system("test")


def test_a_token_is_found_by_its_secret_and_only_its_hash_is_kept(at: datetime) -> None:
    secret = actions.create_token("shop", ["orders", "licences"], by=BY, at=at)
    token = queries.token_for(secret)
    assert token is not None and secret not in str(ApiToken.objects.values().get())
    actor = queries.actor_of(token)
    assert (actor.kind, actor.name, actor.person_id) == (ActorKind.TOKEN, "shop", None)
    assert permissions.token_allows(actor, "orders") and not permissions.token_allows(actor, "tickets")


def test_a_token_for_all_has_no_limit_of_its_own(at: datetime) -> None:
    person = make.person()
    token = queries.token_for(actions.create_token("mine", ["all"], person, by=BY, at=at))
    assert token is not None
    actor = queries.actor_of(token)
    assert actor.person_id == person.pk and actor.scopes is None
    assert permissions.token_allows(actor, "tickets")
    assert list(queries.tokens_of(person)) == [token]


@pytest.mark.parametrize("secret", ["", "pdp_", "pdp_unknown", "Bearer x", "pdp_" + "x" * 500, "nul\x00", "pdp_é"])
def test_other_secrets_open_nothing(secret: str, at: datetime) -> None:
    actions.create_token("shop", ["all"], by=BY, at=at)
    assert queries.token_for(secret) is None


def test_revoked_tokens_and_tokens_of_inactive_persons_are_dead_at_once(at: datetime) -> None:
    person = make.person()
    mine, shop = actions.create_token("mine", ["all"], person, by=BY, at=at), actions.create_token("shop", ["all"], by=BY, at=at)
    Person.objects.update(is_active=False)
    assert queries.token_for(mine) is None
    token = queries.token_for(shop)
    assert token is not None
    actions.revoke_token(token, by=BY, at=at)
    actions.revoke_token(token, by=BY, at=at)
    assert queries.token_for(shop) is None


@pytest.mark.parametrize(("scopes", "code"), [([], "required"), (["everything"], "unknown"), (["orders", "Orders"], "unknown")])
def test_scopes_must_be_known(scopes: list[str], code: str, at: datetime) -> None:
    with pytest.raises(InvalidInput) as problem:
        actions.create_token("shop", scopes, by=BY, at=at)
    assert problem.value.fields == {"scopes": [code]}


def test_the_last_use_is_written_at_most_once_a_minute(at: datetime, django_assert_num_queries) -> None:
    token = queries.token_for(actions.create_token("shop", ["all"], by=BY, at=at))
    assert token is not None
    actions.touch_token(token, at=at)
    token.refresh_from_db()
    with django_assert_num_queries(0):
        actions.touch_token(token, at=at + timedelta(seconds=30))
    actions.touch_token(token, at=at + timedelta(seconds=90))
    token.refresh_from_db()
    assert token.last_used_at == at + timedelta(seconds=90)


def test_every_scope_has_a_name() -> None:
    assert set(SCOPE_NAMES) == {ALL_SCOPES, *SCOPES}
