"""Forms of the articles' pages: what an article is, its words in one language, a moment."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from podpora.catalog import queries as catalog
from podpora.files.values import PICTURE_SIZE
from podpora.knowledge import queries
from podpora.knowledge.models import Article
from podpora.knowledge.values import Facts, Words
from podpora.web.components.forms import SeenForm
from podpora.web.components.numbers import DayField


class FactsForm(SeenForm):
    """What an article is, besides its words."""

    slug = forms.CharField(label=_("Address"), max_length=80, help_text=_("After /faq/: small letters, digits and hyphens."))
    category = forms.ChoiceField(label=_("Category"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    from_major = forms.IntegerField(label=_("From version"), min_value=1, max_value=10_000, required=False)
    to_major = forms.IntegerField(label=_("To version"), min_value=1, max_value=10_000, required=False)
    review_on = DayField(label=_("Look at it again on"), required=False)
    related = forms.CharField(
        label=_("Related articles"), max_length=800, required=False, help_text=_("Their addresses, with blanks between them.")
    )
    is_guide = forms.BooleanField(label=_("A guide: steps with pictures"), required=False)
    is_internal = forms.BooleanField(label=_("For our own people alone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        shelves = [(row.slug, row.name(language)) for row in queries.categories()]
        self.fields["category"].choices = [("", _("none")), *shelves]  # type: ignore[attr-defined]
        self.fields["product"].choices = [("", _("all products")), *((row.code, row.name) for row in catalog.products())]  # type: ignore[attr-defined]

    def facts(self, sources: tuple[str, ...] = ()) -> Facts:
        said = self.cleaned_data
        return Facts(
            said["slug"].strip(), said["category"], said["product"], said["from_major"], said["to_major"], said["is_internal"],
            said["is_guide"], said["review_on"], tuple(said["related"].replace(",", " ").split()), sources,
        )  # fmt: skip


def facts_of(article: Article) -> dict[str, Any]:
    names = ("slug", "from_major", "to_major", "review_on", "is_guide", "is_internal")
    return {name: getattr(article, name) for name in names} | {
        "category": article.category.slug if article.category else "", "product": article.product.code if article.product else "",
        "related": " ".join(article.related),
    }  # fmt: skip


class NewArticleForm(forms.Form):
    """The first words make the article."""

    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=[("cs", "Čeština"), ("en", "English")])
    category = FactsForm.base_fields["category"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        shelves = [(row.slug, row.name(language)) for row in queries.categories()]
        self.fields["category"].choices = [("", _("none")), *shelves]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """The words in one language."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(label=_("In one sentence"), max_length=300, required=False)
    text = forms.CharField(
        label=_("Text"), max_length=60_000, required=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true", "data-editor": "files spoilers"}),
        help_text=_("Markdown: ## heading, **bold**, - list, | table |, ![picture](address)."),
    )  # fmt: skip
    picture = forms.FileField(
        label=_("Add a picture"), required=False, help_text=_("It is put at the end of the text; move it from there.")
    )
    note = forms.CharField(label=_("What did you change?"), max_length=200, required=False)
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_picture(self) -> Any:
        found = self.cleaned_data.get("picture")
        if found is not None and found.size > PICTURE_SIZE:
            raise forms.ValidationError(_("A picture may have 8 MB at most."))
        return found

    def words(self) -> Words:
        said = self.cleaned_data
        return Words(said["title"], said["summary"], said["text"], said["note"])


class MomentForm(forms.Form):
    publish_at = forms.DateTimeField(
        label=_("Publish on"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )  # fmt: skip


class CategoryForm(SeenForm):
    slug = forms.SlugField(label=_("Address"), max_length=40)
    name_cs = forms.CharField(label=_("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    position = forms.IntegerField(label=_("Place in the order"), min_value=0, max_value=10_000, initial=50)
