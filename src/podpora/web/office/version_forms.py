"""Forms of the versions' pages: the life of a major, a release with its files."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.catalog.actions import FileFacts, ReleaseMore, ReleaseNotes
from podpora.catalog.models import Version
from podpora.catalog.values import CHANNEL_LABELS, COVERAGE_NAMES, ReleaseChannel, VersionFacts
from podpora.web.components.numbers import DayField

LIFE = ("released_on", "support_ends_on", "security_ends_on", "end_of_life_on", "replaced_by")


class LifeForm(forms.Form):
    """The dates of a major's life; one row of the table, or the card on its own page."""

    released_on = DayField(label=_("Released on"), help_text=_("Empty: announced or beta. It does not count as released."))
    support_ends_on = DayField(
        label=_("Support until"),
        help_text=_("The last day of support. Orders already paid keep what they gave when this date is changed."),
    )
    security_ends_on = DayField(label=_("Security fixes until"), help_text=_("Empty: as long as support."))
    end_of_life_on = DayField(label=_("End of life"), help_text=_("The last day of everything. Empty: the later of the two."))
    replaced_by = forms.IntegerField(label=_("Replaced by"), min_value=1, max_value=10_000, required=False)

    def life(self, major: int) -> VersionFacts:
        return VersionFacts(major, **{name: self.cleaned_data[name] for name in LIFE})


class VersionForm(LifeForm):
    major = forms.IntegerField(label=_("Major version"), min_value=1, max_value=10_000)
    name = forms.CharField(label=_("Name"), max_length=50, required=False)
    field_order = ("major", "name", *LIFE)


class RowForm(LifeForm):
    """The same in the table, where the heading of the column is the label."""

    def __init__(self, version: Version, typed: Any = None) -> None:
        super().__init__(typed, prefix=f"v{version.major}", initial=initial_of(version))
        self.version = version
        for name, field in self.fields.items():
            field.help_text = ""
            field.widget.attrs["aria-label"] = f"{version}: {field.label}"
            if name == "replaced_by":
                field.widget.attrs["inputmode"] = "numeric"


def initial_of(version: Version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in LIFE}


class CoverageForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("A licence that is bought covers"), choices=[(mode.value, name) for mode, name in COVERAGE_NAMES.items()], widget=forms.RadioSelect
    )  # fmt: skip


class ReleaseForm(forms.Form):
    number = forms.CharField(label=_("Number"), max_length=50, help_text=_("For example 10.2.1, or 11.0.0-beta.1."))
    out_on = DayField(label=_("Released on"), required=True)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("as its number says")), *CHANNEL_LABELS.items()], required=False
    )
    is_security = forms.BooleanField(label=_("Closes a security hole"), required=False)
    back_dated_to = DayField(
        label=_("Counts as released on"), help_text=_("For a fix that everybody gets who had what it fixes. Matters where licences cover by date.")
    )  # fmt: skip
    min_from = forms.CharField(
        label=_("Can be updated to from"), max_length=50, required=False, help_text=_("The oldest version, for example 10.0.")
    )
    notes_cs = forms.CharField(
        label=_("Notes in Czech"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    notes_en = forms.CharField(
        label=_("Notes in English"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    fixes = forms.CharField(
        label=_("Fixes problems"), max_length=2000, required=False, help_text=_("Codes, for example P-1042 P-1043.")
    )
    downloads = forms.CharField(
        label=_("Files"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line: platform, address, SHA-256 and size in bytes, with spaces between them."),
    )  # fmt: skip

    def clean_downloads(self) -> tuple[FileFacts, ...]:
        found = []
        for line in filter(str.strip, self.cleaned_data["downloads"].splitlines()):
            parts = line.split()
            if len(parts) != 4 or not parts[3].isdigit() or len(parts[3]) > 15:
                raise ValidationError(_("This line has not four parts: %(line)s"), params={"line": line[:80]})
            found.append(FileFacts(parts[0], parts[1], parts[2].lower(), int(parts[3])))
        return tuple(found)

    def notes(self) -> ReleaseNotes:
        return ReleaseNotes(self.cleaned_data["notes_cs"], self.cleaned_data["notes_en"])

    def more(self) -> ReleaseMore:
        facts = self.cleaned_data
        return ReleaseMore(
            ReleaseChannel(facts["channel"]) if facts["channel"] else None, facts["is_security"], facts["back_dated_to"],
            facts["min_from"].strip(), "", tuple(facts["fixes"].replace(",", " ").split()), facts["downloads"],
        )  # fmt: skip

    def show(self, problem: InvalidInput) -> None:
        """What the action says, beside the field that it speaks of."""
        for name, codes in problem.fields.items():
            field = {"released_on": "out_on", "files": "downloads"}.get(name.split(".")[0], name)
            for code in codes:
                self.add_error(field if field in self.fields else None, field_sentence(code, problem.facts.get(name)))
