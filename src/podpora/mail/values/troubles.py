"""What can be wrong with the mail as a whole."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

OUTGOING = declare("mail.outgoing_stuck", _("Mail has been waiting for more than five minutes: the mail server does not take it."))
UNREAD = declare("mail.incoming_stuck", _("Mail that came in waits to be read since {since}."))
MAILBOX = declare("mail.mailbox_failing", _("The mailbox {address} can't be fetched. {why}"))
HOOK = declare("mail.provider_refused", _("The last call of the mail provider {name} was refused. {why}"))
LISTENER = declare(
    "mail.listener_silent", _("The listener {name} was not seen since {since}: mail servers can't bring their mail.")
)
