"""Why a mail is where it is (AU-10): codes on the mail, sentences for the people who look at it."""

from django.utils.translation import gettext_lazy as _

from podpora.audit.values import declare_sentence
from podpora.base.reasons import declare

# How it found its ticket.
NEW = declare("mail.new", _("It began a new ticket."))
BY_TOKEN = declare("mail.by_token", _("It was sent to the reply address of this person in this ticket."))
BY_REFERENCE = declare("mail.by_reference", _("It answers one of our mails."))
BY_FOREIGN_REFERENCE = declare("mail.by_foreign_reference", _("It answers a mail that is in the ticket."))
BY_SUBJECT = declare("mail.by_subject", _("Its subject names the ticket, and its sender takes part in it."))
FOLLOW_UP = declare("mail.follow_up", _("The ticket that it answers is done, so it began a new one."))

# What is worth knowing about it.
MENTIONS = declare("mail.mentions", _("It names a ticket in which its sender does not take part."))
NOT_AUTHENTICATED = declare("mail.not_authenticated", _("Its sender's domain did not confirm it: anybody may have written it."))
AUTOMATIC = declare("mail.automatic", _("A machine wrote it, so nothing answers it by itself."))
TOKEN_REVOKED = declare("mail.token_revoked", _("Its reply address is no longer valid."))
TOKEN_UNKNOWN = declare("mail.token_unknown", _("Its reply address was never given out."))
NEW_TOPIC = declare("mail.new_topic", _("Its subject is quite another one: perhaps a new topic."))
BAD_DATE = declare("mail.bad_date", _("Its date lies in the future or can't be read; the time of its arrival counts."))
NOT_ALL_READ = declare("mail.not_all_read", _("It is too large or too broken to be read as a whole; the raw mail has everything."))
TOO_MANY_PEOPLE = declare("mail.too_many_people", _("It names more recipients than may take part in a ticket."))
FILES_LEFT_OUT = declare("mail.files_left_out", _("It has more or larger files than a ticket takes; the raw mail has all of them."))
NO_ACKNOWLEDGEMENT = declare("mail.no_acknowledgement", _("Its sender had enough acknowledgements for now, so he got none."))
NO_RIGHT = declare("mail.no_right", _("It was sent to VIP support by somebody without it, so it waits in an open queue."))

# Set aside without a question: nobody asked anything.
OWN_MAIL = declare("mail.own_mail", _("It is one of our own mails that came back."))
BOUNCE = declare("mail.bounce", _("It reports that a mail of ours did not arrive."))
DELAYED = declare("mail.delayed", _("It reports that a mail of ours is late; it is still being tried."))
COMPLAINT = declare("mail.complaint", _("A mail provider reports that somebody marked one of our mails as spam."))
READ_RECEIPT = declare("mail.read_receipt", _("It confirms that somebody opened one of our mails."))

# A person decides.
BACKSCATTER = declare("mail.backscatter", _("It reports about a mail that we did not send."))
SAME_ID = declare("mail.same_id", _("Another text came under the Message-ID of a mail that we have."))
NOT_A_MAIL = declare("mail.not_a_mail", _("It has no headers: it is a text and not a mail."))
NO_SENDER = declare("mail.no_sender", _("It names no sender whom anybody could answer."))
UNKNOWN_ADDRESS = declare("mail.unknown_address", _("None of the addresses that it was sent to is ours."))
AUTO_REPLY = declare("mail.auto_reply", _("It is an automatic answer, such as an absence notice, and belongs to no ticket."))
AUTO_MAILER = declare("mail.auto_mailer", _("A machine sent it, and nobody reads what it is answered."))
OTHER_SENDER = declare("mail.other_sender", _("It answers a mail of a ticket, but its sender does not take part in that ticket."))
TOKEN_OF_ANOTHER = declare("mail.token_of_another", _("It was sent to a reply address that belongs to somebody else."))
STAFF_NOT_PROVEN = declare("mail.staff_not_proven", _("It says that a technician wrote it, but does not prove it."))
STAFF_NO_ACCESS = declare("mail.staff_no_access", _("The technician who wrote it may not answer this ticket."))
FLOOD = declare("mail.flood", _("Its sender wrote more mails within an hour than a person does."))
ADDRESS_CLOSED = declare("mail.address_closed", _("The account of its sender is closed."))

# Our fault.
FAILED = declare("mail.failed", _("It could not be read because of a fault of ours. It is tried again, also after each update."))
STOPPED = declare("mail.stopped", _("The program stopped each time while it read this mail."))

# A person decided.
RELEASED = declare("mail.released", _("Somebody of our people let it through."))
SET_ASIDE = declare("mail.set_aside", _("Somebody of our people set it aside."))
NOT_HELD = declare("mail.not_held", _("This mail is not held, so there is nothing to decide."))

declare_sentence("mail.released", _("Let a held mail through to {ticket}."))
declare_sentence("mail.dropped", _("Set a held mail aside."))
declare_sentence("mail.retried", _("Let a mail that failed be read again."))
