"""What can happen to people."""

from podpora.people.actions.companies import create_company, ensure_customer, update_customer
from podpora.people.actions.persons import (
    claim,
    create_person,
    forget_unproven,
    prove_address,
    set_presence,
    sign_up,
    update_profile,
)
from podpora.people.actions.tokens import create_token, revoke_token, touch_token

__all__ = [
    "claim",
    "create_company",
    "create_person",
    "create_token",
    "ensure_customer",
    "forget_unproven",
    "prove_address",
    "revoke_token",
    "set_presence",
    "sign_up",
    "touch_token",
    "update_customer",
    "update_profile",
]
