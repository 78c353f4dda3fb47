"""The document of settings, as it is compiled into the program: the same file that the vendor uploaded to the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from podpora_sdk import Setting, pages_from, schema_from

DOCUMENT: dict[str, Any] = json.loads(Path(__file__).with_name("document.json").read_text(encoding="utf-8"))
SCHEMA: dict[str, Setting] = schema_from(DOCUMENT)
PAGES = pages_from(DOCUMENT)
YES_NO = {True: {"cs": "Ano", "en": "Yes"}, False: {"cs": "Ne", "en": "No"}}
EMPTY = {"cs": "(prázdné)", "en": "(empty)"}


def title_of(key: str, language: str) -> str:
    """What people call the setting; its key where the program does not know it."""
    setting = SCHEMA.get(key)
    return setting.title.get(language, key) if setting else key


def page_of(key: str, language: str) -> str:
    code = SCHEMA[key].page if key in SCHEMA else ""
    return next((page.title[language] for page in PAGES if page.code == code), "")


def shown(key: str, value: Any, language: str) -> str:
    """A value as people read it: choices by their names, yes and no as words."""
    names = SCHEMA[key].choice_titles if key in SCHEMA else {}
    if isinstance(value, bool):
        return YES_NO[value][language]
    if isinstance(value, list):
        return ", ".join(names.get(str(item), {}).get(language, str(item)) for item in value) or EMPTY[language]
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = names.get(str(value), {}).get(language, str(value))
    return text.replace("\n", " ⏎ ") or EMPTY[language]
