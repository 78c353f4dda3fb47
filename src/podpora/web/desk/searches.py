"""What a search shows besides tickets: where the words stand, and what of it was not understood."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from podpora.base.decisions import Reason
from podpora.base.reasons import sentence
from podpora.desk import queries
from podpora.desk.queries import Listed
from podpora.desk.rules.searching import asked_for
from podpora.search.rules import pieces, words
from podpora.web.components.snippets import marked


def problems_of(text: str) -> list[str]:
    """The sentences about what was not understood."""
    return [sentence(Reason(problem.code, dict(problem.facts))) for problem in asked_for(text).problems] if text else []


def snippets(tickets: Sequence[Listed], text: str) -> dict[int, SafeString]:
    """Where in the conversation the words stand, with the words marked; for tickets whose subject does not show it. One statement."""
    wanted = [word for term in asked_for(text).terms if not term.is_not and term.field is None for word in words(term.text)]
    if not wanted or not tickets:
        return {}
    hidden = [ticket.pk for ticket in tickets if not pieces(ticket.subject, wanted)]
    found: dict[int, SafeString] = {}
    for pk, said in queries.texts_of(hidden) if hidden else ():
        if pk not in found and (piece := snippet(said, wanted)):
            found[pk] = piece
    return found


def snippet(text: str, wanted: Sequence[str]) -> SafeString | None:
    """A line around the first place, escaped (B1). None if it stands nowhere here."""
    found = pieces(text, wanted)
    return format_html('<small class="snippet">{}</small>', marked(found)) if found else None
