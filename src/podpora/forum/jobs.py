"""What the forum does by itself: mails that waited, digests, closing, recounting, forgetting."""

from datetime import datetime, timedelta
from typing import Any

from podpora.base.actors import system
from podpora.forum import actions
from podpora.jobs.values import job, periodic


@job
def tell_of_post(payload: dict[str, Any], *, at: datetime) -> None:
    """FO-21."""
    actions.tell_of_post(str(payload["post"]), at=at)


@periodic(every=timedelta(minutes=30))
def send_digests(payload: dict[str, Any], *, at: datetime) -> None:
    """FO-22."""
    actions.send_digests(at=at)


@periodic(every=timedelta(minutes=15))
def close_solved(payload: dict[str, Any], *, at: datetime) -> None:
    """FO-6; and FO-30: details that nobody sent for two weeks."""
    actions.close_due(by=system("forum"), at=at)
    actions.note_forgotten(at=at)


@periodic(every=timedelta(hours=1))
def keep_queue(payload: dict[str, Any], *, at: datetime) -> None:
    """FO-18."""
    actions.keep_queue(by=system("forum"), at=at)


@periodic(every=timedelta(days=1))
def recount(payload: dict[str, Any], *, at: datetime) -> None:
    actions.recount_all()


@periodic(every=timedelta(minutes=10))
def render_anew(payload: dict[str, Any], *, at: datetime) -> None:
    """Posts that an older renderer made."""
    actions.render_anew()


@periodic(every=timedelta(days=1))
def forget(payload: dict[str, Any], *, at: datetime) -> None:
    """Old drafts, unused files, addresses for answers that nobody uses any more."""
    actions.forget_drafts(at=at)
    actions.forget_unused(at=at)
    actions.forget_tokens(at=at)
