"""What programs send about the device that they run on."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from podpora.api.v1.schemas import AppVersion, Strict, major_of, refused_field
from podpora.base.clock import parse_instant
from podpora.licensing.models import Activation
from podpora.licensing.values import Activated, Contact, DeviceFacts

PARTS = 32


def _printable(text: str) -> str:
    if not text.isprintable():
        raise refused_field("invalid_characters")
    return text


def _cleaned(text: str) -> str:
    """A computer is called what it is called: what can't be shown in its name is left out, and nobody is turned away for it."""
    return "".join(character for character in text if character.isprintable()).strip()


def _instant(text: str) -> str:
    try:
        parse_instant(text)
    except (ValueError, OverflowError):
        raise refused_field("not_an_instant") from None
    return text


Clock = Annotated[
    str,
    StringConstraints(max_length=40), AfterValidator(_instant),
    Field(examples=["2026-03-10T09:00:00Z"], json_schema_extra={"format": "date-time"}),
]  # fmt: skip
PartName = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_printable)]
PartValue = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_printable)]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]  # 32 bytes, base64url
Nonce = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,64}$")]
ProductCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Fingerprint = Annotated[dict[PartName, PartValue], Field(min_length=1, max_length=PARTS)]


class DeviceFields(BaseModel):
    """A device, read without what ninja adds to a schema (api/hot.py)."""

    model_config = Strict.model_config

    fingerprint: Fingerprint
    name: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True), AfterValidator(_cleaned)] = ""
    platform: Annotated[str, StringConstraints(max_length=50, strip_whitespace=True), AfterValidator(_cleaned)] = ""
    public_key: PublicKey | None = None

    def facts(self) -> DeviceFacts:
        return DeviceFacts(self.fingerprint, self.name, self.platform, self.public_key or "")


class DeviceIn(DeviceFields, Strict):
    """A device: 1 to 32 parts of its fingerprint, each already hashed there (HMAC-SHA256 of the raw identifier)."""


class ActivatedOut(Strict):
    activation: str
    licence: str
    device: str
    token: str
    certificate: str


def contact_of(app_version: AppVersion, nonce: str | None) -> Contact:
    return Contact(app_version, major_of(app_version), nonce or "")


def activated_json(done: Activated) -> dict[str, Any]:
    """What a program gets: the token only when it has none yet."""
    activation: Activation = done.activation
    found = {"activation": activation.code, "licence": activation.licence.code, "device": activation.device.code}
    if done.token:
        found["token"] = done.token
    return found | {"certificate": done.certificate}
