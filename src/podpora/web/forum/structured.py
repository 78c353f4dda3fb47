"""What a topic is, for search engines (FO-9): a question with its answers, or a discussion. Only on the first page."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from podpora.base.clock import format_instant
from podpora.forum.models import Solution, Topic
from podpora.forum.values import Shown
from podpora.web.forum.shown import PostItem, topic_url
from podpora.web.meta import absolute
from podpora.web.structure import breadcrumb_data, written

MOST = 10  # answers that are named; how many there are is said exactly


def of_topic(topic: Topic, items: Sequence[PostItem], page: int, solution: Solution | None, category: str) -> Sequence[SafeString]:
    """What the topic is and where it stands; nothing on later pages, and for what not everybody reads."""
    public = topic.state == Shown.VISIBLE and topic.category.reads == "everybody"
    first = next((item for item in items if item.post.number == 1), None)
    if page != 1 or not public or first is None:
        return ()
    data = _question(topic, first, items, solution) if topic.category.solving else _discussion(topic, first, items)
    crumbs = [(_("Community forum"), reverse("forum:home")), (category, reverse("forum:category", args=[topic.category.code]))]
    return written(data), breadcrumb_data(crumbs)


def _question(topic: Topic, first: PostItem, items: Sequence[PostItem], solution: Solution | None) -> dict[str, Any]:
    question: dict[str, Any] = {
        "@type": "Question", "name": topic.title, "text": _text(first), "answerCount": topic.replies, "upvoteCount": topic.votes,
        "datePublished": format_instant(topic.started_at), "author": _author(first), "url": absolute(topic_url(topic)),
        **_spoken(topic),
    }  # fmt: skip
    answers = [item for item in items if item.post.number > 1 and not item.post.is_whisper and not item.state]
    accepted = next((item for item in answers if item.is_solution), None)
    if accepted is not None:
        question["acceptedAnswer"] = _answer(accepted)
    elif solution is not None and solution.post is not None and solution.post.state == Shown.VISIBLE:
        question["acceptedAnswer"] = _elsewhere(topic, solution)
    if others := [_answer(item) for item in answers if item is not accepted][:MOST]:
        question["suggestedAnswer"] = others
    return {"@type": "QAPage", "mainEntity": question}


def _discussion(topic: Topic, first: PostItem, items: Sequence[PostItem]) -> dict[str, Any]:
    comments = [item for item in items if item.post.number > 1 and not item.post.is_whisper and not item.state][:MOST]
    return {
        "@type": "DiscussionForumPosting", "headline": topic.title, "text": _text(first), "url": absolute(topic_url(topic)), **_spoken(topic),
        "datePublished": format_instant(topic.started_at), "author": _author(first),
        "interactionStatistic": {"@type": "InteractionCounter", "interactionType": "https://schema.org/CommentAction",
                                 "userInteractionCount": topic.replies},
        "comment": [{"@type": "Comment", "text": _text(item), "datePublished": format_instant(item.post.written_at),
                     "author": _author(item), "url": absolute(item.url)} for item in comments],
    }  # fmt: skip


def _spoken(topic: Topic) -> dict[str, str]:
    return {"inLanguage": topic.language} if topic.language else {}


def _answer(item: PostItem) -> dict[str, Any]:
    return {
        "@type": "Answer", "text": _text(item), "upvoteCount": item.post.votes, "url": absolute(item.url),
        "datePublished": format_instant(item.post.written_at), "author": _author(item),
    }  # fmt: skip


def _elsewhere(topic: Topic, solution: Solution) -> dict[str, Any]:
    post = solution.post
    assert post is not None
    url = absolute(f"{topic_url(topic)}posts/{post.number}/".replace(f"/{topic.slug or '-'}/posts/", "/posts/"))
    return {
        "@type": "Answer", "text": post.excerpt, "upvoteCount": post.votes, "url": url,
        "datePublished": format_instant(post.written_at), "author": {"@type": "Person", "name": post.author_name, "url": url},
    }  # fmt: skip


def _text(item: PostItem) -> str:
    return item.post.excerpt or item.post.author_name


def _author(item: PostItem) -> dict[str, str]:
    return {"@type": "Person", "name": item.post.author_name, "url": absolute(item.author_url or item.url)}
