"""How the company's settings stand: who is behind, which revision, what changed last, what waits."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from podpora.fleet import queries
from podpora.fleet.rules import changes_between
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.portal.settings.devices import STATE_NAMES
from podpora.web.request import Request

SHOWN = 8


@signed_in
@require_GET
def overview(request: Request, company: str, product: str) -> HttpResponse:
    look = frame.looker(request, company, product)
    profile = look.profile
    counts = queries.device_counts(profile, at=request.now)
    newest = queries.revision(profile, profile.revision) if profile.revision else None
    changes = []
    if newest is not None:
        ends = (queries.content_of(profile, queries.entries_of(profile, number)) for number in (newest.number - 1, newest.number))
        changes = drawing.change_rows(look.schema, look.profile, changes_between(*ends))
    context = {
        "counts": counts, "newest": newest, "changes": changes[:SHOWN], "more": max(0, len(changes) - SHOWN),
        "rollout": queries.open_rollout(profile), "proposals": list(queries.waiting_proposals(profile)[:5]),
        "tiles": [(state, STATE_NAMES[state], counts.of(state)) for state in ("current", "waiting", "behind", "error", "drift", "silent")],
        "set_count": sum(len(entries) for entries in queries.entries_of(profile, profile.revision).values()),
        "groups": queries.groups_of(profile).count(), "errors": _errors(look),
    }  # fmt: skip
    return frame.page(request, "overview.html", look, "overview", context)


def _errors(look: frame.Looker) -> list[tuple[str, str, int]]:
    found = queries.errors_of(look.profile, look.profile.revision)[:SHOWN]
    return [(drawing.title_of(look.schema, key) if key else "", why, count) for key, why, count in found]
