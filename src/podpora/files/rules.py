"""Safe names and content types: what a stranger's file may call itself."""

import re
import unicodedata

from podpora.files.values import LONGEST_NAME

_DEVICES = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
UNKNOWN_TYPE = "application/octet-stream"


def safe_name(name: str, fallback: str = "attachment") -> str:
    """A file name that is only a name: no path, control, bidirectional or invisible characters (CO-6, B5)."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if not stem.strip(" .") or stem.lower() in _DEVICES:
        stem = fallback
    ending = ending[:20]
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending}" if ending else stem[:LONGEST_NAME]


def safe_type(content_type: str) -> str:
    """A bare, well-formed content type; anything else is bytes."""
    bare = content_type.partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) else UNKNOWN_TYPE
