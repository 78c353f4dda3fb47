"""Write sdk/vectors/*.json again. Usage, in sdk/python: python -m tests.vectors"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.vectors import certificates, others
from tests.vectors.making import DEVICE, NOW, PARTS, PINNED, PRODUCT, jwk, x_of

FOLDER = Path(__file__).resolve().parents[3] / "vectors"


def files() -> dict[str, dict[str, Any]]:
    """Every file's content. What a case does not say is as in `defaults`."""
    common = {
        "pinned": [jwk(PINNED)],
        "announcements": [],
        "product": PRODUCT,
        "fingerprint": PARTS,
        "device_key": x_of(DEVICE),
        "now": NOW,
    }
    decide = {"version": "10.2.1", "released_on": None, "issuer": None, "mark": 0, "held": None, "ended": {}, "strict_lease": False}
    possession = {
        "token": others.TOKEN,
        "body": others.BODY,
        "device_key": x_of(DEVICE),
        "call": "activations/me/refresh",
        "now": NOW,
    }
    return {
        "certificates.json": {"v": 1, "defaults": common | decide, "cases": certificates.all_cases()},
        "settings.json": {"v": 1, "defaults": common | {"organisation": "", "held": None}, "cases": others.settings()},
        "offline-files.json": {"v": 1, "defaults": common | decide, "cases": others.files()},
        "device-signed.json": {"v": 1, "defaults": {}, "cases": others.requests()},
        "possession.json": {"v": 1, "defaults": possession, "cases": others.possessions()},
        "releases.json": {"v": 1, "defaults": common | {"held_serial": None}, "cases": others.releases()},
        "fingerprints.json": {"v": 1, **others.fingerprints()},
    }


def text_of(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_text(text_of(content), encoding="utf-8")
