"""Administrative templates: by them the editor of group policy in Windows knows the program's settings (ADMX, and ADML for each language).

They describe the settings and carry no value. What an administrator chooses there lies in the registry where the SDK reads it (RULES
CS-23): `Software\\Policies\\NAME\\NAME`, what the user may change under `Recommended`. A zip in the form of a PolicyDefinitions folder.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import escape

from podpora.fleet.values import Mode, Page, Schema, Setting, SettingType

LANGUAGES = {"en": "en-US", "cs": "cs-CZ"}
OTHER = {"en": "Other", "cs": "Ostatní"}
RECOMMENDED = {"en": "{name} (defaults that users may change)", "cs": "{name} (výchozí hodnoty, uživatel je smí změnit)"}
SUPPORTED = {"en": "{name} {version} or newer", "cs": "{name} {version} a novější"}
ANY = {"en": "{name}", "cs": "{name}"}
_LARGEST = 2**32 - 1  # what a number of the registry holds
_LONGEST = 1023  # what the editor takes as a text
_STAMP = (2000, 1, 1, 0, 0, 0)  # the same settings give the same bytes
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"


def templates(schema: Schema, name: str, code: str) -> bytes:
    """The zip: `CODE.admx`, `en-US/CODE.adml`, `cs-CZ/CODE.adml`."""
    files = {f"{code}.admx": _admx(schema, name, code)}
    files |= {f"{folder}/{code}.adml": _adml(schema, name, language) for language, folder in LANGUAGES.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, _STAMP), text.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _admx(schema: Schema, name: str, code: str) -> str:
    path = rf"Software\Policies\{name}\{name}"
    prefix = re.sub(r"[^a-z0-9]", "", code.lower()) or "program"
    versions = sorted({setting.since for setting in schema.settings.values()})
    return "\n".join([
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<policyDefinitions xmlns="{_NAMESPACE}" revision="1.{schema.version}" schemaVersion="1.0">',
        f'  <policyNamespaces><target prefix="{prefix}" namespace="Policies.{prefix}"/></policyNamespaces>',
        f'  <resources minRequiredRevision="1.{schema.version}"/>',
        "  <supportedOn><definitions>",
        *(f'    <definition name="{_since(version)}" displayName="$(string.{_since(version)})"/>' for version in versions),
        "  </definitions></supportedOn>", "  <categories>", *_categories(schema), "  </categories>", "  <policies>",
        *_policies(schema, path), "  </policies>", "</policyDefinitions>", "",
    ])  # fmt: skip


def _categories(schema: Schema) -> Iterator[str]:
    for top in ("program", "recommended"):
        yield f'    <category name="{top}" displayName="$(string.{top})"/>'
        for page in _pages(schema):
            label = f'displayName="$(string.page_{_id(page.code)})"'
            yield f'    <category name="{top}_{_id(page.code)}" {label}><parentCategory ref="{top}"/></category>'


def _policies(schema: Schema, path: str) -> Iterator[str]:
    for setting in schema.settings.values():
        if Mode.FORCED in setting.modes:
            yield from _policy(setting, path, "program", "")
        if Mode.DEFAULT in setting.modes:
            yield from _policy(setting, rf"{path}\Recommended", "recommended", "_recommended")


def _policy(setting: Setting, path: str, top: str, ending: str) -> Iterator[str]:
    name = _id(setting.key)
    value = f' valueName="{setting.key}"' if setting.type is SettingType.BOOLEAN else ""
    yield (
        f'    <policy name="{name}{ending}" class="Both" displayName="$(string.{name})" explainText="$(string.{name}_help)" '
        f'presentation="$(presentation.{name})" key="{_text(path)}"{value}>'
    )
    yield f'      <parentCategory ref="{top}_{_id(setting.page or "other")}"/><supportedOn ref="{_since(setting.since)}"/>'
    if setting.type is SettingType.BOOLEAN:
        yield '      <enabledValue><decimal value="1"/></enabledValue><disabledValue><decimal value="0"/></disabledValue>'
    else:
        yield f"      <elements>{_element(setting, name)}</elements>"
    yield "    </policy>"


def _element(setting: Setting, name: str) -> str:
    about = f'id="{name}" valueName="{setting.key}"'
    if setting.type is SettingType.ARRAY:
        return f"<multiText {about}/>"
    if setting.choices:
        items = "".join(
            f'<item displayName="$(string.{name}_{number})"><value>{_choice(choice)}</value></item>'
            for number, choice in enumerate(setting.choices)
        )
        return f'<enum {about} required="true">{items}</enum>'
    if _is_whole(setting):
        least, most = int(setting.minimum or 0), int(_LARGEST if setting.maximum is None else setting.maximum)
        return f'<decimal {about} required="true" minValue="{least}" maxValue="{most}"/>'
    return f'<text {about} required="true" maxLength="{min(setting.max_length or _LONGEST, _LONGEST)}"/>'


def _choice(choice: object) -> str:
    if isinstance(choice, int) and not isinstance(choice, bool) and 0 <= choice <= _LARGEST:
        return f'<decimal value="{choice}"/>'
    return f"<string>{_text(str(choice))}</string>"


def _is_whole(setting: Setting) -> bool:
    """Can the registry keep it as a number? Negative ones and fractions stand there as text, which the SDK reads too."""
    return setting.type is SettingType.INTEGER and (setting.minimum or 0) >= 0 and (setting.maximum or 0) <= _LARGEST


def _adml(schema: Schema, name: str, language: str) -> str:
    return "\n".join([
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<policyDefinitionResources xmlns="{_NAMESPACE}" revision="1.{schema.version}" schemaVersion="1.0">',
        f"  <displayName>{_text(name)}</displayName>", f"  <description>{_text(name)}</description>", "  <resources>", "    <stringTable>",
        *(f'      <string id="{key}">{_text(text)}</string>' for key, text in _strings(schema, name, language)), "    </stringTable>",
        "    <presentationTable>", *(_presentation(setting, language) for setting in schema.settings.values()), "    </presentationTable>",
        "  </resources>", "</policyDefinitionResources>", "",
    ])  # fmt: skip


def _strings(schema: Schema, name: str, language: str) -> Iterator[tuple[str, str]]:
    yield "program", name
    yield "recommended", RECOMMENDED[language].format(name=name)
    for version in sorted({setting.since for setting in schema.settings.values()}):
        yield _since(version), (SUPPORTED if version else ANY)[language].format(name=name, version=version)
    for page in _pages(schema):
        yield f"page_{_id(page.code)}", page.title[language]
    for setting in schema.settings.values():
        key = _id(setting.key)
        yield key, setting.title[language]
        yield f"{key}_help", "\n".join(filter(None, (setting.help.get(language, ""), setting.key)))
        for number, choice in enumerate(setting.choices):
            yield f"{key}_{number}", setting.choice_titles.get(str(choice), {}).get(language, str(choice))


def _presentation(setting: Setting, language: str) -> str:
    name, label = _id(setting.key), _text(setting.title[language])
    inside = ""
    if setting.type is SettingType.ARRAY:
        inside = f'<multiTextBox refId="{name}">{label}</multiTextBox>'
    elif setting.choices:
        first = setting.choices.index(setting.default) if setting.default in setting.choices else 0
        inside = f'<dropdownList refId="{name}" noSort="true" defaultItem="{first}">{label}</dropdownList>'
    elif _is_whole(setting):
        start = f' defaultValue="{setting.default}"' if setting.default is not None else ""
        inside = f'<decimalTextBox refId="{name}"{start}>{label}</decimalTextBox>'
    elif setting.type is not SettingType.BOOLEAN:
        start = f"<defaultValue>{_text(str(setting.default))}</defaultValue>" if setting.default is not None else ""
        inside = f'<textBox refId="{name}"><label>{label}</label>{start}</textBox>'
    return f'      <presentation id="{name}">{inside}</presentation>'


def _pages(schema: Schema) -> Iterable[Page]:
    used = {setting.page for setting in schema.settings.values()}
    return [*(page for page in schema.pages if page.code in used), *([Page("other", OTHER)] if "" in used else [])]


def _since(version: str) -> str:
    return f"since_{_id(version)}" if version else "any"


def _id(key: str) -> str:
    """`proxy.mode` -> `proxy_mode`; a name with _ of its own stays another one (`proxy_mode` -> `proxy__mode`)."""
    return key.replace("_", "__").replace(".", "_").replace("-", "_-")


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
