"""The forum for staff's programs: order, details, tickets, reviews, queues, report."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.api.v1.topics import category_json, post_json, reader_of, topic_in, topic_json, whole
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.desk import queries as tickets
from podpora.forum import actions, queries
from podpora.forum.actions import CategoryWish
from podpora.forum.models import ReviewItem, Topic
from podpora.forum.values import Queue, Review
from podpora.journeys import canned
from podpora.journeys import topics as journey
from podpora.people.models import Person
from podpora.search import queries as search

router = Router(tags=["forum"])
staff_token = vendor("forum", "forum")
moderator_token = vendor("forum", "moderate")
Code = Annotated[str, StringConstraints(max_length=40)]
Number = Annotated[int, Field(ge=1, le=2**40)]


class TopicPatch(Strict):
    """What changes. `needs_details`: what is missing; an empty list: nothing any more. `assignee`: an address of staff, or null."""

    category: Code | None = None
    tags: Annotated[list[str], Field(max_length=10)] | None = None
    closed: bool | None = None
    pinned: bool | None = None
    needs_details: Annotated[list[Literal["version", "system", "log", "steps", "picture"]], Field(max_length=5)] | None = None
    assignee: Annotated[str, StringConstraints(max_length=254)] | None = None


class MergeIn(Strict):
    into: Number


class SplitIn(Strict):
    posts: Annotated[list[Number], Field(min_length=1, max_length=500)]
    title: Annotated[str, StringConstraints(max_length=150)]


class TicketIn(Strict):
    posts: Annotated[list[Number], Field(max_length=500)] = []


class PublishIn(Strict):
    """`consent`: the requester agreed that it becomes public; 409 `forum.no_consent` without (FO-31)."""

    category: Code
    title: Annotated[str, StringConstraints(max_length=150)]
    question: Annotated[str, StringConstraints(max_length=32_000)]
    answer: Annotated[str, StringConstraints(max_length=32_000)] = ""
    consent: bool = False


class DecisionIn(Strict):
    """`version`: of the item that the moderator saw; 409 `forum.already_handled` when it changed (FO-17)."""

    decision: Literal["agreed", "disagreed", "ignored", "deleted"]
    version: int | None = None
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class CategoryIn(Strict):
    """`is_open: false` is the archive: read, but nothing new. `product`: its code, or null; left out, what it was."""

    name_cs: Annotated[str, StringConstraints(max_length=80)]
    name_en: Annotated[str, StringConstraints(max_length=80)]
    text_cs: Annotated[str, StringConstraints(max_length=300)] = ""
    text_en: Annotated[str, StringConstraints(max_length=300)] = ""
    icon: Code = "messages-square"
    product: Code | None = None
    language: Literal["", "cs", "en"] = ""
    reads: Literal["everybody", "members", "customers", "staff"] = "everybody"
    writes: Literal["members", "customers", "staff"] = "members"
    solving: bool = True
    is_open: bool = True
    by_mail: bool = False
    close_after_hours: Annotated[int, Field(ge=1, le=10_000)] | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] = 0


def _more(request: HttpRequest) -> dict[str, Any]:
    return {"by": caller_of(request).actor, "at": request.now}  # type: ignore[attr-defined]


@router.patch("topics/{code}", auth=staff_token)
def change(request: HttpRequest, code: str, body: TopicPatch) -> HttpResponse:
    """Category, tags, closed, pinned, details, who looks after it. All or nothing."""
    topic, more = topic_in(request, code), _more(request)
    with transaction.atomic():
        if body.category is not None:
            try:
                actions.move(topic, queries.category_for(reader_of(request), body.category), **more)
            except NotYours:
                raise InvalidInput({"category": ["unknown"]}) from None
        if body.tags is not None:
            actions.set_tags(topic, body.tags, **more)
        if body.closed is not None:
            actions.set_closed(topic, body.closed, **more)
        if body.pinned is not None:
            actions.set_pinned(topic, body.pinned, **more)
        if body.needs_details is not None:
            _details(topic, body.needs_details, more)
        if "assignee" in body.model_fields_set:
            actions.assign(topic, _staff(body.assignee), **more)
    return answer(whole(request, topic))


def _details(topic: Topic, wanted: list[Any], more: dict[str, Any]) -> None:
    if wanted:
        actions.ask_details(topic, wanted, **more)
    else:
        actions.withdraw_details(topic, **more)


def _staff(address: str | None) -> Person | None:
    if not address:
        return None
    found = queries.staff_of_forum().filter(email=address.strip().lower()).first()
    if found is None:
        raise InvalidInput({"assignee": ["unknown"]})
    return found


@router.post("topics/{code}/merge", auth=staff_token)
def merge(request: HttpRequest, code: str, body: MergeIn) -> HttpResponse:
    """Its posts go behind those of the other one, which is the answer."""
    topic = topic_in(request, code)
    try:
        target = topic_in(request, str(body.into))
    except NotYours:
        raise InvalidInput({"into": ["unknown"]}) from None
    return answer(whole(request, actions.merge(topic, target, **_more(request))))


@router.post("topics/{code}/split", auth=staff_token)
def split(request: HttpRequest, code: str, body: SplitIn) -> HttpResponse:
    """These posts become a topic of their own: 201."""
    return answer(whole(request, actions.split(topic_in(request, code), body.posts, body.title, **_more(request))), status=201)


@router.post("topics/{code}/ticket", auth=vendor("forum", "tickets"))
def to_ticket(request: HttpRequest, code: str, body: TicketIn) -> HttpResponse:
    """A private ticket of the topic's author: 201 (FO-31, FB-4)."""
    ticket = journey.to_ticket(topic_in(request, code), body.posts, **_more(request))
    return answer({"ticket": ticket.code, "topic": code}, status=201)


@router.post("tickets/{code}/topic", auth=staff_token)
def from_ticket(request: HttpRequest, code: str, body: PublishIn) -> HttpResponse:
    """A public topic made of a ticket, with the requester's consent: 201."""
    caller = caller_of(request)
    ticket = tickets.any_ticket(code) if caller.sees_all else tickets.ticket_for_staff(caller.person, code)
    try:
        category = queries.category_for(reader_of(request), body.category)
    except NotYours:
        raise InvalidInput({"category": ["unknown"]}) from None
    draft = journey.PublicDraft(body.title, body.question, body.answer, body.consent)
    return answer(whole(request, journey.from_ticket(ticket, draft, category, **_more(request))), status=201)


@router.get("forum/queues/{queue}", auth=staff_token)
def queue(request: HttpRequest, queue: str) -> HttpResponse:
    """FO-29: what waits: `unanswered`, `author_last`, `unsolved`, `needs_details`, `mine`. The first hundred, and how many in all."""
    if queue not in {each.value for each in Queue}:
        raise NotYours
    rows = queries.queue_of(reader_of(request), Queue(queue), at=request.now)  # type: ignore[attr-defined]
    shown = rows.select_related("category", "solution__post", "assignee")[:100]
    return answer({"items": [topic_json(topic, staff=True) for topic in shown], "count": rows.count()})


@router.get("forum/report", auth=staff_token)
def report(request: HttpRequest, days: int = 30) -> HttpResponse:
    """The last so many days (1 to 366) in figures."""
    if not 1 <= days <= 366:
        raise InvalidInput({"days": ["out_of_range"]}, {"days": {"least": 1, "most": 366}})
    at = request.now  # type: ignore[attr-defined]
    begin = at - timedelta(days=days)
    found = queries.report_of(reader_of(request), begin, at)
    return answer({
        "topics": found.topics, "answers": found.answers, "answers_by_staff": found.answers_by_staff, "answered": found.answered,
        "unanswered": found.unanswered, "solved": found.solved, "solved_by_staff": found.solved_by_staff,
        "hours_to_answer": found.hours_to_answer, "tags": [{"tag": tag, "topics": n} for tag, n in found.tags],
        "helpers": [{"name": name, "answers": n} for name, n in found.helpers],
        "most_answered": [topic.code for topic in found.most_read],
        "not_found": [{"words": row.words, "language": row.language, "times": row.times} for row in search.misses(since=begin, size=20)],
    })  # fmt: skip


def _review_json(item: ReviewItem) -> dict[str, Any]:
    return {
        "code": item.code, "why": item.why, "score": item.score, "state": item.state, "version": item.version, "topic": item.post.topic.code,
        "opened_at": format_instant(item.opened_at), "decided_by": item.decided_by or None, "post": post_json(item.post, item.post.topic),
        "flags": [{"kind": flag.kind, "text": flag.text} for flag in item.post.flags.all() if flag.decision == Review.OPEN],
    }  # fmt: skip


@router.get("reviews", auth=moderator_token)
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator, the weightiest first."""
    return answer({"items": [_review_json(item) for item in queries.open_reviews(100)]})


@router.post("reviews/{code}", auth=moderator_token)
def decide(request: HttpRequest, code: str, body: DecisionIn) -> HttpResponse:
    """`disagreed` publishes, `agreed` hides, `deleted` deletes, `ignored` leaves it as it is."""
    item = queries.review_with(code[:20])
    done = actions.decide(item, Review(body.decision), version=body.version, note=body.note, **_more(request))
    return answer(_review_json(queries.review_with(done.code)))


class RevisionPatch(Strict):
    hidden: bool


@router.patch("posts/{code}/revisions/{number}", auth=moderator_token)
def revision(request: HttpRequest, code: str, number: Annotated[int, Path(ge=1, le=10**6)], body: RevisionPatch) -> HttpResponse:
    """An older text is hidden from readers, or shown again."""
    post = queries.post_for(reader_of(request), code[:20])
    row = actions.hide_revision(post, number, body.hidden, **_more(request))
    return answer({"post": post.code, "number": row.number, "hidden": row.is_hidden})


@router.post("posts/{code}/restore", auth=moderator_token)
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """What was hidden or deleted is back."""
    post = queries.post_for(reader_of(request), code[:20])
    return answer(post_json(actions.restore(post, **_more(request)), post.topic))


@router.put("forum/categories/{code}", auth=vendor("forum", "people"))
def save_category(request: HttpRequest, code: str, body: CategoryIn) -> HttpResponse:
    """Make the category with this code, or change it."""
    there = queries.any_category(code[:40])
    wish = CategoryWish(code=code[:40], **body.model_dump(exclude={"product"}))
    product = _product(body.product) if "product" in body.model_fields_set else there.product if there else None
    return answer(category_json(actions.save_category(wish, category=there, product=product, **_more(request))))


def _product(code: str | None) -> Product | None:
    if not code:
        return None
    found = next((row for row in catalog.products() if row.code == code), None)
    if found is None:
        raise InvalidInput({"product": ["unknown"]})
    return found


@router.get("topics/{code}/replies", auth=staff_token)
def replies(request: HttpRequest, code: str) -> HttpResponse:
    """The desk's canned replies that fit into a topic, with their variables filled in."""
    caller = caller_of(request)
    topic = topic_in(request, code)
    found = canned.for_topic(topic, caller.token.person, at=request.now)  # type: ignore[attr-defined]
    return answer({"items": [{"code": each.code, "name": each.name, "text": each.text} for each in found]})


class OrderIn(Strict):
    order: Annotated[list[Code], Field(min_length=1, max_length=500)]


@router.put("forum/categories", auth=vendor("forum", "people"))
def order_categories(request: HttpRequest, body: OrderIn) -> HttpResponse:
    """The order in which readers see them; those that are not named stand behind."""
    actions.order_categories(body.order, **_more(request))
    return answer({"items": [category_json(row) for row in queries.all_categories()]})
