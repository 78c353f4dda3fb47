"""What it would cost to go on with a licence: each price with the date that comes of it (UI rule 2)."""

from podpora.licensing.models import Licence
from podpora.web.request import Request


def going_on(request: Request, licence: Licence) -> list[object]:
    return []
