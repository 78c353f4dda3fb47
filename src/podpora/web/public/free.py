"""Get FREE: the key by e-mail, the same journey as the program's own form (A-13)."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from podpora.base.addresses import address_of, neighbourhood
from podpora.base.counting import count
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.journeys import registration
from podpora.web.access import public
from podpora.web.origin import same_origin
from podpora.web.request import Request

AN_HOUR = 3600
ASKED_AN_HOUR = 30  # from one network address


class FreeForm(forms.Form):
    """Where to send the key. Robots fall into a field that people do not see."""

    product = forms.ChoiceField(label=gettext_lazy("Program"))
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), max_length=254, help_text=gettext_lazy("The key goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    website = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def __init__(self, *args: object, products: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = products
        if len(products) == 1:
            field.widget, field.initial = forms.HiddenInput(), products[0][0]


@same_origin
@public
def free(request: Request) -> HttpResponse:
    """The form, and after it a page that says the same to everybody."""
    form = FreeForm(request.POST or None, products=_products())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if not data["website"] and not _too_many(request):
                registration.ask(data["product"], data["email"], get_language() or "", at=request.now)
        except InvalidInput:
            form.add_error("email", _("This cannot be used. Please correct it."))
        else:
            return HttpResponseRedirect(reverse("public:free_sent"))
    return TemplateResponse(request, "public/free.html", {"form": form})


@public
def sent(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/free_sent.html")


def _products() -> list[tuple[str, str]]:
    """The products that have a FREE edition."""
    return [(product.code, product.name) for product in catalog.products_with_edition("free")]


def _too_many(request: Request) -> bool:
    key = f"free:{neighbourhood(address_of(request))}"
    return count(key, seconds=AN_HOUR) > ASKED_AN_HOUR
