"""Static files: names with a content hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackageStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names after `collectstatic`; plain names before it (tests, first start)."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:  # not collected yet
            return name
