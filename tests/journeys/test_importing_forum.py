"""A forum comes in from another system or from an export: whole or not at all, once, with what was left out and why."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from podpora.base import clock
from podpora.base.actors import system
from podpora.config import discourse
from podpora.config.discourse.reading import sha1_of
from podpora.forum import actions, queries
from podpora.forum.models import Category, Member, OldAddress, Post, PostFile, Subscription, Topic
from podpora.forum.values import FlagKind, Level, Penalty, Shown
from podpora.journeys import exporting, finding, importing
from podpora.journeys.exporting.archive import lines_of
from podpora.journeys.importing import Done, Row, Sources
from podpora.mail.models import OutgoingMail
from podpora.people.models import Person
from tests.make import forum as make
from tests.make import people
from tests.make.pictures import png

pytestmark = pytest.mark.django_db
BY = system("test")


def bring(noun: str, *rows: Row, sources: Sources = Sources()) -> list[Done]:  # noqa: B008  # never changed
    return list(importing.bring_in(noun, enumerate(rows, 1), sources, by=BY, at=clock.now()))


def small_forum(**more: Any) -> list[Done]:
    """One of each, as somebody writes it by hand."""
    topic = {"external_id": "t1", "category": "c1", "title": "Sync stops", "text": "Since @Jana.N said so.", "author": "Jana.N",
             "written_at": "2020-03-01", "tags": "sync, imap", "old_addresses": "/viewtopic.php?t=7"}  # fmt: skip
    return [
        *bring("categories", {"external_id": "c1", "name": "Help", "old_addresses": "https://old.example/viewforum.php?f=1"}),
        *bring("members", {"external_id": "Jana.N", "email": "jana@example.com", "name": "Jana N", "joined_at": "2019-01-01"}),
        *bring("topics", topic | more),
        *bring("posts", {"external_id": "p1", "topic": "t1", "text": "Install 10.2.", "email": "petr@example.com", "name": "Petr",
                         "written_at": "2020-03-02", "solution": "yes", "votes": "4"},
                        {"external_id": "p2", "topic": "t1", "text": "Thanks!", "name": "Guest", "written_at": "2020-03-03"}),
    ]  # fmt: skip


def test_a_forum_comes_in_once_with_its_dates_people_and_solution() -> None:
    assert [done.result for done in small_forum()] == ["made"] * 5
    assert [done.result for done in small_forum()] == ["known"] * 5
    assert small_forum(title="Another")[2].result == "refused"  # the same name with another content
    topic = Topic.objects.get()
    assert (topic.title, topic.tags, topic.replies, topic.last_shown) == ("Sync stops", ["sync", "imap"], 2, 3)
    assert (topic.started_at.year, topic.last_author_name, topic.solution.post.number) == (2020, "Guest", 2)  # type: ignore[union-attr]
    assert '<a class="mention" href="/forum/people/jana-n/"' in topic.posts.get(number=1).html
    jana, petr = (Member.objects.get(person__email=f"{name}@example.com") for name in ("jana", "petr"))
    assert (jana.topics_count, jana.joined_at.year, petr.posts_count, petr.solutions_count) == (1, 2019, 1, 1)
    assert (topic.category.topics_count, topic.category.posts_count) == (1, 3)
    assert [hit.code for hit in finding.similar("Sync stops again", "", None, language="en", at=clock.now())] == [topic.code]
    assert not OutgoingMail.objects.exists()  # nobody is told
    client = Client()
    assert client.get("/viewtopic.php?t=7").headers["Location"] == f"/forum/topics/{topic.number}/sync-stops/"
    assert client.get("/viewforum.php?f=1").headers["Location"] == "/forum/c/help/"
    assert client.get("/viewtopic.php?t=8").status_code == 404


@pytest.mark.parametrize(("noun", "row", "fields"), [
    ("members", {"external_id": "x", "email": "nobody", "trust": "7"}, {"trust"}),
    ("members", {"external_id": "x"}, {"email"}),
    ("categories", {"external_id": "c", "name": "C", "reads": "aliens"}, {"reads"}),
    ("topics", {"external_id": "t", "title": "T", "text": "x", "category": "none", "written_at": "2020-01-01"}, {"category"}),
    ("topics", {"external_id": "t", "title": "T", "category": "none", "written_at": "once"}, {"category", "text", "written_at"}),
    ("posts", {"external_id": "p", "topic": "none", "text": "x", "written_at": "2020-01-01", "state": "odd"}, {"topic", "state"}),
])  # fmt: skip
def test_a_bad_row_names_every_wrong_field_and_leaves_nothing(noun: str, row: Row, fields: set[str]) -> None:
    (done,) = bring(noun, row)
    assert (done.result, set(done.fields)) == ("refused", fields)
    assert not (Topic.objects.exists() or Post.objects.exists() or Category.objects.exists() or Person.objects.exists())


def test_old_addresses_say_nothing_of_what_is_hidden() -> None:
    """S54."""
    small_forum()
    topic = Topic.objects.get()
    actions.move(topic, make.category("inside", reads="staff"), by=BY, at=clock.now())
    assert Client().get("/viewtopic.php?t=7").status_code == 404


# Discourse


def pages(folder: Path) -> Path:
    """Saved pages of its API, its list of users, and its uploads."""
    (folder / "t").mkdir(parents=True)
    site = {"categories": [
        {"id": 5, "name": "Support", "slug": "support", "read_restricted": False, "description_text": "Ask here"},
        {"id": 6, "name": "Team", "slug": "team", "read_restricted": True}]}  # fmt: skip
    (folder / "site.json").write_text(json.dumps(site))
    raw = ('[quote="Petr_S, post:2, topic:12, full:true"]\nTry `10.2`\n[/quote]\nSee https://old.example/t/other/13/2 and '
           "![screen|690x388](upload://r3AYqESanERjladb4vBB7VsMBm6.png)\n[details=\"Log\"]\nline\n[/details]")  # fmt: skip
    post = {"created_at": "2021-05-01T10:00:00.000Z", "name": "Jana N"}
    stream = [
        {"id": 100, "post_number": 1, "username": "Jana", "user_id": 1, "raw": "Why @Petr_S?", "post_type": 1, **post},
        {"id": 101, "post_number": 2, "username": "Petr_S", "user_id": 2, "raw": "So.", "accepted_answer": True, "version": 2,
         "updated_at": "2021-05-02T10:00:00.000Z", "actions_summary": [{"id": 2, "count": 3}], **post},
        {"id": 102, "post_number": 3, "username": "system", "raw": "", "post_type": 3, **post},
        {"id": 103, "post_number": 4, "username": "Jana", "user_id": 1, "raw": raw, "reply_to_post_number": 2, **post},
        {"id": 104, "post_number": 5, "username": "Jana", "user_id": 1, "cooked": "<p>no raw</p>", **post},
    ]  # fmt: skip
    topic = {"id": 12, "title": "It stops", "slug": "it-stops", "category_id": 5, "tags": ["sync", {"name": "imap"}], "views": 70,
             "archetype": "regular", "closed": False, "post_stream": {"posts": stream}}  # fmt: skip
    (folder / "t" / "12.json").write_text(json.dumps(topic))
    private = topic | {"id": 13, "archetype": "private_message"}
    (folder / "t" / "13.json").write_text(json.dumps(private))
    (folder / "users.csv").write_text(
        "id,name,username,email,trust_level\n1,Jana N,Jana,jana@example.com,3\n2,Petr,Petr_S,petr@example.com,1\n"
    )
    (folder / "uploads").mkdir()
    (folder / "uploads" / f"{sha1_of('r3AYqESanERjladb4vBB7VsMBm6.png')}.png").write_bytes(png())
    return folder


def bring_discourse(path: Path, uploads: Path | None = None) -> dict[str, list[Done]]:
    found = discourse.parts(path, site="https://old.example", uploads=uploads)
    return {noun: list(importing.bring_in(noun, rows, sources, by=BY, at=clock.now())) for noun, rows, sources in found}


def test_pages_of_discourse_come_in(tmp_path: Path) -> None:
    """Quotations, mentions, links, pictures, hidden parts, solutions, likes, numbers and addresses are those of here."""
    folder = pages(tmp_path / "old")
    done = bring_discourse(folder, folder / "uploads")
    results = {noun: [(row.external_id, row.result) for row in rows] for noun, rows in done.items()}
    assert results == {
        "categories": [("5", "made"), ("6", "made")], "members": [("jana", "made"), ("petr_s", "made"), ("system", "left_out")],
        "topics": [("12", "made"), ("13", "left_out")], "posts": [("101", "made"), ("103", "made"), ("104", "left_out")],
    }  # fmt: skip
    assert "private message" in done["topics"][1].why
    assert "include_raw" in done["posts"][2].why
    assert {row.result for rows in bring_discourse(folder).values() for row in rows} == {"known", "left_out"}
    topic = Topic.objects.get()
    assert (topic.views, topic.tags, Category.objects.get(code="team").reads) == (70, ["sync", "imap"], "staff")
    first, second, last = topic.posts.order_by("number")
    assert (first.text, second.votes, second.number, last.number, last.reply_to) == ("Why @petr-s?", 3, 2, 4, 2)
    assert topic.solution.post == second
    picture = PostFile.objects.get()
    assert last.text.startswith("> [Petr\\_S, #2](/t/12/2):\n> Try `10.2`\n\nSee http")
    assert f"![screen](/forum/files/{picture.file.code}/)" in last.text
    assert ":::spoiler Log\nline\n:::" in last.text
    assert "old.example" not in last.text
    assert f'<img src="/forum/files/{picture.file.code}/"' in last.html
    client, url = Client(), f"/forum/topics/{topic.number}/it-stops/"
    for old, new in {
        "/t/it-stops/12": url, "/t/12/2": f"{url}#post-2", "/p/103": f"{url}#post-4", "/c/support/5": "/forum/c/support/",
        "/u/jana/": "/forum/people/jana/",
    }.items():  # fmt: skip
        assert (old, client.get(old).headers.get("Location")) == (old, new)
    assert client.get("/c/team/6").status_code == 404  # S54: only staff read it


def test_what_discourse_exports_itself_comes_in(tmp_path: Path) -> None:
    """`rake export:categories`: users by number, permissions of categories; a file that is missing is named."""
    told = {
        "categories": [
            {"id": 5, "name": "Support", "slug": "support", "permissions_params": {"everyone": 1}},
            {"id": 6, "name": "Sub", "slug": "sub", "parent_category_id": 5, "permissions_params": {"staff": 1}},
        ],
        "users": [{"id": 1, "email": "jana@example.com", "username": "jana", "name": "", "trust_level": 2}],
        "topics": [{"id": 12, "title": "T", "category_id": 5, "closed": True, "archetype": "regular", "created_at": "2021-05-01T10:00:00Z",
                    "posts": [{"id": 1, "user_id": 1, "post_number": 1, "raw": "![a.png](upload://abc.png)", "created_at": "2021-05-01T10:00:00Z"},
                              {"id": 2, "user_id": 9, "post_number": 2, "raw": "Hidden", "hidden": True, "created_at": "2021-05-02T10:00:00Z"}]}],
    }  # fmt: skip
    (tmp_path / "export.json").write_text(json.dumps(told))
    done = bring_discourse(tmp_path / "export.json")
    assert [row.why for row in done["topics"]] == ["file a.png: it is missing, too large, or no picture"]
    assert {row.code: row.reads for row in Category.objects.all()} == {"support": "everybody", "support-sub": "staff"}
    topic = Topic.objects.get()
    assert (topic.closed_at is not None, topic.replies, topic.last_shown) == (True, 0, 1)  # the hidden one counts nowhere
    assert queries.posts_seen(queries.anybody()).count() == 1


# There and back


def whole_forum() -> None:
    """Everything that a forum can have."""
    at = clock.now() - timedelta(hours=3)
    author, other, staff = make.member(name="Anna Kos"), make.member(name="Emil"), people.staff()
    where = make.category("questions")
    topic = make.topic(where, author, "Where is my mail?", "See @emil", at=at, tags=["imap"], version="10.2")
    answer = make.reply(topic, other, "In the archive.", at=at)
    actions.edit(answer, "In **the** archive.", person=staff, by=people.actor(staff), at=at)
    actions.vote(answer, person=author, by=people.actor(author), at=at)
    actions.accept(answer, person=author, by=people.actor(author), at=at)
    actions.whisper(topic, "Known here.", author=staff, by=people.actor(staff), at=at)
    bad = make.reply(topic, author, "Buy my things", at=at + timedelta(hours=1))
    actions.delete_post(bad, person=staff, by=people.actor(staff), at=at)
    stored = actions.keep_picture(other, png(), "screen.png", by=people.actor(other), at=at)
    make.reply(topic, other, f"![screen](/forum/files/{stored.code}/)", at=at + timedelta(hours=1))
    actions.flag(topic.posts.get(number=1), FlagKind.OTHER, "odd", person=other, by=people.actor(other), at=at)
    actions.subscribe(other, Level.WATCHING, category=where, at=at)
    actions.penalise(actions.member_of(other, at=at), Penalty.SILENCED, until_at=None, why="Rude", by=people.actor(staff), at=at)
    make.topic(make.category("inside", reads="staff"), staff, "Among ourselves", "Nobody else", at=at)


def exported() -> tuple[dict[str, list[dict[str, Any]]], bytes]:
    target = io.BytesIO()
    exporting.write(target, exporting.parts_of_everything(), about={}, at=clock.now())
    with zipfile.ZipFile(target) as archive:
        nouns = ("categories", "members", "topics", "posts")
        return {noun: [json.loads(line) for line in lines_of(archive, noun)] for noun in nouns}, target.getvalue()


def plain(parts: dict[str, list[dict[str, Any]]]) -> str:
    """What an export says, without the codes of files, which are new."""
    for rows in parts.values():
        for row in rows:
            for file in row.get("files", ()):
                row["text"] = row["text"].replace(file.pop("file"), file["name"])
                file.pop("size")
    return json.dumps(parts, indent=1, sort_keys=True, ensure_ascii=False)


def test_an_export_comes_in_whole_somewhere_else() -> None:
    """Texts, histories, files, votes, silences, levels, hidden and whispered posts, numbers: what goes out comes in, and goes out the same."""
    with transaction.atomic():
        whole_forum()
        before, archived = exported()
        transaction.set_rollback(True)
    assert not Topic.objects.exists()
    with zipfile.ZipFile(io.BytesIO(archived)) as archive:
        sources = Sources(lambda name: archive.read(f"files/{name}"))
        for noun, step in importing.STEPS:
            if noun in before:
                done = bring(step, *(json.loads(line) for line in lines_of(archive, noun)), sources=sources)
                assert {row.result for row in done} <= {"made", "known"}, done
    assert plain(exported()[0]) == plain(before)
    assert {post.state for post in Post.objects.all()} == {Shown.VISIBLE, Shown.DELETED}
    assert Subscription.objects.filter(level=Level.WATCHING, category__code="questions").exists()
    assert not OldAddress.objects.exists()
