"""What may happen to a ticket, and how urgent it is. Ids are those of RULES.md and DESK.md."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from podpora.base.actors import Actor, ActorKind
from podpora.catalog.values import Level, Tier, VersionFacts
from podpora.desk import rules
from podpora.desk.values import MessageKind, Priority, Purpose, Side, State, TicketFacts

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(seconds=1)


def facts(state: State = State.OPEN, **more: object) -> TicketFacts:
    return TicketFacts("T-1", state, opened_at=AT, changed_at=AT, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "allowed"), [(timedelta(0), True), (10 * DAY, True), (14 * DAY - TICK, True), (14 * DAY, False), (300 * DAY, False)]
)
@pytest.mark.parametrize("state", [State.SOLVED, State.CLOSED])
def test_sc_3_a_customer_reopens_within_14_days_of_solving(state: State, after: timedelta, allowed: bool) -> None:
    ticket = facts(state, solved_at=AT)
    assert rules.may_write(ticket, at=AT + after).allowed is allowed
    decision = rules.may_reopen(ticket, at=AT + after)
    assert decision.allowed is allowed
    if not allowed:
        assert decision.code == "ticket.too_late_to_reopen"
        assert decision.facts("ticket.too_late_to_reopen")["until"] == AT + 14 * DAY


@pytest.mark.parametrize("state", [State.NEW, State.OPEN, State.WAITING_CUSTOMER, State.WAITING_VENDOR])
def test_sc_2_an_unfinished_ticket_may_always_be_written_in(state: State) -> None:
    assert rules.may_write(facts(state), at=AT + 1000 * DAY).allowed
    assert rules.may_reopen(facts(state), at=AT).code == "ticket.not_done"


@pytest.mark.parametrize("state", list(State))
def test_a_customer_closes_what_is_not_done(state: State) -> None:
    assert rules.may_close(facts(state)).allowed is (state not in (State.SOLVED, State.CLOSED, State.MERGED))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("wanted", list(State))
def test_a_technician_moves_a_ticket_anywhere_but_back_to_new(state: State, wanted: State) -> None:
    possible = wanted not in (State.NEW, State.MERGED, state) and state is not State.MERGED
    assert rules.may_change_state(facts(state), wanted).allowed is possible


@pytest.mark.parametrize(
    ("state", "side", "wanted", "then"),
    [
        (State.NEW, Side.CUSTOMER, None, State.NEW),
        (State.WAITING_CUSTOMER, Side.CUSTOMER, None, State.OPEN),
        (State.WAITING_VENDOR, Side.CUSTOMER, None, State.OPEN),
        (State.SOLVED, Side.CUSTOMER, None, State.OPEN),
        (State.CLOSED, Side.CUSTOMER, None, State.OPEN),
        (State.NEW, Side.STAFF, None, State.OPEN),
        (State.OPEN, Side.STAFF, State.WAITING_CUSTOMER, State.WAITING_CUSTOMER),
        (State.NEW, Side.STAFF, State.SOLVED, State.SOLVED),
        (State.WAITING_VENDOR, Side.STAFF, None, State.WAITING_VENDOR),
        (State.SOLVED, Side.STAFF, None, State.SOLVED),
    ],
)
def test_the_state_after_a_message(state: State, side: Side, wanted: State | None, then: State) -> None:
    assert rules.state_after(state, side, wanted) is then


def test_urgency_puts_the_longest_wait_first_and_priority_before_it() -> None:
    order = [
        facts(priority=Priority.URGENT, waiting_since=AT),
        facts(is_vip=True, waiting_since=AT - DAY),
        facts(is_vip=True, waiting_since=AT),
        facts(waiting_since=AT - 9 * DAY),
        facts(State.NEW, priority=Priority.LOW, waiting_since=AT - 30 * DAY),
        facts(is_vip=True),  # answered
        facts(State.WAITING_VENDOR),
        facts(State.WAITING_CUSTOMER),
        facts(State.SOLVED),
        facts(State.CLOSED),
    ]
    places = [(place.rank, place.since) for place in map(rules.place_of, order)]
    assert places == sorted(places)
    assert all(place.rank < 100 for place in map(rules.place_of, order[:6]))
    assert all(place.rank >= 200 for place in map(rules.place_of, order[8:]))


def test_as_1_the_turn_goes_round_and_skips_the_absent() -> None:
    assert rules.next_in_turn([], None) is None
    assert rules.next_in_turn([3, 5, 9], None) == 3
    assert rules.next_in_turn([9, 5, 3], 3) == 5
    assert rules.next_in_turn([3, 9], 5) == 9
    assert rules.next_in_turn([3, 5], 9) == 3
    for present in permutations([1, 2, 3]):
        last, taken = None, []
        for _ in range(9):
            last = rules.next_in_turn(present, last)
            taken.append(last)
        assert taken == [1, 2, 3] * 3


def test_vi_2_notes_and_internal_events_are_not_for_customers() -> None:
    assert rules.customer_sees(MessageKind.PUBLIC)
    assert not rules.customer_sees(MessageKind.NOTE)
    assert rules.customer_sees(MessageKind.EVENT, "state")
    for event in ("priority", "queue", "nobody_present", "unassigned", "", "unheard-of"):
        assert not rules.customer_sees(MessageKind.EVENT, event)


def test_cl_1_asks_only_when_somebody_wrote() -> None:
    assert rules.newer_message(None, "T-1").allowed
    assert rules.newer_message("Tomáš", "T-1").code == "ticket.newer_message"


def test_th_4_a_message_id_that_nobody_can_make_up() -> None:
    key, domain = b"key", "vendor.example"
    made = rules.message_id("T-1042", "M-7Q4K92XM", key=key, domain=domain)
    assert rules.read_message_id(made, key=key, domain=domain) == ("T-1042", "M-7Q4K92XM")
    assert rules.read_message_id(made.strip("<>").upper().replace("VENDOR", "vendor"), key=key, domain=domain) is None
    assert rules.read_message_id(made.replace("T-1042", "T-1043"), key=key, domain=domain) is None
    assert rules.read_message_id(made, key=b"other", domain=domain) is None
    assert rules.read_message_id(made, key=key, domain="evil.example") is None
    for odd in ("", "<>", "<a@b>", "<T-1.M-1.@vendor.example>", "<" + "T-1." * 500 + "@x>", "\x00"):
        assert rules.read_message_id(odd, key=key, domain=domain) is None


def test_s26_the_subject_of_a_mail_is_one_line() -> None:
    assert rules.subject_of_mail("T-7", "Hello\r\nBcc: evil@example.com") == "[T-7] Hello Bcc: evil@example.com"


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("user=jana\npassword=hunter2secret\nhost=imap", ["user=jana", "host=imap"], "hunter2secret"),
        ("Heslo: tajemstvi123 a dal", ["Heslo:", "a dal"], "tajemstvi123"),
        ('{"password": "with space", "port": 993}', ['"password":', '"port": 993'], "with space"),
        ("Authorization: Bearer abcdef.ghijk.lmnop", ["Authorization: Bearer"], "ghijk"),
        ("key PK7QX-4K92M-7QXK4-92M7Q-XK492 here", ["key ", " here"], "4K92M-7QXK4"),
        ("licence pk7qx4k92m7qxk492m7qxk492", ["licence "], "4k92m7qxk4"),
        ("imap://jana:hunter2secret@imap.example:993/", ["imap://jana:", "@imap.example:993/"], "hunter2secret"),
        ("Cookie: sessionid=abc; csrftoken=def\nHost: x", ["Cookie:", "Host: x"], "csrftoken"),
        ("X-Auth eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJMLTEifQ.c2lnbmF0dXJl end", ["X-Auth", "end"], "eyJzdWIi"),
        ("sent pd_0123456789abcdefghij to the server", ["sent", "to the server"], "0123456789"),
        ("pdp_0123456789abcdefghij", [], "0123456789"),
        ("smtp_pass=hunter2secret", ["smtp_pass="], "hunter2secret"),
        ("device_token: hunter2secret", ["device_token:"], "hunter2secret"),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBg\n-----END PRIVATE KEY-----",
            ["BEGIN PRIVATE KEY", "END PRIVATE KEY"],
            "MIIBVgIB",
        ),
    ],
)
def test_sc_11_secrets_are_removed_from_text(text: str, kept: list[str], gone: str) -> None:
    clean = rules.without_secrets(text.encode(), name="sync.log", content_type="application/octet-stream")
    shown = clean.content.decode()
    assert clean.secrets >= 1
    assert gone not in shown
    assert all(part in shown for part in kept)


def test_sc_11_leaves_what_is_no_secret_byte_for_byte() -> None:
    log = (
        "12:01 password dialog opened; bypass: on; https://example.com:8080/@x; a@b.example\nčeština € \xff\n".encode()
        + b"\xff\xfe\x80"
    )
    assert rules.without_secrets(log, name="a.log", content_type="text/plain").content == log
    picture = b"\x89PNG password=hunter2secret"
    assert rules.without_secrets(picture, name="a.png", content_type="image/png").content == picture
    wide = "password=hunter2secret".encode("utf-16")
    assert b"h\x00u\x00n\x00t" not in rules.without_secrets(wide, name="a.reg", content_type="text/plain").content


def test_s62_looking_for_secrets_is_quick_on_hostile_text() -> None:
    for hostile in (
        "password" * 6000,
        "ABCD-" * 10_000,
        "-----BEGIN " + "A" * 50_000,
        "password=" + '"' * 50_000,
        "A1-" * 16_000,
        "eyJ" * 16_000,
        "a://" * 12_000,
        "eyJaaaaaaaaa." * 4_000,
        "cookie:" * 8_000,
        "a://b:" * 9_000,
        "pd_" * 16_000,
    ):
        rules.without_secrets(hostile.encode(), name="a.txt", content_type="text/plain")


@pytest.mark.parametrize(
    ("sent", "name", "stored", "secrets"),
    [
        (b'{"a": {"Password": ["x", 1]}, "n": [true, null, 1.5]}', "diagnostics.json", {"a": {"Password": "[removed]"}, "n": [True, None, 1.5]}, 1),
        (b'{"password": "", "token": null, "has_token": true}', "diagnostics.json", {"password": "", "token": None, "has_token": True}, 0),
        (b'["key PK7QX-4K92M-7QXK4-92M7Q-XK492"]', "diagnostics.json", ["key [removed]"], 1),
        (b'\xef\xbb\xbf{"headers": {"Cookie": "a=b"}}', "diagnostics.json", {"headers": {"Cookie": "[removed]"}}, 1),
        (b'{"broken": password=hunter2', "diagnostics.json", '{"broken": password=[removed]', 1),
        ("verze 10, heslo: tajné".encode(), "diagnostics.txt", "verze 10, heslo: [removed]", 1),
        (b"[" * 100_000, "diagnostics.json", "[" * 100_000, 0),
    ],
)  # fmt: skip
def test_sc_11_diagnostics_stay_readable_without_their_secrets(sent: bytes, name: str, stored: object, secrets: int) -> None:
    upload = rules.diagnostics_of(sent)
    assert upload is not None
    clean = rules.cleaned(upload, upload.name, upload.content_type)
    assert (upload.name, clean.secrets) == (name, secrets)
    assert (clean.content.decode() if isinstance(stored, str) else json.loads(clean.content)) == stored


@pytest.mark.parametrize("sent", [b"", b"  \n", b"\xff\xfe{}", b"a\x00b", b"x" * (1024 * 1024 + 1)])
def test_what_are_no_diagnostics(sent: bytes) -> None:
    assert rules.diagnostics_of(sent) is None


@pytest.mark.parametrize(
    ("wanted", "is_open", "tier", "by_mail", "goes_to"),
    [
        (Purpose.VIP, True, Tier.PRO, Level.YES, Purpose.VIP),
        (Purpose.VIP, False, Tier.PRO, Level.YES, Purpose.VIP),  # VIP-9: the gate tells him the ways out
        (Purpose.VIP, True, Tier.FREE, Level.LIMITED, Purpose.VIP),  # another licence of his opens it (ORG-1)
        (Purpose.VIP, False, Tier.FREE, Level.LIMITED, Purpose.TECHNICAL),
        (Purpose.VIP, False, Tier.TRIAL, Level.YES, Purpose.TECHNICAL),
        (Purpose.VIP, False, Tier.FREE, Level.NO, Purpose.VIP),
        (Purpose.LICENCE_BILLING, False, Tier.PRO, Level.NO, Purpose.LICENCE_BILLING),  # SC-6
        (Purpose.GENERAL, False, Tier.FREE, Level.NO, Purpose.GENERAL),
    ],
)
def test_vip_10_where_a_question_from_the_program_goes(
    wanted: Purpose, is_open: bool, tier: Tier, by_mail: Level, goes_to: Purpose
) -> None:
    assert rules.purpose_of_report(wanted, is_open=is_open, tier=tier, by_mail=by_mail) is goes_to


def test_a_8_the_key_of_a_double_submit_is_never_cut() -> None:
    by = Actor(ActorKind.DEVICE, "n" * 100)
    assert rules.once_key("a", by) != rules.once_key("b", by)
    assert len(rules.once_key("a", by) or "") <= 100
    assert rules.once_key("", by) is None


VERSIONS = [VersionFacts(8, date(2020, 1, 1), date(2026, 6, 30)), VersionFacts(9, date(2023, 1, 1)), VersionFacts(10)]


@pytest.mark.parametrize(
    ("version", "on", "code"),
    [
        ("8.4.1", date(2026, 6, 30), "ok"),
        ("8.4.1", date(2026, 7, 1), "version.ticket_about_ended"),
        ("8", date(2026, 8, 1), "version.ticket_about_ended"),
        ("9.0", date(2026, 8, 1), "ok"),
        ("10.0 beta", date(2026, 8, 1), "ok"),
        ("77", date(2026, 8, 1), "ok"),
        ("", date(2026, 8, 1), "ok"),
        ("latest", date(2026, 8, 1), "ok"),
    ],
)
def test_eol_5_a_question_about_an_ended_version_is_accepted_and_flagged(version: str, on: date, code: str) -> None:
    decision = rules.version_advice(version, VERSIONS, on)
    assert decision.allowed
    assert decision.code == code
