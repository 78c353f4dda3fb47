"""What the reason codes of this room say, and the kinds of its notices."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way, declare
from podpora.catalog.values import FORUM, WRITE
from podpora.notifications.values import declare_kind

NEW_TICKET = Way("ask", _("Open a new ticket"), "centre:new")

NOT_NEEDED = declare("support.not_needed", _("Questions of this kind are answered for everybody, with VIP support and without."))

TOO_LATE_TO_REOPEN = declare(
    "ticket.too_late_to_reopen",
    _("Ticket {ticket} was solved on {solved_on}. It could be reopened until {until}; please open a new one and mention it."),
    ways=(NEW_TICKET, FORUM, WRITE),
)
NEWER_MESSAGE = declare(
    "ticket.newer_message",
    _("{author} wrote while you were writing. Read it, then send your answer again: your text is kept."),
)
NOT_FROM_HERE = declare("ticket.state_not_possible", _("A ticket in the state “{state}” can't become “{wanted}”."))
ALREADY_DONE = declare("ticket.already_done", _("Ticket {ticket} is solved or closed already."))
NOT_DONE = declare("ticket.not_done", _("Ticket {ticket} is not solved, so there is nothing to reopen."))
OWN_TICKET = declare("ticket.own", _("{technician} is a customer in this ticket and can't be its technician."))
NOT_A_TECHNICIAN = declare("ticket.not_a_technician", _("{technician} does not answer tickets."))
NOT_IN_QUEUE = declare("ticket.not_in_queue", _("{technician} does not serve this queue and can't read its tickets."))
NO_TICKETS_ROLE = declare(
    "ticket.role",
    _("Your role in {customer} does not include VIP tickets. You may ask about licences and bills; others ask an administrator."),
    ways=(WRITE,),
)

declare("ticket.not_there", _("This ticket is not there any more, or not yours to change."))
declare("ticket.undo_too_late", _("This can't be undone any more: it was undone already, or more than half an hour has passed."))

TOO_MANY_FILES = declare("ticket.too_many_files", _("At most ten files can be added to one message."))
FILE_TOO_LARGE = declare("ticket.file_too_large", _("A file may have 20 MB at most."))
FILE_EMPTY = declare("ticket.file_empty", _("This file is empty."))
NOT_TEXT = declare("ticket.not_text", _("This contains characters that are not text."))
NOT_DIAGNOSTICS = declare("ticket.not_diagnostics", _("Diagnostics have to be text or JSON, at most 1 MB."))
NOT_A_MEMBER = declare(
    "ticket.not_a_member", _("Only members of your company can be added here. Ask an administrator to invite this person.")
)

declare_kind("ticket.received", label=_("Receipt for a new ticket"))
declare_kind("ticket.answered", label=_("Answers to my tickets"), can_mute=False, automatic=False)
declare_kind("ticket.solved", label=_("My ticket was solved"))
declare_kind("ticket.assigned", label=_("A ticket was assigned to me"), staff=True)
declare_kind("ticket.replied", label=_("A customer wrote in my ticket"), automatic=False, staff=True)
declare_kind("ticket.noted", label=_("A colleague's note in my ticket"), automatic=False, staff=True)
declare_kind("ticket.mail_held", label=_("My answer by mail was not believed"), can_mute=False, staff=True)
declare_kind("ticket.unassigned", label=_("A ticket that nobody could take"), can_mute=False, staff=True)
