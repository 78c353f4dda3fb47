"""Was the customer satisfied? The link of the mail leads here; only the button answers (programs that open links vote nothing)."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from podpora.base.actors import Actor, ActorKind
from podpora.base.decisions import Refused
from podpora.desk import actions, queries
from podpora.desk.values import SCORE_NAMES, Score
from podpora.web.access import public
from podpora.web.request import Request


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("Were you satisfied with our help?"),
        choices=[(score.value, SCORE_NAMES[score]) for score in (Score.GOOD, Score.BAD)],
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("What could we do better?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You need not write anything."),
    )


@public
@require_http_methods(["GET", "POST"])
def rate(request: Request, token: str) -> HttpResponse:
    """Whoever has the link may answer: it went to the one who asked, and shows nothing but the question's number."""
    rating = queries.rating_asked(actions.digest_of(token[:100]))
    shown = {"score": rating.score if rating.score is not None else "", "comment": rating.comment}
    form = RatingForm(request.POST if request.method == "POST" else None, initial=shown)
    refusal = None
    if form.is_valid():
        name = rating.person.name if rating.person else ""
        by = Actor(ActorKind.PERSON, name or rating.ticket.requester.email, person_id=rating.person_id)
        try:
            actions.rate(rating.ticket, Score(form.cleaned_data["score"]), form.cleaned_data["comment"], by=by, at=request.now)
        except Refused as refused:
            refusal = refused.decision
        else:
            return redirect("public:rate_thanks")
    context = {"form": form, "code": rating.ticket.code, "refusal": refusal}
    response = TemplateResponse(request, "public/rate.html", context, status=200 if request.method == "GET" else 422)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@public
@require_http_methods(["GET"])
def thanks(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/rate_thanks.html", {})
