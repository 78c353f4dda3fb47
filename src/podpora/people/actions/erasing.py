"""Erasing a person: who he was is forgotten, what happened stays."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.files import actions as files
from podpora.mail import actions as mail
from podpora.notifications import actions as notifications
from podpora.people import queries, rules
from podpora.people.models import CalendarFeed, Customer, Invitation, Person, TeamMember
from podpora.people.values import ERASED_NAME, CustomerKind, StaffRole
from podpora.search import actions as search


@transaction.atomic
def erase_person(person: Person, *, by: Actor, at: datetime) -> None:
    """Forget a person's name, addresses, mails, sessions, factors and tokens; nobody can sign in as him any more.

    The row stays as a stranger without a name, because tickets, orders and the audit point to it. What the law keeps
    (issued invoices) is not touched. Refused while a company would be left without an owner.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    rules.may_erase(queries.companies_owned_alone(locked)).or_refuse()
    address, name, stranger = locked.email, locked.name, f"{locked.code.lower()}@erased.invalid"

    for session in UserSession.objects.filter(user_id=locked.pk):
        session.end()
    for model in (Authenticator, EmailAddress):
        model.objects.filter(user_id=locked.pk).delete()
    locked.api_tokens.all().delete()
    locked.memberships.filter(customer__kind=CustomerKind.COMPANY).delete()
    TeamMember.objects.filter(person=locked).delete()
    CalendarFeed.objects.filter(person=locked).delete()
    Invitation.objects.filter(email=address).delete()
    notifications.forget_person(locked.pk)
    for known in (address, *locked.former_addresses.values_list("email", flat=True)):
        mail.forget_address(known)
    files.forget_person(locked.pk)
    locked.former_addresses.all().delete()
    for export in locked.data_exports.select_related("file"):
        stored = export.file
        export.delete()
        if stored is not None:
            files.discard(stored)

    locked.email, locked.name, locked.language, locked.time_zone, locked.theme = stranger, ERASED_NAME, "", "", ""
    locked.staff_role, locked.is_active, locked.is_present = StaffRole.NONE, False, False
    locked.set_unusable_password()
    locked.save()
    blank = dict.fromkeys(("street", "city", "postal_code", "company_id", "vat_id"), "")
    Customer.objects.filter(person=locked).update(name=ERASED_NAME, email=stranger, **blank)
    search.renew(f"person:{locked.pk}", at=at)
    # A name alone could be anybody's word: only a whole one (two words) is looked for in the audit.
    audit.erase_person(locked.pk, [address, name if " " in name else ""], by=by, at=at)
