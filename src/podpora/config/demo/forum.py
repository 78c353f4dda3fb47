"""The sample vendor's forum: what people asked and how they helped one another, in Czech and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from podpora.base.actors import Actor
from podpora.catalog.models import Product
from podpora.config.demo.forum_topics import TOPICS, Told
from podpora.forum import actions
from podpora.forum.actions import CategoryWish, Face, Outside
from podpora.forum.models import Category, Member, Post, Topic
from podpora.forum.values import FlagKind, NewPost, NewTopic, SolutionKind, Wanted
from podpora.people.models import Person
from podpora.people.queries import as_actor

CATEGORIES = (
    CategoryWish("otazky", "Otázky a potíže", "Questions in Czech", "Něco nejde, nebo nevíte jak. Ptejte se česky.",
                 "Trouble and how-to, in Czech.", "circle-question-mark", "cs", by_mail=True, close_after_hours=24 * 60, position=1),
    CategoryWish("questions", "Otázky v angličtině", "Questions and trouble", "Totéž anglicky.",
                 "Something fails, or you do not know how.", "circle-question-mark", "en", by_mail=True, close_after_hours=24 * 60, position=2),
    CategoryWish("napady", "Nápady", "Ideas", "Co by program mohl umět. Hlasujte pro nápady ostatních.",
                 "What the program could do. Vote for the ideas of others.", "lightbulb", solving=False, position=3),
    CategoryWish("novinky", "Novinky", "News", "Nové verze a co se chystá.", "New versions and what comes next.", "megaphone",
                 writes="staff", solving=False, position=4),
    CategoryWish("zakaznici", "Pro majitele licence", "For owners of a licence", "Předběžné verze a zkušenosti z firem.",
                 "Previews, and what companies have learned.", "key-round", reads="customers", writes="customers", solving=False, position=5),
    CategoryWish("interni", "Mezi námi", "Among staff", "Jen pro naše lidi.", "For our staff alone.", "lock", reads="staff", writes="staff",
                 solving=False, position=6),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """What the story needs: who is there, and when is today."""

    people: Mapping[str, Person]
    categories: Mapping[str, Category]
    today: datetime

    def at(self, told: Told, minutes: int = 0) -> datetime:
        return self.today - timedelta(days=told.days_ago) + timedelta(minutes=minutes)


FACES = {
    "jana@private.example": Face(
        "jana-n", "Jana N.", "Pošta, kalendář a tři počítače v jedné domácnosti.", shows_customer=True, shows_vip=True
    ),
    "petr@lapsed.example": Face("petr-svoboda", "Petr Svoboda", "", shows_customer=True),
    "filip@free.example": Face("filda", "Filip", ""),
    "admin@company.example": Face("karel-prochazka", "Karel Procházka", "Starám se o 25 počítačů.", shows_customer=True),
    "admin@other.example": Face("emma", "Emma Clark", "IT at a small studio in Leeds.", shows_customer=True),
}


def make_forum(product: Product, people: Mapping[str, Person], *, by: Actor, at: datetime) -> None:
    """Categories, faces, topics in the order in which they were written."""
    begin = at - timedelta(days=300)
    rows = {wish.code: actions.save_category(wish, product=product, by=by, at=begin) for wish in CATEGORIES}
    for email, person in people.items():
        actions.member_of(person, at=max(begin, person.joined_at))
        if email in FACES:
            actions.change_face(person, FACES[email], by=as_actor(person), at=begin)
        actions.set_rights(
            person.pk, is_customer=email in FACES and email != "filip@free.example", is_vip=email.startswith("jana"), at=begin
        )
    stage = Stage(people, rows, at)
    for told in sorted(TOPICS, key=lambda each: -each.days_ago):
        _tell(told, stage, by=by)


def _tell(told: Told, stage: Stage, *, by: Actor) -> None:
    author = stage.people[told.by]
    new = NewTopic(told.title, NewPost(told.text), told.tags, told.language, told.version)
    topic = actions.start_topic(stage.categories[told.category], new, author=author, by=as_actor(author), at=stage.at(told))
    posts: list[Post] = []
    for answer in told.answers:
        person, when = stage.people[answer.by], stage.at(told, answer.after)
        if answer.whisper:
            actions.whisper(topic, answer.text, author=person, by=as_actor(person), at=when)
            continue
        new_post = NewPost(answer.text, reply_to=answer.to)
        posts.append(actions.reply(topic, new_post, author=person, by=as_actor(person), at=when))
        for voter in answer.votes:
            actions.vote(posts[-1], person=stage.people[voter], by=as_actor(stage.people[voter]), at=when + timedelta(hours=2))
        if answer.solves:
            actions.accept(posts[-1], person=author, by=as_actor(author), at=when + timedelta(hours=3))
    _afterwards(told, topic, posts, stage, by=by)


def _afterwards(told: Told, topic: Topic, posts: list[Post], stage: Stage, *, by: Actor) -> None:
    first, staff = topic.posts.get(number=1), stage.people["tereza@vendor.example"]
    last = stage.at(told, max([answer.after for answer in told.answers], default=0) + 30)
    for voter in told.votes:
        actions.vote(first, person=stage.people[voter], by=as_actor(stage.people[voter]), at=last)
    if told.release:
        outside = Outside(SolutionKind.RELEASE, told.release, told.release)
        actions.solve_with(topic, outside, person=staff, by=as_actor(staff), at=last)
    if told.wants:
        actions.ask_details(topic, [Wanted(each) for each in told.wants], by=as_actor(staff), at=last)
    if told.pinned:
        actions.set_pinned(topic, True, by=as_actor(staff), at=last)
    for reader in told.flagged:
        person = stage.people[reader]
        actions.flag(posts[-1] if posts else first, FlagKind.SPAM, "Reklama", person=person, by=as_actor(person), at=last)
    for person in {post.author for post in topic.posts.select_related("author") if post.author}:
        if told.days_ago > 1 and Member.objects.filter(person=person).exists():
            actions.note_reading(person, topic, 99, 90, at=last)
