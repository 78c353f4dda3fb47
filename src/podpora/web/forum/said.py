"""What a writer is told after he sent something."""

from django.contrib import messages
from django.utils.translation import ngettext

from podpora.base.decisions import Reason
from podpora.base.reasons import sentence
from podpora.web.request import Request


def say_held(request: Request, held: bool, masked: int) -> None:
    """It waits for a moderator; licence keys were taken out (FB-3)."""
    if held:
        messages.info(request, sentence(Reason("forum.held")))
    if masked:
        text = ngettext(
            "We took a licence key out of your text before anybody saw it.",
            "We took %(n)d licence keys out of your text before anybody saw them.",
            masked,
        )
        messages.warning(request, text % {"n": masked})
