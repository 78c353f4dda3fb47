"""Files in a bucket of an S3-compatible store (the extra `s3`): private, one request a file, never a public address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from podpora.base import clock
from podpora.base.clock import format_instant, parse_instant
from podpora.base.errors import FilesAway
from podpora.config.places import Bucket

STORED_AT = "podpora-stored-at"  # our clock, so that the orphan cleaner measures with one
ONE_REQUEST = 64 * 1024 * 1024  # smaller files go up in one request: whole or not there
IN_MEMORY = 4 * 1024 * 1024  # what is larger is read through a temporary file


class PrivateBucket(S3Storage):  # type: ignore[misc]
    """Every file is read through our own door, which asks first whether the reader may have it."""

    def __init__(self, *, bucket: Bucket) -> None:
        given = {
            "bucket_name": bucket.name,
            "location": bucket.prefix,
            "endpoint_url": bucket.endpoint or None,
            "region_name": bucket.region or None,
            "default_acl": None,  # as the bucket says, which `podpora check --deploy` tries
            "file_overwrite": True,  # names are never given twice; asking first would be a request more
            "max_memory_size": IN_MEMORY,
            "transfer_config": TransferConfig(multipart_threshold=ONE_REQUEST, multipart_chunksize=ONE_REQUEST, use_threads=False),
            "client_config": Config(
                s3={"addressing_style": bucket.addressing},
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",  # not every store knows the newer ones
                response_checksum_validation="when_required",
            ),
        }
        if bucket.access_key:
            given |= {"access_key": bucket.access_key, "secret_key": bucket.secret_key, "security_token": None}
        super().__init__(**given)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """There is none: a signed address would open the file to whoever has it."""
        raise ValueError("files are read through their page, never from the bucket")

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {"Metadata": {STORED_AT: format_instant(clock.now())}}

    def _get_write_parameters(self, name: str, content: Any = None) -> dict[str, Any]:
        return {"ContentType": "application/octet-stream", **self.get_object_parameters(name)}

    def save_over(self, name: str, content: Any) -> None:
        """Write exactly this name, whatever was there (restoring a backup)."""
        self._save(name, content)

    def get_modified_time(self, name: str) -> datetime:
        with told():
            entry = self.bucket.Object(self._normalize_name(name))
            stored_at = entry.metadata.get(STORED_AT, "")
            modified: datetime = entry.last_modified
        try:
            return parse_instant(stored_at)
        except ValueError:
            return modified

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with told():
            folders, files = super().listdir(name)
        return folders, files

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Fetched at once, so that a store that is away is known before an answer has begun."""
        with told():
            found = super()._open(name, mode)
            if "r" in mode:
                found.file  # noqa: B018
            return found

    def _save(self, name: str, content: Any) -> str:
        with told():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with told():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with told():
            return bool(super().exists(name))

    def anybody_may_read(self, name: str) -> bool:
        """Does the store give this file to somebody without credentials?"""
        with told():
            client = self.unsigned_connection.meta.client
        try:
            client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
        except (BotoCoreError, ClientError):
            return False
        return True


@contextmanager
def told() -> Iterator[None]:
    """What the store answers, as the one error that pages and jobs know; its words never have the credentials."""
    try:
        yield
    except ClientError as error:
        known = error.response.get("Error", {})
        raise FilesAway(f"the bucket refused: {known.get('Code', '?')} {known.get('Message', '')}".strip()) from error
    except BotoCoreError as error:
        raise FilesAway(f"the bucket cannot be reached: {error}") from error
