"""Static files: names with a content hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackageStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names after `collectstatic`; plain names before it (tests, first start)."""

    manifest_strict = False

    def url(self, name: str | None, force: bool = False) -> str:
        """The address of a file, remembered once the files are collected: a page names a dozen."""
        known = self.__dict__.setdefault("_known_urls", {})
        if name not in known:
            found = str(super().url(name, force))
            if not self.hashed_files:
                return found
            known[name] = found
        return str(known[name])

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:  # not collected yet
            return name
