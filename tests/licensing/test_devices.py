"""Is it the same device? (A-2, A-3)"""

import pytest

from podpora.licensing.rules.devices import is_same, parts_needed, same_device
from podpora.licensing.values import KnownDevice


def parts(number: int, changed: int = 0) -> dict[str, str]:
    """`number` parts, the last `changed` of them with another value."""
    return {f"part{n}": f"value{n}" + ("'" if n >= number - changed else "") for n in range(number)}


@pytest.mark.parametrize(("number", "needed"), [(1, 1), (2, 2), (3, 2), (4, 2), (5, 3), (6, 3), (32, 16)])
def test_a2_so_many_parts_have_to_be_equal(number: int, needed: int) -> None:
    assert parts_needed(parts(number), parts(number)) == needed
    assert is_same(parts(number, changed=number - needed), parts(number))
    assert not is_same(parts(number, changed=number - needed + 1), parts(number))


@pytest.mark.parametrize(("given", "known", "same"), [(1, 4, False), (4, 1, False), (2, 4, True), (4, 2, True), (3, 32, True)])
def test_a2_when_one_side_knows_more_parts(given: int, known: int, same: bool) -> None:
    assert is_same(parts(given), parts(known)) is same


def test_a2_equal_values_under_other_names_are_not_equal() -> None:
    assert not is_same({"disk": "a", "board": "b"}, {"board": "a", "disk": "b"})


def test_a2_the_nearest_known_device_is_meant() -> None:
    near, far = KnownDevice(2, parts(4, 1), False), KnownDevice(1, parts(4, 2), True)
    assert same_device(parts(4), [far, near]) is near
