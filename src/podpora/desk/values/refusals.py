"""Reason codes of merging, putting off, sending later, tags, fields and rules."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare
from podpora.notifications.values import declare_kind

declare("ticket.merge_itself", _("Ticket {ticket} can't be merged into itself."))
declare("ticket.merged_already", _("Ticket {ticket} was merged into another one already."))
declare(
    "ticket.merge_other_customer",
    _(
        "{ticket} and {target} belong to different customers. Merge them only when you are sure that it is one person; else link them."
    ),
)
declare("ticket.not_merged", _("Ticket {ticket} is not merged, so there is nothing to undo."))
declare(
    "ticket.unmerge_too_late", _("Merging {ticket} can be undone for {minutes} minutes, and before the other ticket is merged on.")
)
declare("ticket.split_not_words", _("Only messages of the customer become a ticket of their own."))
declare("ticket.split_everything", _("This would leave nothing in {ticket}: at least one message has to stay."))
declare("ticket.link_itself", _("Ticket {ticket} can't be linked with itself."))
declare("ticket.parent_circle", _("{parent} stands below {ticket} already, so it can't stand above it."))
declare("ticket.snooze_past", _("Choose a moment that is still to come."))
declare("ticket.snooze_done", _("Ticket {ticket} is done, so there is nothing to put off."))
declare("ticket.send_past", _("Choose a moment that is still to come, within a year."))
declare("ticket.sent_already", _("It is sent already and can't be taken back."))
declare(
    "ticket.draft_changed", _("Your draft was changed in another window meanwhile. This is how it stands there; your text is kept.")
)
declare("ticket.draft_taken", _("You have a draft in this ticket yourself. Send it or throw it away first."))
declare("ticket.rate_too_late", _("This question was too long ago. Write in your ticket, or open a new one."))
declare("ticket.not_technicians", _("This colleague can't read the ticket, so he can't follow it."))
declare("ticket.macro_off", _("This macro is switched off, or is not for this queue."))

declare("tag.not_a_name", _("A tag has 1 to 40 letters, digits, hyphens, dots or blanks, no commas."))
declare("tag.too_many", _("A ticket can have 20 tags at most."))
declare("field.not_a_number", _("This is not a number; write 12 or 12.5."))
declare("field.not_a_day", _("This is not a day; write 2026-03-10."))
declare("field.circle", _("These fields would wait for each other to be shown."))
declare("field.no_choices", _("Give at least one choice; each once."))
declare("field.in_use", _("This field has values in tickets: its kind can't be changed. Switch it off and make a new one."))
declare("template.unknown_variable", _("There is no variable “{what}” (line {line}, character {column}). Known are: {choices}."))
declare(
    "template.not_a_variable",
    _("“{what}” is not text (line {line}, character {column}). Only variables such as {example} can be used."),
)
declare("rule.not_a_condition", _("This condition can't be asked: {what}."))
declare("rule.not_a_deed", _("This deed can't be done: {what}."))

declare_kind("ticket.mentioned", label=_("A colleague mentioned me in a note"), automatic=False, staff=True)
declare_kind("ticket.followed", label=_("News in a ticket that I follow"), automatic=False, staff=True)
declare_kind("ticket.woken", label=_("A ticket that was put off is back"), staff=True)
declare_kind("ticket.held", label=_("An answer of mine waits because somebody wrote"), can_mute=False, staff=True)
declare_kind("ticket.draft_given", label=_("A colleague took over my draft"), staff=True)
declare_kind("ticket.automatic", label=_("Automatic messages in my tickets"), can_mute=False)
declare_kind("ticket.satisfaction", label=_("Whether I was satisfied with a solution"))
declare_kind("ticket.forwarded", label=_("Questions that were forwarded to me"), can_mute=False, automatic=False)
