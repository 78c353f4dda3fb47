"""The last seat and other scarce things, with real parallel connections (A-7, A-8, S28)."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from podpora.base.decisions import Refused
from podpora.licensing import actions
from podpora.licensing.models import Activation, ActivationToken, Device, Licence, SigningKey
from podpora.licensing.values import ActivationState
from tests.make import licensing as make
from tests.make.api import Api, activation_body
from tests.make.offline import claims_in
from tests.make.races import at_once, in_processes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def seats(licence: Licence) -> tuple[int, int]:
    """What is written on the licence, and what is true."""
    licence.refresh_from_db()
    return licence.seats_used, licence.activations.filter(state=ActivationState.ACTIVE).count()


def test_a7_five_seats_for_fifty_devices() -> None:
    licence = make.licence(terms=make.Terms(seats=5))
    make.activated(make.licence())  # the first certificate makes the signing key
    ends = at_once([partial(make.activated, licence, make.device()) for _ in range(50)])
    assert Counter(type(end.failed) for end in ends) == {type(None): 5, Refused: 45}
    assert {end.failed.decision.code for end in ends if isinstance(end.failed, Refused)} == {"licence.activation_limit"}
    assert seats(licence) == (5, 5)
    assert Device.objects.filter(licence=licence).count() == 5


def test_s28_five_seats_for_fifty_requests() -> None:
    licence = make.licence(terms=make.Terms(seats=5))
    bodies = [activation_body(licence) for _ in range(50)]
    ends = at_once([partial(_post, body, f"key-{number}") for number, body in enumerate(bodies)])
    assert Counter(end.value for end in ends) == {201: 5, 409: 45}
    assert seats(licence) == (5, 5)


def _post(body: dict[str, Any], key: str) -> int:
    return int(Api().post("activations", body, Idempotency_Key=key).status_code)


def _in_a_process(pk: int, name: str) -> bool:
    try:
        return make.activated(Licence.objects.select_related("customer", "product", "edition").get(pk=pk), _device(name)).is_new
    except Refused:
        return False


def _device(name: str) -> Any:
    return make.device(name, **{part: f"{part}-of-{name}" for part in ("machine", "board", "disk", "network")})


def test_a7_the_last_seat_between_processes() -> None:
    licence = make.licence(terms=make.Terms(seats=5))
    ends = in_processes(_in_a_process, [(licence.pk, f"pc-{number}") for number in range(20)])
    assert [end.failed for end in ends if end.failed] == []
    assert Counter(end.value for end in ends) == {True: 5, False: 15}
    assert seats(licence) == (5, 5)


def test_a8_the_same_device_twenty_times_is_one_activation() -> None:
    licence, device = make.licence(), make.device()
    ends = at_once([partial(make.activated, licence, device) for _ in range(20)])
    assert [end.failed for end in ends if end.failed] == []
    assert len({end.value.activation.code for end in ends}) == 1
    assert sum(end.value.is_new for end in ends) == 1
    assert seats(licence) == (1, 1)
    assert len({claims_in(end.value.certificate)["serial"] for end in ends}) == 20
    assert ActivationToken.objects.count() == 5


def test_a8_the_same_request_twenty_times_is_one_answer() -> None:
    licence = make.licence()
    body = activation_body(licence)
    ends = at_once([lambda: Api().post("activations", body, Idempotency_Key="one") for _ in range(20)])
    assert [end.failed for end in ends if end.failed] == []
    assert {end.value.status_code for end in ends} == {201}
    assert len({end.value.content for end in ends}) == 1
    assert Activation.objects.count() == 1
    assert seats(licence) == (1, 1)


def test_a_seat_is_given_back_once() -> None:
    licence = make.licence()
    stays, leaves = make.activated(licence).activation, make.activated(licence).activation
    ends = at_once([lambda: actions.deactivate(leaves, by=make.BY, at=make.BOUGHT) for _ in range(20)])
    assert Counter(end.value for end in ends) == {True: 1, False: 19}
    assert seats(licence) == (1, 1)
    stays.refresh_from_db()
    assert stays.is_active


def test_coming_and_going_at_once_loses_no_seat() -> None:
    licence = make.licence(terms=make.Terms(seats=4))
    here = [make.activated(licence).activation for _ in range(4)]
    leave = [partial(actions.deactivate, activation, by=make.BY, at=make.BOUGHT) for activation in here]
    come = [partial(make.activated, licence, make.device()) for _ in range(12)]
    at_once([*leave, *come])
    used, active = seats(licence)
    assert used == active <= 4


def test_the_first_signing_key_is_made_once_and_rotations_queue() -> None:
    ends = at_once([lambda: actions.ensure_signing_key(at=make.BOUGHT).kid for _ in range(10)])
    assert len({end.value for end in ends}) == 1
    ends = at_once([partial(actions.rotate_signing_key, overlap=timedelta(days=30), by=make.BY, at=make.BOUGHT) for _ in range(4)])
    assert [end.failed for end in ends if end.failed] == []
    assert Counter(SigningKey.objects.values_list("state", flat=True)) == {"active": 1, "retiring": 4}
