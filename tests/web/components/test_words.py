"""How names that machines use are written for people."""

from podpora.web.templatetags.podpora import instant, orders_only, platform


def test_sources_of_the_ledger_become_orders() -> None:
    assert orders_only("order:A-SKVCJJ59/1") == "A-SKVCJJ59"
    assert orders_only("Ruší order:A-SKVCJJ59/1.") == "Ruší A-SKVCJJ59."
    assert orders_only("refund:A-SKVCJJ59/1/demo:jana-extra-refund") == "A-SKVCJJ59"
    assert orders_only("trial:L-1 a other:text") == "trial:L-1 a other:text"


def test_platforms_are_written_as_their_makers_write_them() -> None:
    assert [platform(name) for name in ("windows", "macos", "BeOS", "")] == ["Windows", "macOS", "BeOS", ""]


def test_what_is_no_instant_is_none() -> None:
    assert instant("2026-11-22T15:50:22Z").minute == 50  # type: ignore[union-attr]
    assert instant("") is None
