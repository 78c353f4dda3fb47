"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SENTENCES = {
    "person.created": _("Created the account."),
    "person.signed_in": _("Signed in."),
    "person.signed_out": _("Signed out."),
    "person.address_proven": _("Proved the e-mail address."),
    "person.address_changed": _("Changed the e-mail address."),
    "person.profile_changed": _("Changed the profile."),
    "person.presence_changed": _("Changed whether new tickets come."),
    "person.acting_begun": _("Began to act as this person: {reason}"),
    "person.acting_ended": _("Ceased to act as this person."),
    "person.joined": _("Joined."),
    "person.merge_asked": _("Asked to merge the account of {address} into this one."),
    "person.merged": _("Merged the account {from} ({address}) into this one: {rows} things went over."),
    "person.given_up": _("The account was merged into {into}."),
    "person.export_asked": _("Asked for all that is known of this person."),
    "person.export_made": _("Made the file with all that is known of this person."),
    "person.export_fetched": _("Fetched the file with all that is known of this person."),
    "customer.merged": _("Merged the customer {from} ({name}) into this one: {rows} things went over."),
    "customer.given_up": _("The customer was merged into {into}."),
    "customer.created": _("Created the customer."),
    "customer.changed": _("Changed the customer's details."),
    "member.invited": _("Invited {email} as {role}."),
    "member.invitation_revoked": _("Took back the invitation of {email}."),
    "member.joined": _("{person} joined as {role}."),
    "member.role_changed": _("Changed the role of {person} from {before[role]} to {after[role]}."),
    "member.removed": _("Removed {person}."),
    "member.left": _("{person} left."),
    "team.created": _("Made the team {team}."),
    "team.renamed": _("Renamed the team {before[name]} to {after[name]}."),
    "team.deleted": _("Deleted the team {team}."),
    "team.member_set": _("Put {person} into the team {team} ({role})."),
    "team.member_removed": _("Took {person} out of the team {team}."),
    "calendar.made": _("Made an address for a calendar program."),
    "calendar.revoked": _("Took back the address for a calendar program."),
    "token.created": _("Made the API token {name}."),
    "token.revoked": _("Revoked the API token {name}."),
}


class PeopleConfig(AppConfig):
    name = "podpora.people"
    label = "people"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence, declare_words
        from podpora.people.values import ROLE_NAMES

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        for verb in ("member.invited", "member.joined", "member.role_changed"):
            declare_words(verb, "role", lambda role: str(ROLE_NAMES.get(role, role)))
        places = {"lead": pgettext_lazy("team", "lead"), "member": pgettext_lazy("team", "member")}
        declare_words("team.member_set", "role", lambda role: str(places.get(role, role)))
