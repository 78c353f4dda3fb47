"""Who gets a ticket (AS-1), and who stands in for whom (AS-2)."""

from collections.abc import Mapping, Sequence

from podpora.desk.values import Assignment, Candidate, Choice, Need


def next_in_turn(present: Sequence[int], last: int | None) -> int | None:
    """AS-1: who is next. `present` are the ids of those who may take it now, `last` who took the one before.

    The order is that of the ids; after the last comes the first. Nobody present: None, never "everybody".
    """
    ordered = sorted(present)
    if not ordered:
        return None
    return next((person for person in ordered if last is None or person > last), ordered[0])


def eligible(candidates: Sequence[Candidate], need: Need) -> list[Candidate]:
    """Those who may get it now: not away, within their hours, below their cap, with every skill that it needs.

    The language counts where somebody of the queue speaks it: a question in a language that nobody has learned goes to everybody.
    """
    spoken = need.language and any(need.language in each.languages for each in candidates)
    return [
        each
        for each in candidates
        if not each.is_away
        and each.is_working
        and (each.cap is None or each.load < each.cap)
        and need.skills <= each.skills
        and (not spoken or need.language in each.languages)
    ]


def choose(how: Assignment, candidates: Sequence[Candidate], need: Need, last: int | None) -> Choice | None:
    """AS-1: who gets the ticket, and why he does. None: nobody may have it now."""
    found = eligible(candidates, need)
    if not found or how is Assignment.MANUAL:
        return None
    if how is Assignment.BY_LOAD:
        least = min(each.load for each in found)
        found = [each for each in found if each.load == least]
    person = next_in_turn([each.id for each in found], last)
    assert person is not None
    load = next(each.load for each in found if each.id == person)
    why = "load" if how is Assignment.BY_LOAD else "skill" if need.skills else "turn"
    return Choice(person, why, len(found), load)


def stand_in_for(person: int, away: Mapping[int, int | None]) -> int | None:
    """AS-2: who does the work of an absent technician: his stand-in, and if that one is away too, his. `away`: those who are absent
    today with their stand-ins. A circle of absent ones, or an end without a stand-in: nobody."""
    seen = {person}
    following = away.get(person)
    while following is not None:
        if following in seen:
            return None
        if following not in away:
            return following
        seen.add(following)
        following = away[following]
    return None
