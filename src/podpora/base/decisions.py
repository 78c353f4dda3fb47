"""Decisions: what a rule answers. Allowed or not, with every reason and the facts behind it (T5).

A rule returns a `Decision`; an action calls `.or_refuse()`; a page or the API catches `Refused` and shows the
reasons' sentences and ways out (`base.reasons` turns codes into both, in the reader's language).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that bears on a decision: a stable code such as `support.expired`, and the facts of its sentence.

    `blocks` is False for a reason that informs or warns but does not refuse.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    blocks: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))


@dataclass(frozen=True, slots=True)
class Decision:
    """All reasons, not just the first. Allowed when none of them blocks."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not any(reason.blocks for reason in self.reasons)

    @property
    def code(self) -> str:
        """The code to show when there is room for one: the first blocking reason, else the first reason, else `ok`."""
        return next((r.code for r in self.reasons if r.blocks), self.reasons[0].code if self.reasons else "ok")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.blocks)

    def facts(self, code: str) -> Mapping[str, Any]:
        """The facts of the reason with this code; KeyError if the decision has no such reason."""
        return next((r.facts for r in self.reasons if r.code == code), None) or _missing(code)

    def __and__(self, other: "Decision") -> "Decision":
        return Decision(self.reasons + tuple(r for r in other.reasons if r not in self.reasons))

    def or_refuse(self) -> None:
        """Raise `Refused` when a reason blocks; an action calls it after gathering facts and before writing."""
        if not self.allowed:
            raise Refused(self)


def _missing(code: str) -> Mapping[str, Any]:
    raise KeyError(code)


def refuse(code: str, **facts: Any) -> Decision:
    """A decision with one blocking reason."""
    return Decision((Reason(code, facts),))


def allow(code: str, **facts: Any) -> Decision:
    """A decision that allows and says under which code."""
    return Decision((Reason(code, facts, blocks=False),))


def all_of(decisions: Iterable[Decision]) -> Decision:
    """Allowed only when all are; keeps every reason, in order, once."""
    result = Decision()
    for decision in decisions:
        result &= decision
    return result


class Refused(Exception):
    """Your door, but a rule says no. Carries the decision; the API answers 409, a page shows the reasons."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(", ".join(decision.codes))
        self.decision = decision
