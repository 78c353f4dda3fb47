"""Rules of the catalogue: prices, where in its life a version is, releases and their numbers, the vendor's choices."""

from podpora.catalog.rules.policy import POLICY_CHOICES, POLICY_RANGES, check_hours, check_policy, policy_from
from podpora.catalog.rules.prices import check_may_withdraw, check_price_list, part_of_year, price_of, price_of_line
from podpora.catalog.rules.releases import (
    check_release,
    coverage_date,
    deduced_channel,
    line_of,
    number_key,
    with_coverage,
)
from podpora.catalog.rules.versions import check_life, coverage_on, current_version, version_state

__all__ = [
    "POLICY_CHOICES",
    "POLICY_RANGES",
    "check_hours",
    "check_life",
    "check_may_withdraw",
    "check_policy",
    "check_price_list",
    "check_release",
    "coverage_date",
    "coverage_on",
    "current_version",
    "deduced_channel",
    "line_of",
    "number_key",
    "part_of_year",
    "policy_from",
    "price_of",
    "price_of_line",
    "version_state",
    "with_coverage",
]  # fmt: skip
