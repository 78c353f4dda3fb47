"""Who is told what about central settings: those who look after them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from podpora.base.clock import vendor_date
from podpora.fleet.models import DeviceSettings, Profile, Proposal, RollOut
from podpora.fleet.values import APPROVAL_ASKED, APPROVAL_GIVEN, BUNDLE_REFUSED, ROLLOUT_DONE, ROLLOUT_HALTED
from podpora.notifications.actions import tell
from podpora.people import queries as people


def page(profile: Profile, rest: str = "") -> str:
    """The address of the profile's pages."""
    return f"/licences/settings/{profile.customer.code}/{profile.product.code}/{rest}"


def rollout_halted(rollout: RollOut, facts: Mapping[str, Any], *, at: datetime) -> None:
    """CS-18: at once, to everybody who may go on or take it back."""
    profile = rollout.profile
    told = {"rollout": rollout.code, "revision": rollout.revision, "company": profile.customer.name, **facts}
    once = f"rollout:{rollout.code}:halted:{at.isoformat()}"
    tell(people.recipients(profile.customer, "settings"), ROLLOUT_HALTED, told, at=at, once=once, url=_rollout(rollout))


def rollout_done(rollout: RollOut, *, at: datetime) -> None:
    told = {"rollout": rollout.code, "revision": rollout.revision, "devices": rollout.total}
    once = f"rollout:{rollout.code}:done"
    tell(people.recipients(rollout.profile.customer, "settings"), ROLLOUT_DONE, told, at=at, once=once, url=_rollout(rollout))


def _rollout(rollout: RollOut) -> str:
    return page(rollout.profile, f"rollouts/{rollout.code}/")


def approval_asked(proposal: Proposal, *, at: datetime) -> None:
    """To everybody who may approve; not to whoever asked."""
    others = [one for one in people.recipients(proposal.profile.customer, "settings") if one.person_id != proposal.person_id]
    told = {"who": proposal.by_name, "comment": proposal.comment, "keys": proposal.keys[:20]}
    url = page(proposal.profile, f"proposals/{proposal.code}/")
    tell(others, APPROVAL_ASKED, told, at=at, once=f"proposal:{proposal.code}", url=url)


def approval_given(proposal: Proposal, *, at: datetime) -> None:
    asked = [one for one in people.recipients(proposal.profile.customer, "settings") if one.person_id == proposal.person_id]
    told = {"who": proposal.decided_name, "approved": bool(proposal.revision), "revision": proposal.revision}
    url = page(proposal.profile, f"proposals/{proposal.code}/")
    tell(asked, APPROVAL_GIVEN, told, at=at, once=f"proposal:{proposal.code}:decided", url=url)


def bundle_refused(given: DeviceSettings, codes: list[str], *, zone: Any, at: datetime) -> None:
    """CS-10: a signature that a device does not trust is an alarm; once a day for a company."""
    profile = given.profile
    told = {"device": given.device.name or given.device.code, "codes": codes}
    once = f"settings:{profile.pk}:refused:{vendor_date(at, zone)}"
    url = page(profile, f"devices/{given.device.code}/")
    tell(people.recipients(profile.customer, "settings"), BUNDLE_REFUSED, told, at=at, once=once, url=url)
