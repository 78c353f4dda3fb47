"""Does a value fit its setting (CS-13), and is it something that must not be a setting (CS-21)?"""

import re
from collections.abc import Sequence
from typing import Any

from podpora.base.decisions import Decision, Reason
from podpora.fleet.values import Mode, Schema, Setting, SettingType

LONGEST_TEXT, MOST_ITEMS = 10_000, 1_000
LARGEST_NUMBER = 2**53  # what every JSON reader keeps exactly (RFC 8259, section 6)
SECRET_NAME = re.compile(
    r"(?i)(?:^|[._-])(?:password|passwd|pwd|passphrase|heslo|secret|private[_-]?key|api[_-]?key|access[_-]?key|token|pin|otp)(?:$|[._-])"
)
_SECRET_VALUE = (
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
    re.compile(r"(?i)(?:password|passwd|pwd|heslo|secret|api[_-]?key|token)\s{0,5}[:=]\s{0,5}\S"),
    re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,100}:[^\s/@]{1,200}@"),  # imap://jana:password@mail.example
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}\."),  # a signed token (RFC 7519)
    re.compile(r"\b(?:pdp?_|gh[pousr]_|sk_live_|sk_test_|xox[abprs]-|AKIA)[A-Za-z0-9_-]{10,}"),
    re.compile(r"(?i)\bPK[2-9A-Z]{3}(?:[- ]?[2-9A-Z]{5}){4}\b"),  # a licence key
)
_ONE_WORD = re.compile(r"\S{8,64}")
_PYTHON: dict[SettingType, tuple[type, ...]] = {
    SettingType.STRING: (str,),
    SettingType.INTEGER: (int,),
    SettingType.NUMBER: (int, float),
    SettingType.BOOLEAN: (bool,),
    SettingType.ARRAY: (list,),
}


def problems_of(schema: Schema, key: str, value: Any, mode: Mode | None = None) -> Decision:
    """All that is wrong with setting `key` to `value`; what might be a secret only warns. Facts: `key` and what would be right."""
    setting = schema.settings.get(key)
    if setting is None:
        return Decision((Reason("settings.unknown_key", {"key": key}),))
    reasons = [*_form(setting, value)]
    if mode is not None and mode not in setting.modes:
        reasons.append(Reason("settings.mode_not_allowed", {"key": key, "mode": mode.value, "modes": _words(setting.modes)}))
    return Decision((*reasons, *_secrets(setting, value)))


def _form(setting: Setting, value: Any) -> Sequence[Reason]:
    key = setting.key
    if not _is_of_type(setting.type, value):
        return (Reason("settings.wrong_type", {"key": key, "expected": setting.type.value}),)
    if setting.choices and any(item not in setting.choices for item in _items(setting, value)):
        return (Reason("settings.not_a_choice", {"key": key, "choices": _words(setting.choices)}),)
    reasons = []
    if setting.type in (SettingType.INTEGER, SettingType.NUMBER):
        least = -LARGEST_NUMBER if setting.minimum is None else setting.minimum
        most = LARGEST_NUMBER if setting.maximum is None else setting.maximum
        if not least <= value <= most:  # NaN is in no range
            reasons.append(Reason("settings.out_of_range", {"key": key, "minimum": least, "maximum": most}))
    elif setting.type is not SettingType.BOOLEAN:
        reasons += _lengths(setting, value)
        if setting.pattern and any(not re.search(setting.pattern, item) for item in _items(setting, value)):
            reasons.append(Reason("settings.wrong_form", {"key": key, "pattern": setting.pattern}))
    return reasons


def _lengths(setting: Setting, value: Any) -> Sequence[Reason]:
    least = setting.min_length or 0
    most = setting.max_length or (MOST_ITEMS if setting.type is SettingType.ARRAY else LONGEST_TEXT)
    too_long = any(len(item) > LONGEST_TEXT for item in _items(setting, value))
    if too_long or not least <= len(value) <= most:
        return (Reason("settings.wrong_length", {"key": setting.key, "minimum": least, "maximum": most}),)
    return ()


def _is_of_type(kind: SettingType, value: Any) -> bool:
    if isinstance(value, bool) and kind is not SettingType.BOOLEAN:
        return False
    if kind is SettingType.ARRAY:
        return isinstance(value, list) and all(_is_of_type(SettingType.STRING, item) for item in value)
    if not isinstance(value, _PYTHON[kind]):
        return False
    return "\x00" not in value if isinstance(value, str) else True


def _items(setting: Setting, value: Any) -> Sequence[Any]:
    return value if setting.type is SettingType.ARRAY else (value,)


# Secrets: the debate (CS-21).
#
# A setting is read by every administrator, by the support desk, by whoever sits at the computer, and it lies in backups and audits. So
# no setting is secret, the schema has no such type, and what is surely a secret is refused: a private key, a token, an address with a
# password in it, `password=…`. What only might be one (a word of mixed letters, digits and signs, such as people use for passwords)
# may also be a folder or the name of a server. It is flagged and not refused: a rule that cries wolf is switched off.
def _secrets(setting: Setting, value: Any) -> Sequence[Reason]:
    facts = {"key": setting.key}
    texts = [item for item in _items(setting, value) if isinstance(item, str)]
    if any(pattern.search(text) for text in texts for pattern in _SECRET_VALUE):
        return (Reason("settings.looks_secret", facts),)
    if not setting.choices and not setting.pattern and any(_might_be_password(text) for text in texts):
        return (Reason("settings.might_be_secret", facts, blocks=False),)
    return ()


def _might_be_password(text: str) -> bool:
    """One word with small and capital letters, digits and a sign that stands in no address, path, version or colour."""
    if not _ONE_WORD.fullmatch(text) or re.search(r"[/\\@%{]|\.\w{2,}", text):
        return False
    kinds = (r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s.:-]")
    return all(re.search(kind, text) for kind in kinds)


def _words(items: Sequence[Any]) -> str:
    return ", ".join(str(item) for item in items)
