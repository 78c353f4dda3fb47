"""Devices without a network: request files in, certificate files out, proofs back (docs/reference/offline.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import AuthenticationError
from pydantic import Field, StringConstraints

from podpora.api import limits
from podpora.api.access import Caller, anybody, caller_of, token
from podpora.api.envelope import ApiError, answer
from podpora.api.v1.forms import body_of, described, files_of
from podpora.api.v1.licences import licence_of
from podpora.api.v1.schemas import Made, Strict
from podpora.base.actors import Actor, ActorKind
from podpora.base.addresses import address_of, neighbourhood
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import offline as journey
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.permissions import may_manage_devices
from podpora.licensing.rules import key_meant
from podpora.licensing.rules.archives import MOST_FILES, texts_of
from podpora.licensing.rules.offline import PROOF_BYTES, REQUEST_BYTES, read_request
from podpora.licensing.values import KEY_MISTYPED, LICENCE_NEEDED, NOT_FOUND, NamedText, OfflineRequest, Unreadable

router = Router(tags=["offline"])
ARCHIVE_BYTES = 4 * 1024 * 1024
HOUR = timedelta(hours=1)

Code = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]
Hours = Annotated[int, Field(ge=journey.SHORTEST // HOUR, le=journey.LONGEST // HOUR)]
RequestText = Annotated[str, StringConstraints(max_length=REQUEST_BYTES + 100)]
ProofText = Annotated[str, StringConstraints(max_length=PROOF_BYTES + 100)]


class OfflineIn(Strict):
    """A request file: its text, or in a form the file itself. `key` or `licence` where it has no key of its own."""

    request: RequestText = ""
    key: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    licence: Code | None = None
    ttl_hours: Hours = journey.TTL // HOUR


class BundleIn(Strict):
    """Many request files, or in a form the files themselves or a zip of them. `licence`: whose devices these are."""

    requests: Annotated[list[RequestText], Field(max_length=MOST_FILES)] = []
    licence: Code
    ttl_hours: Hours = journey.TTL // HOUR


class ProofsIn(Strict):
    """Proofs of deactivation, or in a form the files themselves or a zip of them."""

    proofs: Annotated[list[ProofText], Field(max_length=MOST_FILES)] = []


@router.post(
    "offline/activations", auth=[token("licences"), anybody], response={201: Made, 200: Made}, openapi_extra=described(OfflineIn)
)
def activate(request: HttpRequest) -> HttpResponse:
    """Activate a device by its request file, or renew it: 201, or 200 when it had its activation already. Answers the certificate file.

    By the bearer of the key (in the file or as `key`), or by a member who may look after the devices (his token and `licence`).
    """
    at, address = _counted(request)
    body = body_of(request, OfflineIn)
    file = _only(_files(request, "request", [body.request] if body.request else []))
    try:
        asked = read_request(file.text)
    except Unreadable as problem:
        raise _unusable("request", problem) from None
    licence = _licence(request, body, asked, address, at=at)
    by = _by(request, address)
    done = journey.activate(licence, asked, ttl=body.ttl_hours * HOUR, by=by, at=at)
    made = journey.certificate_file(done, name=file.name, at=at)
    return _download(made, done.activation.device.code, 201 if done.is_new else 200)


@router.post("offline/bundles", auth=token("licences"), response={200: Made}, openapi_extra=described(BundleIn))
def bundle(request: HttpRequest) -> HttpResponse:
    """Many request files in, one certificate file out. A request that is refused stands under `items` with its code.

    Each goes to the licence of its own key, which has to belong to the same customer; one without a key to `licence`.
    """
    at, address = _counted(request)
    body = body_of(request, BundleIn)
    files = _files(request, "requests", body.requests)
    licence = _managed(request, body.licence)
    if licence.customer is None:
        raise NotYours
    made = journey.bundle(licence.customer, files, licence=licence, ttl=body.ttl_hours * HOUR, by=_by(request, address), at=at)
    return _download(made, licence.code, 200)


@router.post("offline/deactivations", auth=anybody, response={200: Made}, openapi_extra=described(ProofsIn))
def take_back(request: HttpRequest) -> HttpResponse:
    """Take devices off their seats by the proofs that they signed. Each proof frees its seat once; again answers `already`."""
    at, address = _counted(request)
    body = body_of(request, ProofsIn)
    files = _files(request, "proofs", body.proofs)
    by = Actor(ActorKind.DEVICE, "device", address=address)
    return answer({"items": [item.wire() for item in journey.take_back(files, by=by, at=at)]})


def _counted(request: HttpRequest) -> tuple[datetime, str]:
    at, address = request.now, address_of(request)  # type: ignore[attr-defined]
    limits.count(limits.FILES, neighbourhood(address), at=at)
    return at, address


def _files(request: HttpRequest, field: str, texts: Sequence[str]) -> list[NamedText]:
    """The texts of the body, or the files of the form; at least one."""
    files = files_of(request)
    if unknown := files.keys() - {field}:
        raise InvalidInput({name[:100]: ["unknown"] for name in unknown})
    found = [(upload.name, upload.content) for upload in files.get(field, ())]
    if sum(len(content) for _name, content in found) > ARCHIVE_BYTES:
        raise InvalidInput({field: ["offline.too_large"]}, {field: {"most": ARCHIVE_BYTES}})
    try:
        all_of_them = [NamedText("", text) for text in texts] + texts_of(found)
    except Unreadable as problem:
        raise _unusable(field, problem) from None
    if not all_of_them:
        raise InvalidInput({field: ["required"]})
    return all_of_them


def _only(files: Sequence[NamedText]) -> NamedText:
    if len(files) > 1:
        raise InvalidInput({"request": ["only_one"]})
    return files[0]


def _unusable(field: str, problem: Unreadable) -> InvalidInput:
    return InvalidInput({field: [problem.code]}, {field: problem.facts})


def _licence(request: HttpRequest, body: OfflineIn, asked: OfflineRequest, address: str, *, at: datetime) -> Licence:
    """The licence that a member names, or the one of the key. A wrong key counts as a guess, as for `POST activations`."""
    if body.licence:
        return _managed(request, body.licence)
    key = body.key or asked.key
    if not key:
        raise InvalidInput({"licence": [LICENCE_NEEDED]})
    guesser = f"key:{neighbourhood(address)}"
    limits.refuse_guessing(guesser, at=at)
    licence = queries.licence_by_key(key)
    if licence is not None and licence.product.code == asked.product:
        return licence
    limits.count_miss(guesser, at=at)
    if key_meant(key) is None:
        raise InvalidInput({"key": [KEY_MISTYPED]})
    raise ApiError(404, NOT_FOUND)  # unknown, replaced and foreign keys look alike


def _managed(request: HttpRequest, code: str) -> Licence:
    """The licence, when the caller may look after its devices."""
    if not isinstance(caller_of(request), Caller):
        raise AuthenticationError
    caller, licence = caller_of(request), licence_of(request, code)
    if not caller.sees_all and not may_manage_devices(caller.person, licence):
        raise NotYours
    return licence


def _by(request: HttpRequest, address: str) -> Actor:
    caller = caller_of(request)
    return caller.actor if isinstance(caller, Caller) else Actor(ActorKind.DEVICE, "device", address=address)


def _download(made: journey.CertificateFile, name: str, status: int) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.podpora-licence"'}
    return answer(made.wire(), status, headers=headers)
