"""The pages of the forum: what anybody reads, what members write; budgets, addresses, what is never shown."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from podpora.base import clock
from podpora.forum import actions, queries
from podpora.forum.models import Draft, Post, Topic
from podpora.forum.values import FlagKind, Trust
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.web.forum.shown import topic_url
from tests.make import catalog, people
from tests.make import forum as make

pytestmark = pytest.mark.django_db
NOW = clock.now()
AGO = NOW - timedelta(hours=3)


def at(n: int) -> object:
    return AGO + timedelta(minutes=n)


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def long_topic(posts: int = 20, **more: object) -> Topic:
    topic = make.topic(at=AGO, **more)  # type: ignore[arg-type]
    writers = [make.member() for _ in range(4)]
    for n in range(posts - 1):
        make.reply(topic, writers[n % 4], f"Answer {n}: look into **the log** and tell us what `podpora.log` says. " * 4, at=at(n))  # type: ignore[arg-type]
    return Topic.objects.get(pk=topic.pk)


@pytest.mark.parametrize("posts", [1, 20])
def test_a_topic_costs_a_visitor_few_statements_and_little_weight(posts: int, django_assert_num_queries: object) -> None:
    topic = long_topic(posts)
    url = topic_url(topic)
    Client().get(url)
    with django_assert_num_queries(4):  # type: ignore[operator]
        answer = Client().get(url)
    assert answer.status_code == 200
    assert len(answer.content) <= 60_000
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert answer.headers["Cache-Control"].startswith("public")
    again = Client().get(url, headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_a_topic_for_its_members_costs_the_same_for_one_and_twenty_posts(django_assert_num_queries: object) -> None:
    reader = signed_in(make.member())
    for posts in (1, 20):
        url = topic_url(long_topic(posts))
        reader.get(url)
        with django_assert_num_queries(22):  # type: ignore[operator]
            assert reader.get(url).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_and_three(rows: int, django_assert_num_queries: object) -> None:
    where = make.category("questions")
    for _ in range(rows):
        make.topic(where, at=AGO, tags=["start"])
    for url, count in (
        ("/forum/", 3),
        ("/forum/latest/", 2),
        ("/forum/c/questions/", 4),
        ("/forum/tags/start/", 2),
        ("/forum/feed.atom", 2),
    ):
        cache.clear()
        with django_assert_num_queries(count):  # type: ignore[operator]
            answer = Client().get(url)
        assert answer.status_code == 200, url


def test_fo10_each_page_has_one_address() -> None:
    topic = long_topic(21, title="Why does it stop?")
    base = f"/forum/topics/{topic.number}"
    visitor = Client()
    first = visitor.get(f"{base}/why-does-it-stop/").content.decode()
    second = visitor.get(f"{base}/why-does-it-stop/?page=2").content.decode()
    assert re.search(r'<link rel="canonical" href="http[^"]*/why-does-it-stop/">', first)
    assert 'why-does-it-stop/?page=2"' in re.search(r'<link rel="canonical"[^>]*>', second)[0]  # type: ignore[index]
    for wrong, to in ((f"{base}/", f"{base}/why-does-it-stop/"), (f"{base}/other/?page=2", f"{base}/why-does-it-stop/?page=2")):
        answer = visitor.get(wrong)
        assert (answer.status_code, answer.headers["Location"]) == (301, to)
    assert visitor.get(f"{base}/posts/21/").headers["Location"] == f"{base}/why-does-it-stop/?page=2#post-21"
    for gone in (f"{base}/why-does-it-stop/?page=3", f"{base}/why-does-it-stop/?page=0", f"{base}/why-does-it-stop/?page=x", f"{base}/posts/99/",
                 "/forum/topics/999/x/", "/forum/topics/99999999999999999999999/x/"):  # fmt: skip
        assert visitor.get(gone).status_code == 404, gone
    staff = people.staff()
    actions.delete_post(topic.posts.get(number=1), person=staff, by=people.actor(staff), at=NOW)
    cache.clear()
    assert visitor.get(f"{base}/why-does-it-stop/").status_code == 410
    assert visitor.get(f"{base}/").status_code == 410
    assert f"/topics/{topic.number}/" not in visitor.get("/sitemap-0.xml").content.decode()


def structured(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(found[1]) if found else {}


def test_fo5_fo9_the_first_page_says_what_the_answer_is() -> None:
    author = make.member()
    topic = make.topic(author=author, title="</script><script>alert(1)</script>", text="Why </script> so?", at=AGO)
    posts = [make.reply(topic, text=f"Perhaps <b>{n}</b>.", at=at(n)) for n in range(22)]  # type: ignore[arg-type]
    actions.accept(posts[20], person=author, by=people.actor(author), at=NOW)
    html = Client().get(topic_url(Topic.objects.get(pk=topic.pk))).content.decode()
    page = structured(html)
    question = page["mainEntity"]
    assert page["@type"] == "QAPage"
    assert question["answerCount"] == 22  # type: ignore[index,call-overload]
    assert question["acceptedAnswer"]["text"].startswith("Perhaps")  # type: ignore[index,call-overload]
    assert len(question["suggestedAnswer"]) == 10  # type: ignore[index,call-overload,arg-type]
    assert all(answer["author"]["name"] and answer["author"]["url"] for answer in question["suggestedAnswer"])  # type: ignore[index,call-overload,union-attr]
    assert "<script>alert" not in html
    assert "#post-22" in html  # FO-5: the banner leads to it
    assert structured(Client().get(f"{topic_url(Topic.objects.get(pk=topic.pk))}?page=2").content.decode()) == {}
    talk = make.topic(make.category(solving=False), at=AGO)
    assert structured(Client().get(topic_url(talk)).content.decode())["@type"] == "DiscussionForumPosting"


def test_s55_what_a_visitor_gets_holds_nothing_of_others_and_nothing_of_headers() -> None:
    somebody = make.member(name="Zdislava Signedin")
    topic = long_topic(2)
    url = topic_url(topic)
    assert "Zdislava" in signed_in(somebody).get(url).content.decode()
    evil = {
        "X-Forwarded-Host": "evil.example",
        "Referer": "https://evil.example/",
        "Accept-Language": "xx-EVIL",
        "X-Original-URL": "/evil",
    }
    first = Client().get(url, headers=evil)
    second = Client().get(url)
    for answer in (first, second):
        text = answer.content.decode()
        assert "evil" not in text.lower()
        assert "Zdislava" not in text
        assert "csrfmiddlewaretoken" not in text
    assert signed_in(somebody).get(url).headers["Cache-Control"] == "private, no-store"
    assert Client().get(f"{url}x.css").status_code == 404


def test_a_member_writes_answers_votes_accepts_and_reports() -> None:
    """The whole way of a question, through the pages."""
    asks, helps = make.member(name="Asks Often"), make.member(name="Helps Gladly")
    make.category("questions")
    her, him = signed_in(asks), signed_in(helps)
    began = re.search(r'name="began" value="([^"]+)"', her.get("/forum/new/").content.decode())[1]  # type: ignore[index]
    words = {
        "category": "questions",
        "title": "Calendar is empty after import",
        "text": "I imported **all** of it.",
        "tags": "import",
        "began": began,
        "once": "a" * 24,
    }
    answer = her.post("/forum/new/", words)
    assert answer.status_code == 302
    assert her.post("/forum/new/", words).headers["Location"] == answer.headers["Location"]  # S21
    topic = Topic.objects.get()
    him.post(f"/forum/topics/{topic.number}/reply/", {"text": "Which file was it?", "once": "b" * 24})
    post = topic.posts.get(number=2)
    assert "<strong>all</strong>" in him.get(answer.headers["Location"]).content.decode()
    assert her.post(f"/forum/posts/{post.code}/vote/", {"deed": "vote"}).status_code == 302
    assert her.post(f"/forum/posts/{post.code}/accept/").status_code == 302
    assert Post.objects.get(pk=post.pk).votes == 1
    assert Topic.objects.get().solved_at is not None
    assert him.post(f"/forum/topics/{topic.number}/unaccept/").status_code == 302
    assert Topic.objects.get().solved_at is not None  # not his topic
    assert her.post(f"/forum/posts/{post.code}/flag/", {"kind": FlagKind.OTHER, "text": "?"}).status_code == 302
    quote = him.get(f"/forum/topics/{topic.number}/{topic.slug}/?quote=1").content.decode()
    assert "&gt; I imported **all** of it." in quote
    assert him.get(f"/forum/posts/{post.code}/edit/").status_code == 200
    assert her.get(f"/forum/posts/{post.code}/edit/").status_code == 409


def test_what_is_refused_comes_back_with_the_text() -> None:
    somebody, topic = make.member(), make.topic(at=AGO)
    actions.set_closed(topic, True, by=people.actor(people.staff()), at=NOW)
    answer = signed_in(somebody).post(f"/forum/topics/{topic.number}/reply/", {"text": "My long answer."})
    assert answer.status_code == 409
    assert "My long answer." in answer.content.decode()
    assert signed_in(somebody).post("/forum/new/", {"title": "x", "text": ""}).status_code == 422


def test_what_was_meant_for_staff_never_becomes_an_answer_for_all() -> None:
    """A whisper of somebody who is (no longer) staff is not written at all."""
    topic = make.topic(at=AGO)
    words = {"text": "He wrote to us before.", "deed": "whisper"}
    assert signed_in(make.member()).post(f"/forum/topics/{topic.number}/reply/", words).status_code == 404
    assert topic.posts.count() == 1
    assert signed_in(people.staff()).post(f"/forum/topics/{topic.number}/reply/", words).status_code == 302
    assert topic.posts.get(number=2).is_whisper


def test_drafts_preview_similar_and_reading() -> None:
    somebody = make.member()
    mine = signed_in(somebody)
    topic = make.topic(title="The calendar stops after the update", at=AGO)
    kept = mine.post("/forum/draft/", {"place": str(topic.number), "text": "Half", "version": "0"}).json()
    assert kept["version"] == 1
    assert mine.post("/forum/draft/", {"place": str(topic.number), "text": "Other", "version": "0"}).status_code == 409
    assert "Half" in mine.get(topic_url(topic)).content.decode()
    mine.post("/forum/draft/", {"place": str(topic.number), "text": ""})
    assert not Draft.objects.exists()
    shown = mine.post("/forum/preview/", {"text": "<script>x</script> **b**"}).content.decode()
    assert "<strong>b</strong>" in shown
    assert "<script>" not in shown
    assert "The calendar stops" in mine.get("/forum/similar/?title=calendar+stops+suddenly").content.decode()  # FO-26
    assert "The calendar" not in mine.get("/forum/similar/?title=calendar").content.decode()
    assert mine.post(f"/forum/topics/{topic.number}/read/", {"last": "1", "seconds": "999999"}).json() == {"last": 1}
    assert queries.reading_of(somebody.pk, topic).seconds == 300  # type: ignore[union-attr]


def test_pictures_are_drawn_anew_and_seen_with_their_post_alone() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.files.test_actions import picture

    somebody = make.member()
    mine = signed_in(somebody)
    told = mine.post("/forum/files/", {"file": SimpleUploadedFile("a.png", picture(), "image/png")}).json()
    assert Client().get(told["url"]).status_code == 404  # nobody's yet
    where = make.category(reads="staff")
    topic = make.topic(where, somebody, text=f"See {told['markdown']}", at=AGO)
    assert "<img src=" in topic.posts.get().html
    assert Client().get(told["url"]).status_code == 404
    shown = signed_in(people.staff()).get(told["url"])
    assert (shown.status_code, shown.headers["Content-Disposition"].partition(";")[0]) == (200, "inline")
    shown.getvalue()  # type: ignore[attr-defined]
    broken = mine.post("/forum/files/", {"file": SimpleUploadedFile("a.png", b"\x89PNG broken", "image/png")})
    assert (broken.status_code, "picture" in broken.json()["says"]) == (422, True)
    stolen = make.topic(author=make.member(), text=f"Mine: {told['markdown']}", at=AGO)
    assert "<img" not in stolen.posts.get().html


def test_s57_a_profile_tells_no_address() -> None:
    somebody = make.member(name="Jana Nováková")
    make.topic(author=somebody, at=AGO)
    handle = actions.member_of(somebody, at=NOW).handle
    page = Client().get(f"/forum/people/{handle}/").content.decode()
    assert somebody.email not in page
    assert "gravatar" not in page
    mine = signed_in(somebody)
    form = {"name": "Jana N.", "handle": "jana-n", "about": "I help.", "digest_days": "0"}
    assert mine.post("/forum/me/", form).status_code == 302
    assert "Jana N." in Client().get("/forum/people/jana-n/").content.decode()
    assert mine.post("/forum/me/", form | {"handle": "Admin!"}).status_code == 422
    for url in ("/forum/me/following/", "/forum/me/drafts/", "/forum/me/mail/", "/forum/unread/"):
        assert mine.get(url).status_code == 200, url


def test_staff_work_in_queues_and_reviews() -> None:
    technician, moderator = people.staff(), people.staff(StaffRole.MODERATOR)
    topic = make.topic(at=NOW - timedelta(days=3))
    reader = make.member()
    actions.flag(topic.posts.get(), FlagKind.OTHER, "strange", person=reader, by=people.actor(reader), at=NOW)
    desk, review = signed_in(technician), signed_in(moderator)
    assert topic.title in desk.get("/desk/forum/").content.decode()  # FO-29: unanswered for more than a day
    assert desk.get("/desk/forum/reviews/").status_code == 404
    assert signed_in(reader).get("/desk/forum/").status_code == 404
    page = review.get("/desk/forum/reviews/").content.decode()
    code = re.search(r"/desk/forum/reviews/(FR-[^/]+)/", page)[1]  # type: ignore[index]
    assert review.post(f"/desk/forum/reviews/{code}/", {"decision": "disagreed", "version": "1"}, follow=True).status_code == 200
    assert (
        "already"
        in review.post(f"/desk/forum/reviews/{code}/", {"decision": "deleted", "version": "1"}, follow=True).content.decode()
    )
    for deed in ("close", "open", "pin", "assign"):
        assert desk.post(f"/desk/forum/topics/{topic.number}/", {"deed": deed}).status_code == 302
    desk.post(f"/desk/forum/topics/{topic.number}/", {"deed": "details", "wanted": ["version"]})
    assert Topic.objects.get(pk=topic.pk).details == ["version"]
    for url in (reverse("forum_staff:arrange", args=[topic.number]), "/desk/forum/report/", "/desk/forum/?queue=needs_details"):
        assert desk.get(url).status_code == 200, url
    handle = actions.member_of(reader, at=NOW).handle
    assert review.get(f"/desk/forum/people/{handle}/").status_code == 200


def test_fb2_who_has_no_support_is_led_to_the_forum_with_what_is_solved_first() -> None:
    catalog.catalogue()
    somebody = make.member()
    gate = signed_in(somebody).get(reverse("centre:new") + "?topic=vip")
    assert 'action="/forum/new/"' in gate.content.decode()
    where, author = make.category(), make.member()
    open_one = make.topic(where, author, "Calendar stops at start today", at=at(1))
    solved = make.topic(where, make.member(), "Calendar stops at start always", at=at(2))
    accepted = make.reply(solved, text="Install 10.2.1.", at=at(3))  # type: ignore[arg-type]
    asker = solved.author
    assert asker is not None
    actions.accept(accepted, person=asker, by=people.actor(asker), at=NOW)
    page = signed_in(somebody).get("/forum/new/?title=Calendar+stops+at+start").content.decode()
    assert 0 < page.index(solved.title) < page.index(open_one.title)
    assert 'value="Calendar stops at start"' in page


def test_a_newcomers_answer_is_judged_by_the_time_that_it_took() -> None:
    """FO-18: the box below a topic says when it was drawn, so that only who is too fast waits."""
    topic = make.topic(at=AGO)
    for fast in (False, True):
        newcomer = make.member()
        row = actions.member_of(newcomer, at=AGO)
        actions.set_trust(row, Trust.NEW, by=people.actor(people.staff(StaffRole.MODERATOR)), at=AGO)  # also in a young forum
        client = signed_in(newcomer)
        page = client.get(topic_url(topic)).content.decode()
        began = re.search(r'name="began" value="([^"]+)"', page)[1]  # type: ignore[index]
        drawn, person = signing.loads(began, salt="forum")
        assert person == newcomer.pk
        began = signing.dumps([drawn + 3600 if fast else drawn - 60, person], salt="forum")  # however slow this machine is
        client.post(f"/forum/topics/{topic.number}/reply/", {"text": "It helped to restart it.", "began": began})
        assert Post.objects.get(author=newcomer).state == ("queued" if fast else "visible")


def test_a_bare_link_to_a_topic_is_shown_with_its_title_to_who_may_read_it() -> None:
    """Looked up when the page is drawn: what is hidden since has no title any more (S54)."""
    where, other = make.category(), make.topic(title="About <the> archive", at=AGO)
    address = f"{settings.SITE_URL}{topic_url(other)}"
    topic = make.topic(where, text=f"See {address} and [this]({address}).", at=AGO)
    page = Client().get(topic_url(topic)).content.decode()
    assert page.count(">About &lt;the&gt; archive</a>") == 1
    actions.move(other, make.category(reads="staff"), by=people.actor(people.staff()), at=NOW)
    cache.clear()
    assert "archive</a>" not in signed_in(make.member()).get(topic_url(topic)).content.decode()
