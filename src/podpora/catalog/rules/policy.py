"""The vendor's choices. Each check raises InvalidInput with every field that is wrong."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from podpora.base.errors import InvalidInput
from podpora.catalog.values import Grace, LifetimeTransfer, ManagerFor, Policy, Scope, UpgradeRule


def check_hours(hours: int | None) -> None:
    if hours is not None and not 1 <= hours <= 10_000:
        raise InvalidInput({"first_answer_hours": ["plan.hours_positive"]})


# Lowest and highest of every number in the policy. `lease_days` is at least 14.
POLICY_RANGES: Mapping[str, tuple[int, int]] = {
    "max_ahead_years": (1, 50),
    "pending_days": (0, 90),
    "free_upgrade_days": (0, 730),
    "end_of_life_notice_months": (0, 60),
    "suspension_run_days": (0, 365),
    "suspension_forgiven_days": (0, 90),
    "seat_notice_days": (0, 365),
    "trial_days": (1, 365),
    "device_kept_days": (30, 3650),
    "lease_days": (14, 730),
}
POLICY_CHOICES: Mapping[str, type[StrEnum]] = {
    "upgrade_rule": UpgradeRule, "grace": Grace, "scope": Scope, "license_manager_for": ManagerFor,
    "transfer_of_lifetime": LifetimeTransfer,
}  # fmt: skip


def check_policy(changes: Mapping[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    for name, value in changes.items():
        if name in POLICY_CHOICES:
            if value not in list(POLICY_CHOICES[name]):
                errors[name] = ["unknown"]
        elif name not in POLICY_RANGES:
            errors[name] = ["unknown"]
        elif not isinstance(value, int) or not POLICY_RANGES[name][0] <= value <= POLICY_RANGES[name][1]:
            errors[name] = ["policy.out_of_range"]
    if errors:
        raise InvalidInput(errors)


def policy_from(stored: Mapping[str, Any], zone: ZoneInfo) -> Policy:
    """The policy from its stored words and numbers."""
    values: dict[str, Any] = {name: POLICY_CHOICES[name](v) if name in POLICY_CHOICES else v for name, v in stored.items()}
    return Policy(zone=zone, **values)
