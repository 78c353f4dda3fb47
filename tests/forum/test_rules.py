"""The pure decisions of the forum, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from podpora.forum import rules
from podpora.forum.values import (
    Answer,
    CategoryFacts,
    FlagFacts,
    FlagKind,
    Level,
    Mark,
    MemberFacts,
    Pace,
    PostFacts,
    Reach,
    Shown,
    SolutionKind,
    TopicFacts,
    Trust,
)
from podpora.licensing.rules import key_from, with_check

pytestmark = pytest.mark.once

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=100)
NEW = MemberFacts(1, Trust.NEW, joined_at=AT - timedelta(hours=2))
MEMBER = MemberFacts(2, Trust.MEMBER, joined_at=LONG_AGO)
REGULAR = MemberFacts(3, Trust.REGULAR, joined_at=LONG_AGO)
STAFF = MemberFacts(4, Trust.MEMBER, is_staff=True, joined_at=LONG_AGO)
MODERATOR = replace(STAFF, pk=5, moderates=True)
OPEN = CategoryFacts(Reach.EVERYBODY, Reach.MEMBERS, solving=True, is_open=True)
TOPIC = TopicFacts(1, author=2, state=Shown.VISIBLE, solving=True, highest=9)
POST = PostFacts(3, author=3, state=Shown.VISIBLE, written_at=AT - timedelta(hours=1))


@pytest.mark.parametrize(
    ("member", "topic", "post", "codes"),
    [
        (None, TOPIC, POST, ["forum.sign_in"]),
        (MEMBER, TOPIC, POST, []),
        (REGULAR, TOPIC, POST, ["forum.not_yours_to_solve"]),
        (MEMBER, TOPIC, replace(POST, number=1), ["forum.first_post_is_question"]),
        (MEMBER, replace(TOPIC, closed_at=AT), POST, ["forum.closed_to_solve"]),
        (STAFF, replace(TOPIC, closed_at=AT), POST, []),
        (MEMBER, replace(TOPIC, solving=False), POST, ["forum.not_solving"]),
        (STAFF, TOPIC, replace(POST, is_whisper=True), ["forum.not_shown"]),
        (MEMBER, TOPIC, replace(POST, state=Shown.HIDDEN), ["forum.not_shown"]),
    ],
)
def test_fo1_who_marks_the_solution(member: MemberFacts | None, topic: TopicFacts, post: PostFacts, codes: list[str]) -> None:
    assert list(rules.may_solve(member, topic, SolutionKind.POST, post).codes) == codes


def test_fo3_what_ends_a_solution() -> None:
    assert rules.survives(POST, is_in_topic=True)
    assert not rules.survives(POST, is_in_topic=False)
    assert not rules.survives(replace(POST, state=Shown.DELETED), is_in_topic=True)


def test_fo7_a_solved_topic_warns_but_takes_answers() -> None:
    solved = replace(TOPIC, solved_post=3)
    assert rules.may_reply(REGULAR, OPEN, solved, at=AT).codes == ("forum.solved_warning",)
    assert rules.may_reply(REGULAR, OPEN, solved, at=AT).allowed
    assert rules.may_reply(MEMBER, OPEN, solved, at=AT).codes == ()  # who asked may go on
    assert rules.may_reply(REGULAR, OPEN, replace(solved, closed_at=AT), at=AT).code == "forum.closed"
    assert rules.may_reply(STAFF, OPEN, replace(TOPIC, closed_at=AT), at=AT).allowed


STANDING = rules.Standing(AT - timedelta(days=40), 5, 30, 600, 1)
GREAT = rules.Standing(AT - timedelta(days=40), 20, 100, 3600, 15, 1, 1, 3)


@pytest.mark.parametrize(
    ("now", "standing", "customer", "members", "trust"),
    [
        (Trust.NEW, rules.Standing(AT), False, 100, Trust.NEW),
        (Trust.NEW, rules.Standing(AT), True, 100, Trust.MEMBER),  # ours: a verified licence
        (Trust.NEW, rules.Standing(AT), False, 49, Trust.MEMBER),  # FO-13
        (Trust.NEW, STANDING, False, 100, Trust.MEMBER),
        (Trust.NEW, replace(STANDING, joined_at=AT - timedelta(minutes=9)), False, 100, Trust.NEW),
        (Trust.NEW, replace(STANDING, posts_read=29), False, 100, Trust.NEW),
        (Trust.NEW, replace(STANDING, topics_entered=4), False, 100, Trust.NEW),
        (Trust.NEW, replace(STANDING, seconds_read=599), False, 100, Trust.NEW),
        (Trust.MEMBER, GREAT, False, 100, Trust.REGULAR),
        (Trust.MEMBER, replace(GREAT, days_visited=14), False, 100, Trust.MEMBER),
        (Trust.MEMBER, replace(GREAT, votes_given=0), False, 100, Trust.MEMBER),
        (Trust.MEMBER, replace(GREAT, topics_answered=2), False, 100, Trust.MEMBER),
        (Trust.MEMBER, replace(GREAT, flagged=6), False, 100, Trust.MEMBER),
        (Trust.REGULAR, rules.Standing(AT), False, 100, Trust.REGULAR),
    ],
)
def test_fo11_fo13_trust_is_earned(now: Trust, standing: rules.Standing, customer: bool, members: int, trust: Trust) -> None:
    assert rules.trust_after(now, standing, is_customer=customer, members=members, at=AT) is trust


@pytest.mark.parametrize(
    ("member", "mark", "codes"),
    [
        (NEW, Mark(links=2, pictures=1, files=1, mentions=2), []),
        (NEW, Mark(links=3, pictures=2, files=3, mentions=3),
         ["forum.too_many_links", "forum.too_many_pictures", "forum.no_files", "forum.too_many_mentions"]),
        (MEMBER, Mark(links=30, pictures=9, files=10, mentions=10), []),
        (MEMBER, Mark(files=11, mentions=11), ["forum.too_many_files", "forum.too_many_mentions"]),
        (STAFF, Mark(links=99, mentions=99, files=99), []),
    ],
)  # fmt: skip
def test_fo12_what_newcomers_may_write(member: MemberFacts, mark: Mark, codes: list[str]) -> None:
    assert list(rules.allowed_text(member, mark).codes) == codes


def ago(seconds: float) -> datetime:
    return AT - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("member", "pace", "is_topic", "codes"),
    [
        (NEW, Pace(), True, []),
        (NEW, Pace(last_post_at=ago(29)), False, ["forum.wait"]),
        (NEW, Pace(last_post_at=ago(30)), False, []),
        (NEW, Pace(last_post_at=ago(60), last_topic_at=ago(119)), True, ["forum.wait"]),
        (NEW, Pace(last_post_at=ago(60), last_topic_at=ago(120)), True, []),
        (NEW, Pace(topics_today=3), True, ["forum.topics_first_day"]),
        (NEW, Pace(posts_today=10), False, ["forum.posts_first_day"]),
        (replace(NEW, joined_at=LONG_AGO), Pace(topics_today=3, posts_today=10), True, []),
        (NEW, Pace(in_topic=3), False, ["forum.posts_in_topic"]),
        (MEMBER, Pace(last_post_at=ago(4)), False, ["forum.wait"]),
        (MEMBER, Pace(last_post_at=ago(5), in_topic=30, posts_today=99), False, []),
        (STAFF, Pace(last_post_at=ago(0)), False, []),
    ],
)
def test_fo12_how_often_newcomers_may_write(member: MemberFacts, pace: Pace, is_topic: bool, codes: list[str]) -> None:
    assert list(rules.allowed_now(member, pace, is_topic=is_topic, at=AT).codes) == codes


@pytest.mark.parametrize(
    ("member", "mark", "pace", "answer", "why"),
    [
        (NEW, Mark(), Pace(), Answer(2.9), "too_fast"),
        (NEW, Mark(), Pace(), Answer(3.0), ""),
        (NEW, Mark(), Pace(posts_ever=1), Answer(1), ""),
        (NEW, Mark(), Pace(), Answer(None), ""),
        (NEW, Mark(links=1), Pace(), Answer(60), "first_post"),
        (NEW, Mark(hosts=("x.example",)), Pace(posts_ever=2, same_host=2), Answer(60), "same_host"),
        (NEW, Mark(), Pace(posts_ever=1, accounts_here=4), Answer(60), "many_accounts"),
        (MEMBER, Mark(links=5), Pace(), Answer(1), ""),
        (MEMBER, Mark(), Pace(same_text=True), Answer(60), "duplicate"),
        (REGULAR, Mark(), Pace(), Answer(60, trap="x"), "trap"),
        (STAFF, Mark(), Pace(same_text=True), Answer(0, trap="x"), ""),
    ],
)
def test_fo18_what_waits_for_a_moderator(member: MemberFacts, mark: Mark, pace: Pace, answer: Answer, why: str) -> None:
    assert rules.why_held(member, mark, pace, answer) == why


def flag(person: int, kind: FlagKind = FlagKind.OTHER, trust: Trust = Trust.MEMBER, staff: bool = False) -> FlagFacts:
    return FlagFacts(person, kind, trust, staff)


@pytest.mark.parametrize(
    ("flags", "author", "staff", "hides"),
    [
        ([flag(1), flag(2)], Trust.MEMBER, False, False),
        ([flag(1), flag(2), flag(3)], Trust.MEMBER, False, True),
        ([flag(1), flag(2), flag(2)], Trust.MEMBER, False, False),
        ([flag(1), flag(2), flag(3, trust=Trust.NEW)], Trust.MEMBER, False, False),
        ([flag(1, FlagKind.SPAM, Trust.REGULAR)], Trust.NEW, False, True),
        ([flag(1, FlagKind.SPAM, Trust.REGULAR)], Trust.MEMBER, False, False),
        ([flag(1, FlagKind.SPAM, staff=True)], Trust.NEW, False, True),
        ([flag(1), flag(2), flag(3)], Trust.MEMBER, True, False),
    ],
)
def test_fo14_three_people_hide_a_post(flags: list[FlagFacts], author: Trust, staff: bool, hides: bool) -> None:
    assert rules.flags_hide(flags, author=author, author_is_staff=staff) is hides


def test_fo14_a_newcomer_is_silenced_by_three_and_flags_weigh_by_who_raises_them() -> None:
    assert rules.flags_silence([1, 2, 3], author=Trust.NEW, author_is_staff=False)
    assert not rules.flags_silence([1, 2, 2], author=Trust.NEW, author_is_staff=False)
    assert not rules.flags_silence([1, 2, 3], author=Trust.MEMBER, author_is_staff=False)
    known = replace(flag(1), accuracy=rules.accuracy_after(9, 1))
    assert rules.score_of(known) > rules.score_of(flag(1)) > rules.score_of(replace(flag(1), accuracy=rules.accuracy_after(0, 9)))
    assert rules.score_of(flag(1, staff=True)) > rules.score_of(flag(1, trust=Trust.REGULAR))


@pytest.mark.parametrize(
    ("member", "more", "codes"),
    [
        (None, {}, ["forum.sign_in"]),
        (NEW, {}, ["forum.cannot_flag"]),
        (MEMBER, {}, []),
        (REGULAR, {}, ["forum.own_flag"]),
        (MEMBER, {"flagged": True}, ["forum.flagged_already"]),
        (MEMBER, {"decided_at": AT - timedelta(hours=23)}, ["forum.flag_decided"]),
        (MEMBER, {"decided_at": AT - timedelta(hours=24)}, []),
        (MEMBER, {"today": 20}, ["forum.flags_a_day"]),
    ],
)
def test_fo16_who_may_report(member: MemberFacts | None, more: dict[str, object], codes: list[str]) -> None:
    known = {"flagged": False, "decided_at": None, "today": 0} | more
    assert list(rules.may_flag(member, POST, **known, at=AT).codes) == codes  # type: ignore[arg-type]


HIDDEN = replace(POST, state=Shown.HIDDEN, hidden_at=AT - timedelta(minutes=10), hidden_times=1)


@pytest.mark.parametrize(
    ("member", "post", "codes"),
    [
        (REGULAR, POST, []),
        (MEMBER, POST, ["forum.gone"]),
        (STAFF, replace(POST, state=Shown.DELETED), []),
        (REGULAR, replace(POST, written_at=AT - timedelta(days=61)), ["forum.edit_too_late"]),
        (REGULAR, HIDDEN, []),
        (REGULAR, replace(HIDDEN, hidden_at=AT - timedelta(minutes=9)), ["forum.edit_too_soon"]),
        (REGULAR, replace(HIDDEN, hidden_times=2), ["forum.hidden_twice"]),
        (replace(REGULAR, silenced_until=AT + timedelta(days=1)), POST, ["forum.silenced"]),
    ],
)
def test_fo15_who_may_change_a_post(member: MemberFacts, post: PostFacts, codes: list[str]) -> None:
    assert list(rules.may_edit(member, post, at=AT).codes) == codes


@pytest.mark.parametrize(
    ("topic", "tags", "category", "level"),
    [
        (None, [], None, Level.NORMAL),
        (None, [Level.WATCHING], Level.TRACKING, Level.WATCHING),
        (Level.NORMAL, [Level.WATCHING], Level.WATCHING, Level.NORMAL),
        (Level.WATCHING, [], Level.MUTED, Level.WATCHING),
        (None, [Level.MUTED], Level.WATCHING, Level.MUTED),
    ],
)
def test_fo19_the_topic_beats_tag_and_category(
    topic: Level | None, tags: list[Level], category: Level | None, level: Level
) -> None:
    assert rules.effective(topic, tags, category) is level


def test_fo20_what_follows_by_itself_never_beats_a_hand() -> None:
    assert rules.by_itself(None, by_hand=False, started=True) is Level.WATCHING
    assert rules.by_itself(None, by_hand=False, replied=True) is Level.TRACKING
    assert rules.by_itself(None, by_hand=False, seconds=301) is Level.TRACKING
    assert rules.by_itself(None, by_hand=False, seconds=300) is None
    assert rules.by_itself(Level.WATCHING, by_hand=False, replied=True) is Level.WATCHING
    assert rules.by_itself(Level.MUTED, by_hand=True, started=True) is Level.MUTED


def test_fo24_reading_never_goes_back_and_time_is_bounded() -> None:
    assert rules.read_further(5, 3, 9) == 5
    assert rules.read_further(5, 8, 9) == 8
    assert rules.read_further(5, 10**9, 9) == 9
    assert rules.reading_time(0, 10**9) == 300
    assert rules.reading_time(24 * 3600 - 1, 300) == 24 * 3600
    assert rules.reading_time(10, -5) == 10


def test_fo25_new_and_unread() -> None:
    started, joined = AT - timedelta(days=1), LONG_AGO
    assert rules.is_new(started, joined_at=joined, opened=False, at=AT)
    assert not rules.is_new(started, joined_at=joined, opened=True, at=AT)
    assert not rules.is_new(AT - timedelta(days=3), joined_at=joined, opened=False, at=AT)
    assert not rules.is_new(started, joined_at=AT, opened=False, at=AT)
    assert rules.is_unread(5, 4, Level.TRACKING)
    assert not rules.is_unread(5, 4, Level.NORMAL)
    assert not rules.is_unread(5, None, Level.WATCHING)
    assert (rules.first_unread(None, 9), rules.first_unread(4, 9), rules.first_unread(9, 9)) == (1, 5, 9)


def test_fb3_only_keys_with_right_check_characters_are_masked() -> None:
    key = key_from(with_check("7Q4K92XMABCDEFGHJKMNP"))
    text, count = rules.without_keys(f"My key {key} and {key.lower().replace('-', ' ')}; PKAAA-AAAAA-AAAAA-AAAAA-AAAAA is none.")
    assert count == 2
    assert "7Q4K9" not in text.upper()
    assert "PKAAA-AAAAA" in text


def test_names_never_tell_an_address() -> None:
    """S57"""
    assert rules.handle_from("Jana Nováková") == "jana-novakova"
    assert rules.handle_from("jana@private.example") == "member"
    assert rules.handle_from("admin") == "member"
    assert rules.slug_of("Proč to padá?!") == "proc-to-pada"
    assert rules.slug_of("日本") == ""
    assert (rules.tag_of(" #Náš Štítek "), rules.tag_of("a b<"), rules.tag_of("x" * 31)) == ("náš-štítek", None, None)


def test_a_difference_is_told_line_by_line() -> None:
    assert rules.difference("a\nb\nc", "a\nB\nc\nd") == [("", "a"), ("-", "b"), ("+", "B"), ("", "c"), ("+", "d")]


def test_silence_and_suspension_refuse_every_word() -> None:
    silent = replace(MEMBER, silenced_until=AT + timedelta(hours=1))
    assert rules.may_start(silent, OPEN, why="Spam.", at=AT).codes == ("forum.silenced",)
    assert rules.may_start(silent, OPEN, at=AT + timedelta(hours=1)).allowed
    assert rules.may_start(replace(MEMBER, is_suspended=True), OPEN, at=AT).codes == ("forum.suspended",)
    assert rules.may_start(MEMBER, replace(OPEN, writes=Reach.STAFF), at=AT).codes == ("forum.staff_only",)
    assert rules.may_start(MEMBER, replace(OPEN, writes=Reach.CUSTOMERS), at=AT).codes == ("forum.customers_only",)
    assert rules.may_start(replace(MEMBER, is_customer=True), replace(OPEN, writes=Reach.CUSTOMERS), at=AT).allowed
    assert rules.may_start(MEMBER, replace(OPEN, is_open=False), at=AT).codes == ("forum.category_closed",)
    assert rules.may_vote(REGULAR, POST, at=AT).codes == ("forum.own_post",)
