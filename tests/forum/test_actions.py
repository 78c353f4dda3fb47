"""What the forum does: topics, answers, solutions, reports, order; with what follows from each."""

from datetime import datetime, timedelta

import pytest

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.forum import actions, queries
from podpora.forum.actions import Outside
from podpora.forum.models import Category, Draft, Flag, Member, Post, Reading, ReviewItem, Solution, Subscription, Topic, Vote
from podpora.forum.values import Answer, FlagKind, Level, NewPost, NewTopic, Penalty, Review, Shown, SolutionKind, Trust
from podpora.licensing.rules import key_from, with_check
from podpora.mail.models import OutgoingMail
from podpora.people.values import StaffRole
from podpora.search import queries as search
from podpora.search.values import Term
from tests.make import forum as make
from tests.make import people, races

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=20)


def fresh(topic: Topic) -> Topic:
    return Topic.objects.select_related("category").get(pk=topic.pk)


def codes(problem: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return problem.value.decision.codes


def found(word: str) -> set[int]:
    return set(Post.objects.filter(pk__in=list(search.matching("topic", [Term(word)]))).values_list("topic_id", flat=True))


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to_address", flat=True))


def test_a_topic_and_its_answers_are_counted_found_and_followed(at: datetime) -> None:
    author, helper = make.member(), make.member()
    topic = make.topic(author=author, title="Proč padá kalendář?", tags=["Kalendář", "start"], at=at)
    post = make.reply(topic, helper, "Nainstalujte 10.2.1.", at=at + LATER)
    topic = fresh(topic)
    assert (topic.slug, topic.tags, topic.replies, topic.highest) == ("proc-pada-kalendar", ["kalendář", "start"], 1, 2)
    assert (topic.last_author_name, topic.answered_at) == (post.author_name, at + LATER)
    assert (topic.category.topics_count, topic.category.posts_count) == (1, 2)
    assert found("nainstalujte") == {topic.pk}
    levels = dict(Subscription.objects.filter(topic=topic).values_list("person_id", "level"))
    assert levels == {author.pk: Level.WATCHING, helper.pk: Level.TRACKING}  # FO-20
    assert Reading.objects.get(person=helper, topic=topic).last_read == 2
    assert Member.objects.get(person=helper).posts_count == 1


def test_sent_twice_it_is_written_once(at: datetime) -> None:
    """S21"""
    author, where = make.member(), make.category()
    new = NewTopic("The calendar stops", NewPost("It stops at once.", once="abc"))
    first, again = (actions.start_topic(where, new, author=author, by=people.actor(author), at=at) for _ in range(2))
    assert first.pk == again.pk
    assert len({make.reply(first, author, "Still so.", once="def", at=at + LATER).pk for _ in range(2)}) == 1
    assert Post.objects.filter(topic=first).count() == 2


@pytest.mark.parametrize(
    ("title", "text", "tags", "fields"),
    [
        ("", "", [], {"title": ["required"]}),
        ("Short", "x", [], {"title": ["too_short"]}),
        ("x" * 151, "x", ["a b", "<b>"], {"title": ["too_long"], "tags": ["forum.no_such_tag"]}),
        ("A good title", "x", list("abcdef"), {"tags": ["too_many"]}),
        ("A good title", " ", [], {"text": ["required"]}),
        ("A good title", "x" * 32_001, [], {"text": ["too_long"]}),
        ("A good title", "a\x00b", [], {"text": ["forum.not_text"]}),
    ],
)
def test_bad_input_names_its_fields(title: str, text: str, tags: list[str], fields: dict[str, list[str]], at: datetime) -> None:
    author = make.member()
    with pytest.raises(InvalidInput) as wrong:
        actions.start_topic(make.category(), NewTopic(title, NewPost(text), tags), author=author, by=people.actor(author), at=at)
    assert wrong.value.fields == fields


def test_fb3_a_licence_key_is_masked_before_anybody_sees_it(at: datetime) -> None:
    key = key_from(with_check("7Q4K92XMABCDEFGHJKMNP"))
    topic = make.topic(text=f"My key is {key}, why does it not work?", at=at)
    assert key not in Post.objects.get(topic=topic).text
    assert found("7Q4K9") == set()


def test_fo1_fo2_fo4_the_author_accepts_and_another_answer_takes_the_place(at: datetime) -> None:
    author, helper, other = make.member(), make.member(), make.member()
    topic = make.topic(author=author, at=at)
    first, second = (make.reply(topic, who, f"Try {who.pk} please.", at=at + LATER * n) for n, who in enumerate((helper, other), 1))
    later = at + LATER * 5
    with pytest.raises(Refused) as refused:
        actions.accept(first, person=helper, by=people.actor(helper), at=later)
    assert codes(refused) == ("forum.not_yours_to_solve",)
    actions.accept(first, person=author, by=people.actor(author), at=later)
    actions.accept(second, person=author, by=people.actor(author), at=later)
    assert Solution.objects.get(topic=topic).post == second
    assert fresh(topic).solved_at == later
    assert told("forum.accepted") == sorted([helper.email, other.email])
    assert [Member.objects.get(person=who).solutions_count for who in (helper, other)] == [0, 1]
    actions.unaccept(topic, person=author, by=people.actor(author), at=later)
    assert fresh(topic).solved_at is None


def test_fo4_who_asked_is_told_when_staff_accept(at: datetime) -> None:
    author, technician = make.member(), people.staff()
    topic = make.topic(author=author, at=at)
    post = make.reply(topic, technician, at=at + LATER)
    actions.accept(post, person=technician, by=people.actor(technician), at=at + LATER)
    assert told("forum.accepted") == [author.email]  # the technician accepted his own


def test_fo3_a_solution_that_goes_leaves_the_topic_unsolved(at: datetime) -> None:
    author, staff = make.member(), people.staff()
    for deed in ("delete", "split"):
        topic = make.topic(author=author, at=at + LATER * (deed == "split"))
        post = make.reply(topic, make.member(), at=at + LATER * 2)
        actions.accept(post, person=staff, by=people.actor(staff), at=at + LATER * 2)
        if deed == "delete":
            actions.delete_post(post, person=staff, by=people.actor(staff), at=at + LATER * 3)
        else:
            actions.split(topic, [2], "Something else entirely", by=people.actor(staff), at=at + LATER * 3)
        assert fresh(topic).solved_at is None
        assert not Solution.objects.filter(topic=topic).exists()


def test_fo6_a_solved_topic_closes_after_its_last_post_and_not_when_the_solution_is_taken_back(at: datetime) -> None:
    author = make.member()
    where = make.category(close_after_hours=48)
    topic = make.topic(where, author, at=at)
    post = make.reply(topic, make.member(), at=at + LATER)
    actions.accept(post, person=author, by=people.actor(author), at=at + timedelta(hours=40))
    assert fresh(topic).close_at == at + LATER + timedelta(hours=48)
    make.reply(topic, author, "Thank you, it works.", at=at + timedelta(hours=41))
    system = people.actor(author)
    assert actions.close_due(by=system, at=at + timedelta(hours=50)) == 0
    actions.unaccept(topic, person=author, by=system, at=at + timedelta(hours=51))
    assert actions.close_due(by=system, at=at + timedelta(days=9)) == 0
    actions.accept(post, person=author, by=system, at=at + timedelta(hours=52))
    assert actions.close_due(by=system, at=at + timedelta(hours=41 + 48)) == 1
    assert fresh(topic).closed_at is not None
    with pytest.raises(Refused) as refused:
        make.reply(topic, make.member(), at=at + timedelta(days=10))
    assert refused.value.decision.code == "forum.closed"


def test_fo8_a_release_or_an_article_solves_it(at: datetime) -> None:
    author = make.member()
    topic = make.topic(author=author, at=at)
    outside = Outside(SolutionKind.RELEASE, "10.2.1", "Version 10.2.1")
    solution = actions.solve_with(topic, outside, person=author, by=people.actor(author), at=at)
    assert (solution.kind, solution.ref, fresh(topic).solved_at) == ("release", "10.2.1", at)
    make.reply(topic, make.member(), at=at + LATER)
    post = Post.objects.get(topic=topic, number=2)
    actions.accept(post, person=author, by=people.actor(author), at=at + LATER)
    assert Solution.objects.get(topic=topic).kind == "post"


def test_fo12_fo18_a_newcomer_is_slowed_and_what_looks_like_spam_waits_unseen(at: datetime) -> None:
    newcomer, where = make.member(Trust.NEW, at=at - timedelta(hours=1)), make.category()
    new = NewTopic("Cheap watches for you", NewPost("Look at https://spam.example/x now, my friends!", answer=Answer(2.0)))
    topic = actions.start_topic(where, new, author=newcomer, by=people.actor(newcomer), at=at)
    assert (topic.state, ReviewItem.objects.get().why) == (Shown.QUEUED, "too_fast")
    assert found("watches") == set()
    assert Category.objects.get(pk=where.pk).topics_count == 0
    with pytest.raises(Refused) as refused:
        make.reply(make.topic(where), newcomer, at=at + timedelta(seconds=10))
    assert codes(refused) == ("forum.wait",)
    item = ReviewItem.objects.get()
    actions.decide(item, Review.DISAGREED, version=1, by=people.actor(people.staff(StaffRole.MODERATOR)), at=at + LATER)
    assert fresh(topic).state == Shown.VISIBLE
    assert found("watches") == {topic.pk}


def test_fo14_fo16_three_reports_hide_a_post_and_a_decision_closes_them(at: datetime) -> None:
    author = make.member()
    topic = make.topic(at=at)
    post = make.reply(topic, author, "You are all fools, zlovestnik.", at=at + LATER)
    readers = [make.member() for _ in range(3)]
    for reader in readers:
        assert Post.objects.get(pk=post.pk).state == Shown.VISIBLE
        actions.flag(post, FlagKind.ABUSE, person=reader, by=people.actor(reader), at=at + LATER)
    assert (Post.objects.get(pk=post.pk).state, fresh(topic).replies, found("zlovestnik")) == (Shown.HIDDEN, 0, set())
    item = ReviewItem.objects.get()
    with pytest.raises(Refused) as refused:
        actions.flag(post, FlagKind.ABUSE, person=readers[0], by=people.actor(readers[0]), at=at + LATER)
    assert codes(refused) == ("forum.flagged_already",)
    actions.decide(item, Review.AGREED, version=item.version, by=people.actor(people.staff(StaffRole.MODERATOR)), at=at + LATER * 2)
    assert set(Flag.objects.values_list("decision", flat=True)) == {Review.AGREED}
    assert Member.objects.get(person=readers[0]).flags_agreed == 1
    assert Member.objects.get(person=author).flagged == 1
    assert len(told("forum.moderated")) == 4  # the writer when it was hidden, and three who reported
    with pytest.raises(Refused) as refused:
        actions.flag(post, FlagKind.ABUSE, person=readers[0], by=people.actor(readers[0]), at=at + timedelta(hours=20))
    assert codes(refused) == ("forum.flag_decided",)


def test_fo14_one_spam_report_of_staff_hides_a_newcomers_post_and_three_silence_him(at: datetime) -> None:
    newcomer = make.member(Trust.NEW)
    topic = make.topic(author=newcomer, at=at)
    technician = people.staff()
    actions.flag(topic.posts.get(), FlagKind.SPAM, person=technician, by=people.actor(technician), at=at)
    assert fresh(topic).state == Shown.HIDDEN
    for reader in (make.member(), make.member()):
        actions.flag(topic.posts.get(), FlagKind.OTHER, person=reader, by=people.actor(reader), at=at)
    with pytest.raises(Refused) as refused:
        make.topic(author=newcomer, at=at + timedelta(hours=2))
    assert codes(refused) == ("forum.silenced",)


def test_fo15_a_hidden_post_comes_back_when_its_writer_changed_it_once(at: datetime) -> None:
    author = make.member()
    post = make.reply(make.topic(at=at), author, "You are all fools.", at=at)
    for hidden in (1, 2):
        when = at + timedelta(hours=2 * hidden)
        for reader in [make.member() for _ in range(3)]:
            actions.flag(post, FlagKind.ABUSE, person=reader, by=people.actor(reader), at=when)
        with pytest.raises(Refused) as refused:
            actions.edit(post, "I am sorry.", person=author, by=people.actor(author), at=when + timedelta(minutes=5))
        assert codes(refused) == (("forum.edit_too_soon",) if hidden == 1 else ("forum.hidden_twice",))
        if hidden == 1:
            actions.edit(post, "I am sorry.", person=author, by=people.actor(author), at=when + timedelta(minutes=10))
            assert Post.objects.get(pk=post.pk).state == Shown.VISIBLE


def test_fo17_the_second_moderator_is_told_and_nothing_is_done_twice(at: datetime) -> None:
    reader = make.member()
    post = make.reply(make.topic(at=at), at=at)
    actions.flag(post, FlagKind.OTHER, person=reader, by=people.actor(reader), at=at)
    item, seen = ReviewItem.objects.get(), ReviewItem.objects.get()
    actions.decide(item, Review.DELETED, version=1, by=people.actor(people.staff(StaffRole.MODERATOR)), at=at)
    with pytest.raises(Refused) as refused:
        actions.decide(seen, Review.DISAGREED, version=1, by=people.actor(people.staff(StaffRole.MODERATOR)), at=at)
    assert codes(refused) == ("forum.already_handled",)
    assert Post.objects.get(pk=post.pk).state == Shown.DELETED
    actions.restore(post, by=people.actor(people.staff(StaffRole.MODERATOR)), at=at)
    assert Post.objects.get(pk=post.pk).state == Shown.VISIBLE


def test_fo18_the_queue_is_kept(at: datetime) -> None:
    boss, by = people.staff(StaffRole.MODERATOR), people.actor(people.staff(StaffRole.MODERATOR))
    newcomer = make.member(Trust.NEW)
    make.topic(author=newcomer, at=at, text="https://a.example is great and good for you")
    assert ReviewItem.objects.get().why == "first_post"
    assert actions.keep_queue(by=by, at=at + timedelta(hours=47)) == 0
    assert actions.keep_queue(by=by, at=at + timedelta(hours=49)) == 1
    assert boss.email in told("forum.review_waits")
    actions.keep_queue(by=by, at=at + timedelta(days=61))
    assert ReviewItem.objects.get().state == Review.IGNORED


def test_s56_votes_count_once_and_never_for_oneself(at: datetime) -> None:
    author, reader = make.member(), make.member()
    post = make.topic(author=author, at=at).posts.get()
    for _ in range(2):
        actions.vote(post, person=reader, by=people.actor(reader), at=at)
    assert (Post.objects.get(pk=post.pk).votes, fresh(post.topic).votes, Vote.objects.count()) == (1, 1, 1)
    with pytest.raises(Refused) as refused:
        actions.vote(post, person=author, by=people.actor(author), at=at)
    assert codes(refused) == ("forum.own_post",)
    actions.take_vote_back(post, person=reader, by=people.actor(reader), at=at)
    assert (Post.objects.get(pk=post.pk).votes, Member.objects.get(person=author).votes_received) == (0, 0)
    with pytest.raises(Refused):
        actions.edit(post, "Another text.", person=reader, by=people.actor(reader), at=at)


def test_an_edit_keeps_what_was_there(at: datetime) -> None:
    author = make.member()
    topic = make.topic(author=author, text="The first text.", at=at)
    post = topic.posts.get()
    by = people.actor(author)
    actions.edit(post, "A typo mended.", person=author, by=by, at=at + timedelta(minutes=4))  # within the grace no revision
    actions.edit(post, "The second text.", title="Another title here", seen=0, person=author, by=by, at=at + LATER)
    kept = Post.objects.get(pk=post.pk)
    assert (kept.revisions, kept.older.get().text, fresh(topic).slug) == (1, "A typo mended.", "another-title-here")
    with pytest.raises(Refused) as refused:
        actions.edit(post, "From an older page.", seen=0, person=author, by=by, at=at + LATER * 2)
    assert codes(refused) == ("forum.edited_meanwhile",)
    assert found("mended") == set()


def test_whispers_are_for_staff_and_count_nowhere(at: datetime) -> None:
    technician = people.staff()
    topic = make.topic(at=at)
    post = actions.whisper(topic, "He wrote to us before, tajnost.", author=technician, by=people.actor(technician), at=at)
    assert (fresh(topic).replies, found("tajnost")) == (0, set())
    reader, staff = queries.reader_of(make.member()), queries.reader_of(technician)
    assert not queries.posts_of(topic, reader).filter(pk=post.pk).exists()
    assert queries.posts_of(topic, staff).filter(pk=post.pk).exists()


def test_merging_and_splitting_keep_every_post_and_its_order(at: datetime) -> None:
    staff = people.staff()
    by, where = people.actor(staff), make.category()
    one, other = make.topic(where, at=at), make.topic(where, at=at)
    for n in range(3):
        make.reply(other, text=f"Answer number {n} of the other one.", at=at + LATER * (n + 1))
    actions.merge(other, one, by=by, at=at + LATER * 9)
    assert list(one.posts.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert (fresh(other).state, fresh(other).merged_into_id, fresh(one).replies) == (Shown.DELETED, one.pk, 4)
    new = actions.split(one, [3, 4, 1], "A topic of its own", by=by, at=at + LATER * 10)
    assert [post.text[:15] for post in new.posts.order_by("number")] == ["Answer number 0", "Answer number 1"]
    assert (fresh(one).replies, fresh(new).replies, fresh(new).author_id) == (2, 1, new.posts.get(number=1).author_id)
    with pytest.raises(Refused):
        actions.merge(one, one, by=by, at=at)


def test_fo30_details_are_asked_for_and_the_authors_word_ends_it(at: datetime) -> None:
    author, staff = make.member(), people.staff()
    topic = make.topic(author=author, at=at)
    actions.ask_details(topic, ["version", "log"], by=people.actor(staff), at=at)
    assert fresh(topic).details == ["version", "log"]
    mail = OutgoingMail.objects.get(kind="forum.details")
    assert mail.to_address == author.email
    assert "the exact version of the program" in mail.text
    make.reply(topic, make.member(), "I have the same.", at=at + LATER)
    assert fresh(topic).details_at is not None
    assert actions.note_forgotten(at=at + timedelta(days=14)) == 1
    make.reply(topic, author, "It is 10.2.0 on Windows 11.", at=at + timedelta(days=15))
    assert fresh(topic).details_at is None
    with pytest.raises(InvalidInput):
        actions.ask_details(topic, ["shoe size"], by=people.actor(staff), at=at)


def test_drafts_are_kept_and_two_windows_do_not_overwrite_each_other(at: datetime) -> None:
    author = make.member()
    first = actions.save_draft(author, "7", {"text": "One"}, version=0, at=at)
    actions.save_draft(author, "7", {"text": "Two"}, version=first.version, at=at)
    with pytest.raises(Refused) as refused:
        actions.save_draft(author, "7", {"text": "Older"}, version=first.version, at=at)
    assert codes(refused) == ("forum.draft_changed",)
    assert actions.forget_drafts(at=at + timedelta(days=181)) == 1
    assert not Draft.objects.exists()


def test_silence_is_told_and_can_be_lifted(at: datetime) -> None:
    somebody = make.member()
    row = Member.objects.get(person=somebody)
    by = people.actor(people.staff(StaffRole.MODERATOR))
    actions.penalise(row, Penalty.SILENCED, until_at=at + timedelta(days=3), why="Advertising.", by=by, at=at)
    with pytest.raises(Refused) as refused:
        make.topic(author=somebody, at=at)
    assert codes(refused) == ("forum.silenced",)
    assert told("forum.moderated") == [somebody.email]
    actions.lift(row, by=by, at=at)
    make.topic(author=somebody, at=at)
    with pytest.raises(NotYours):
        technician = people.staff()
        actions.penalise(actions.member_of(technician, at=at), Penalty.SILENCED, until_at=None, why="x", by=by, at=at)


def test_somebody_who_is_erased_leaves_his_words_without_his_name(at: datetime) -> None:
    author = make.member(name="Zdislava Erased")
    topic = make.topic(author=author, at=at)
    reader = make.member()
    make.reply(topic, reader, at=at)
    actions.forget_person(author)
    assert (fresh(topic).author, fresh(topic).author_name, topic.posts.get(number=1).author_name) == (None, "—", "—")
    assert not Member.objects.filter(person=author).exists()
    assert not Reading.objects.filter(person=author).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fo2_two_at_the_same_moment_leave_one_solution(at: datetime) -> None:
    author, staff = make.member(), people.staff()
    topic = make.topic(author=author, at=at)
    posts = [make.reply(topic, at=at + LATER * n) for n in (1, 2)]
    calls = [
        lambda: actions.accept(posts[0], person=author, by=people.actor(author), at=at + LATER * 3),
        lambda: actions.accept(posts[1], person=staff, by=people.actor(staff), at=at + LATER * 3),
    ]
    assert [end.failed for end in races.at_once(calls)] == [None, None]
    assert Solution.objects.filter(topic=topic).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fo17_two_moderators_at_the_same_moment_decide_once(at: datetime) -> None:
    reader = make.member()
    post = make.reply(make.topic(at=at), at=at)
    actions.flag(post, FlagKind.OTHER, person=reader, by=people.actor(reader), at=at)
    item = ReviewItem.objects.get()
    first, second = (people.actor(people.staff(StaffRole.MODERATOR)) for _ in range(2))
    calls = [
        lambda: actions.decide(item, Review.AGREED, version=1, by=first, at=at),
        lambda: actions.decide(ReviewItem.objects.get(), Review.DISAGREED, version=1, by=second, at=at),
    ]
    ends = races.at_once(calls)
    refused = [end.failed for end in ends if end.failed is not None]
    assert [type(problem) for problem in refused] == [Refused]
    assert Flag.objects.exclude(decision=Review.OPEN).count() == 1
