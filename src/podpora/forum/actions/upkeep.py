"""What the forum does by itself: recounting, rendering anew, forgetting; and what is left of somebody who is erased."""

from django.db import transaction

from podpora.base.markdown import VERSION
from podpora.forum.actions.writing import dressed, recount, recount_category
from podpora.forum.models import (
    Category,
    Draft,
    Flag,
    MailToken,
    Member,
    Penalised,
    Post,
    PostFile,
    Reading,
    Solution,
    Subscription,
    Topic,
    Vote,
)
from podpora.people.models import Person

GONE = "—"


def recount_all() -> int:
    """Every figure from what is there (nightly). How many topics were wrong."""
    wrong = 0
    for topic in Topic.objects.order_by("pk").iterator(chunk_size=500):
        before = (topic.replies, topic.last_post_at, topic.last_author_id, topic.last_shown)
        recount(topic)
        if before != (topic.replies, topic.last_post_at, topic.last_author_id, topic.last_shown):
            topic.save(update_fields=["replies", "last_post_at", "last_author", "last_author_name", "last_shown"])
            wrong += 1
    recount_categories()
    return wrong


def recount_categories() -> None:
    for category in Category.objects.all():
        recount_category(category)


def render_anew(*, size: int = 200) -> int:
    """Posts that an older renderer made. How many."""
    posts = list(Post.objects.filter(renderer__lt=VERSION).select_related("author").order_by("pk")[:size])
    for post in posts:
        done = dressed(post.text, post.author, post)
        Post.objects.filter(pk=post.pk).update(html=done.html, excerpt=done.excerpt, renderer=VERSION)
    return len(posts)


@transaction.atomic
def forget_person(person: Person) -> None:
    """Somebody is erased: his words stay without his name; his face, reading, votes, drafts and reports go."""
    Post.objects.filter(author=person).update(author=None, author_name=GONE, address="")
    Topic.objects.filter(author=person).update(author=None, author_name=GONE)
    Topic.objects.filter(last_author=person).update(last_author=None, last_author_name=GONE)
    Solution.objects.filter(accepted_by=person).update(accepted_by=None)
    PostFile.objects.filter(person=person).update(person=None)
    for model in (Reading, Subscription, Draft, MailToken, Flag, Vote):
        model.objects.filter(person=person).delete()
    Penalised.objects.filter(person=person).delete()
    Member.objects.filter(person=person).delete()
