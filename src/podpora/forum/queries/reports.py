"""The forum in figures: what was asked, answered, solved, and by whom."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F

from podpora.forum.models import Post, Solution, Topic, TopicTag
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.forum.values import Shown
from podpora.people.queries import staff_with


@dataclass(frozen=True, slots=True)
class ForumReport:
    """One period. Hours are medians; None where nothing was answered."""

    topics: int = 0
    answers: int = 0
    answers_by_staff: int = 0
    answered: int = 0  # topics of the period that somebody else answered
    unanswered: int = 0
    solved: int = 0
    solved_by_staff: int = 0
    hours_to_answer: float | None = None
    tags: list[tuple[str, int]] = field(default_factory=list)
    helpers: list[tuple[str, int]] = field(default_factory=list)
    most_read: list[Topic] = field(default_factory=list)


def report_of(reader: Reader, begin: datetime, end: datetime) -> ForumReport:
    """What happened from `begin` to `end` in what this reader sees."""
    topics = topics_seen(reader).filter(started_at__gte=begin, started_at__lt=end)
    staff = list(staff_with("forum").values_list("pk", flat=True))
    posts = Post.objects.filter(
        written_at__gte=begin, written_at__lt=end, state=Shown.VISIBLE, is_whisper=False, number__gt=1,
        topic__state=Shown.VISIBLE, topic__category__in=list(reader.categories),
    )  # fmt: skip
    waits: list[timedelta] = [b - a for a, b in topics.values_list("started_at", "answered_at") if b is not None]
    solved = Solution.objects.filter(accepted_at__gte=begin, accepted_at__lt=end, topic__in=topics_seen(reader).values("pk"))
    helpers = (
        posts.exclude(author=F("topic__author")).values_list("author_name").annotate(n=Count("pk")).order_by("-n", "author_name")
    )
    tags = TopicTag.objects.filter(topic__in=topics.values("pk")).values_list("name").annotate(n=Count("pk")).order_by("-n", "name")
    return ForumReport(
        topics=topics.count(),
        answers=posts.count(),
        answers_by_staff=posts.filter(author__in=staff).count(),
        answered=len(waits),
        unanswered=topics.filter(answered_at=None).count(),
        solved=solved.count(),
        solved_by_staff=solved.filter(post__author__in=staff).count(),
        hours_to_answer=round(median(wait.total_seconds() for wait in waits) / 3600, 1) if waits else None,
        tags=list(tags[:10]),
        helpers=list(helpers[:10]),
        most_read=list(topics.order_by("-replies", "-votes", "-pk")[:10]),
    )
