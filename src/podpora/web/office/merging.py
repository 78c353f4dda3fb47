"""Two customers that are one (A17): what goes over is shown first; the name of the one that is given up is typed to do it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from podpora.journeys import merging as journey
from podpora.people import queries
from podpora.web.access import technician
from podpora.web.request import Request


class OtherForm(forms.Form):
    other = forms.CharField(
        label=gettext_lazy("The customer that is given up"), max_length=254, help_text=gettext_lazy("Its code (C-…) or address.")
    )


@technician("merge")
@never_cache
def merge(request: Request, code: str) -> HttpResponse:
    """Look up the other one, see what goes over, and do it."""
    keep = queries.customer_visible_to(request.user, code)
    form = OtherForm(request.POST if "other" in request.POST else None, initial={"other": request.GET.get("other", "")[:254]})
    lose = preview = None
    if form.is_valid():
        lose = queries.other_customer(keep, request.user, form.cleaned_data["other"])
        if lose is None:
            form.add_error("other", _("There is no such customer."))
        else:
            preview = journey.preview(lose, keep)
            if preview.decision.allowed and "confirm" in request.POST:
                if request.POST["confirm"].strip() == lose.code:
                    journey.merge_customers(lose, keep, by=request.actor, at=request.now)
                    messages.success(request, _("%(code)s was merged into this customer.") % {"code": lose.code})
                    return redirect("office:customer", keep.code)
                form.add_error(None, _("Write the code of the customer that is given up exactly as it is: then it is done."))
    facts = {"customer": keep, "form": form, "lose": lose, "preview": preview}
    return TemplateResponse(request, "office/merge.html", facts, status=422 if form.errors else 200)
