"""Mails of the forum: ten minutes later, to those who want them; the digest; answers and topics by mail."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.test import Client

from podpora.base.actors import system
from podpora.forum import actions, queries, rules
from podpora.forum.models import MailToken, Member, Post, Subscription, Topic
from podpora.forum.values import Level
from podpora.jobs import actions as jobs
from podpora.journeys import mailroom
from podpora.mail.actions import receive
from podpora.mail.models import IncomingMail, OutgoingMail
from podpora.people.models import Person
from tests.make import forum as make
from tests.make import people

pytestmark = pytest.mark.django_db
WAIT = timedelta(minutes=11)


def mails(kind: str = "forum.") -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind__startswith=kind).order_by("pk"))


def test_fo21_a_mail_comes_ten_minutes_later_to_who_watches_and_has_not_read(at: datetime) -> None:
    author, helper, other = make.member(), make.member(), make.member()
    topic = make.topic(author=author, at=at)
    post = make.reply(topic, helper, "Look into the log.", at=at + timedelta(minutes=1))
    jobs.run_due(at=at + timedelta(minutes=10))
    assert mails() == []
    jobs.run_due(at=at + WAIT)
    (mail,) = mails()
    assert (mail.kind, mail.to_address) == ("forum.replied", author.email)
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"topic-{topic.number}.1." in str(mail.references)
    later = make.reply(topic, helper, "And into the manual.", at=at + timedelta(hours=1))
    actions.note_reading(author, topic, later.number, 5, at=at + timedelta(hours=1))
    make.reply(topic, helper, "Third answer of mine.", at=at + timedelta(hours=2))
    actions.delete_post(topic.posts.get(number=4), person=helper, by=people.actor(helper), at=at + timedelta(hours=2))
    jobs.run_due(at=at + timedelta(hours=3))
    assert len(mails()) == 1  # one was read, one was deleted
    assert post.number == 2
    actions.subscribe(other, Level.MUTED, topic=topic, at=at)
    make.reply(topic, helper, f"What does @{actions.member_of(other, at=at).handle} say?", at=at + timedelta(hours=4))
    jobs.run_due(at=at + timedelta(hours=5))
    assert [mail.to_address for mail in mails()[1:]] == [author.email]


def test_fo21_a_hundred_a_day_and_one_click_ends_them(at: datetime) -> None:
    author = make.member()
    topic = make.topic(author=author, at=at)
    Member.objects.filter(person=author).update(mails_on=at.date(), mails_count=100)
    make.reply(topic, at=at)
    jobs.run_due(at=at + WAIT)
    assert mails() == []
    make.reply(topic, at=at + timedelta(days=1))
    jobs.run_due(at=at + timedelta(days=1) + WAIT)
    url = mails()[0].headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)
    assert Client().get(url).status_code == 200
    assert Client().post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.get(person=author, topic=topic).level == Level.TRACKING
    assert Client().post(url[:-5] + "0000/").status_code == 404


def test_s54_who_may_no_longer_read_it_gets_no_mail(at: datetime) -> None:
    author = make.member()
    topic = make.topic(author=author, at=at)
    make.reply(topic, at=at)
    actions.move(topic, make.category(reads="staff"), by=system("test"), at=at)
    jobs.run_due(at=at + WAIT)
    assert mails() == []


def test_fo22_the_digest_goes_to_who_was_away_and_never_to_who_visits(at: datetime) -> None:
    away, here, never = make.member(), make.member(), make.member()
    for _ in range(2):
        make.topic(at=at - timedelta(days=1))
    Member.objects.filter(person=away).update(last_seen_at=at - timedelta(days=8))
    Member.objects.filter(person=here).update(last_seen_at=at - timedelta(days=2))
    Member.objects.filter(person=never).update(last_seen_at=at - timedelta(days=200))
    Member.objects.exclude(person__in=[away, here, never]).update(digest_days=0)
    assert actions.send_digests(at=at) == 1
    (mail,) = mails("forum.digest")
    assert mail.to_address == away.email
    assert "The calendar stops" in mail.text
    assert actions.send_digests(at=at + timedelta(days=1)) == 0


def incoming(to: str, sender: Person, text: str, *, at: datetime, subject: str = "Re: Calendar", **headers: str) -> IncomingMail:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender.email, to, subject
    mail["Message-ID"] = f"<{abs(hash(text))}@private.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    receive(mail.as_bytes(), source="smtp", envelope_from=sender.email, recipients=[to], at=at)
    kept = IncomingMail.objects.latest("pk")
    mailroom.process(kept.code, at=at)
    return IncomingMail.objects.get(pk=kept.pk)


def address_in(mail: OutgoingMail) -> str:
    return str(mail.reply_to)


def test_fo23_an_answer_by_mail_is_published_without_its_quotations(at: datetime) -> None:
    author, stranger = make.member(), make.member()
    topic = make.topic(author=author, at=at)
    make.reply(topic, text="Which version is it?", at=at)
    jobs.run_due(at=at + WAIT)
    address = address_in(mails()[0])
    text = "It is 10.2.\n\nOn Mon, 16 Mar 2026 at 10:11, Forum <support@vendor.example> wrote:\n> Which version is it?\n"
    kept = incoming(address, author, text, at=at + timedelta(hours=1))
    assert kept.reasons == ["mail.forum"]
    post = Post.objects.get(topic=topic, number=3)
    assert (post.text, post.via, post.author_id, post.reply_to) == ("It is 10.2.", "mail", author.pk, 2)
    for sender, headers, when, reason in (
        (stranger, {}, timedelta(hours=2), "mail.forum_refused"),
        (author, {"Auto_Submitted": "auto-replied"}, timedelta(hours=3), "mail.forum_machine"),
        (author, {}, timedelta(days=91), "mail.forum_refused"),
    ):
        assert incoming(address, sender, f"Again {when}.", at=at + when, **headers).reasons == [reason]
    assert Post.objects.filter(topic=topic).count() == 3
    assert {mail.to_address for mail in mails("forum.mail_refused")} == {author.email}
    assert "90 days" in mails("forum.mail_refused")[-1].text
    actions.set_closed(topic, True, by=system("test"), at=at)
    assert incoming(address, author, "One more.", at=at + timedelta(hours=9)).reasons == ["mail.forum_refused"]
    assert "closed" in mails("forum.mail_refused")[-1].text


def test_fo23_a_topic_by_mail_goes_to_its_category(at: datetime) -> None:
    author, where = make.member(), make.category(by_mail=True)
    address = actions.topic_address(author, where, by=people.actor(author), at=at)
    kept = incoming(address, author, "The calendar is empty since the update.", at=at, subject="Calendar is empty")
    assert kept.reasons == ["mail.forum"]
    assert Topic.objects.get().title == "Calendar is empty"
    newer = actions.topic_address(author, where, by=people.actor(author), at=at)
    assert incoming(address, author, "Another question of mine.", at=at + timedelta(hours=1)).reasons == ["mail.forum_refused"]
    assert queries.token_with(newer.partition("+")[2].partition("@")[0]) is not None
    assert not MailToken.objects.filter(digest=rules.digest_of_token("f" + "0" * 31)).exists()
