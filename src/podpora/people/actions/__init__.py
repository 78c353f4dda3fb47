"""What can happen to people."""

from podpora.people.actions.accounts import note, tell_about_account, tell_webhook_disabled
from podpora.people.actions.acting import begin_acting, end_acting
from podpora.people.actions.calendars import new_calendar_feed, revoke_calendar_feed
from podpora.people.actions.cleaning import email_of
from podpora.people.actions.companies import create_company, ensure_customer, update_customer
from podpora.people.actions.erasing import erase_person
from podpora.people.actions.exporting import (
    ask_export,
    fail_export,
    forget_exports,
    keep_export,
    note_export_step,
    note_fetched,
)
from podpora.people.actions.inviting import invite_many
from podpora.people.actions.members import accept_invitation, change_role, invite, remove_member, revoke_invitation
from podpora.people.actions.merging import (
    CUSTOMER_STAYS,
    PERSON_STAYS,
    ask_merge,
    merge_customers,
    merge_people,
    relations,
    rows_of,
)
from podpora.people.actions.persons import (
    claim,
    create_person,
    follow_address,
    forget_unproven,
    prove_address,
    recover,
    set_password,
    set_presence,
    sign_up,
    update_profile,
)
from podpora.people.actions.teams import create_team, delete_team, leave_team, put_into_team, rename_team
from podpora.people.actions.tokens import create_token, revoke_token, touch_token

__all__ = [
    "CUSTOMER_STAYS",
    "PERSON_STAYS",
    "accept_invitation",
    "ask_export",
    "ask_merge",
    "begin_acting",
    "change_role",
    "claim",
    "create_company",
    "create_person",
    "create_team",
    "create_token",
    "delete_team",
    "email_of",
    "end_acting",
    "ensure_customer",
    "erase_person",
    "fail_export",
    "follow_address",
    "forget_exports",
    "forget_unproven",
    "invite",
    "invite_many",
    "keep_export",
    "leave_team",
    "merge_customers",
    "merge_people",
    "new_calendar_feed",
    "note",
    "note_export_step",
    "note_fetched",
    "prove_address",
    "put_into_team",
    "recover",
    "relations",
    "remove_member",
    "rename_team",
    "revoke_calendar_feed",
    "revoke_invitation",
    "revoke_token",
    "rows_of",
    "set_password",
    "set_presence",
    "sign_up",
    "tell_about_account",
    "tell_webhook_disabled",
    "touch_token",
    "update_customer",
    "update_profile",
]
