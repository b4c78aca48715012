"""Asking the people of an introduction: by a link, by mail, by hand; and the page
behind the link, the one that is open to people without an account."""

from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from connections import introducing, introduction_texts
from connections import undoing_introductions as undoing
from connections.forms.introductions import AnswerForm, QuestionForm
from connections.introduction_texts import Letter, NotSent
from connections.models import Consent, Introduction, Party, Stuck
from connections.views.introduction_steps import back_from, locked, take_step
from networkcrm import mails
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@transaction.atomic
def introduction_ask(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """Ask ?party=a|b|introducer."""
    introduction = locked(request, introduction_id)
    party = _party(request, introduction)
    consent = introduction.consents.filter(party=party).first()
    letter = introduction_texts.question(introduction, party)
    initial = {
        "subject": letter.subject,
        "message": (consent and consent.message) or letter.text,
        "seen_at": _version(consent),
    }
    form = QuestionForm(request.POST or None, initial=initial)
    context = {
        "introduction": introduction,
        "party": party,
        "name": introduction.name_of(party),
        "consent": consent,
        "form": form,
        "letter": letter,
        "mail_is_set_up": mails.is_set_up(),
    }
    template = "connections/introduction_ask.html"
    if request.method != "POST":
        return render(request, template, context)
    way = request.POST.get("way", "link")
    if way == "hand":
        take_step(
            request,
            introduction,
            lambda: introducing.ask_by_hand(introduction, party),
            f"Asked {introduction.name_of(party)}. Write down here what they say.",
        )
        return redirect(introduction)
    if not form.is_valid():
        return render(request, template, context, status=422)
    if way == "mail" and form.cleaned_data["seen_at"] != _version(consent):
        messages.warning(
            request, f"{introduction.name_of(party)} was asked a moment ago: not sent."
        )
        return redirect(introduction)
    if way == "mail" and not (letter.to and mails.is_set_up()):
        messages.warning(request, "It cannot be sent from here. Copy the link instead.")
        return redirect(introduction)
    return _ask_by_link(request, introduction, party, form, letter, context)


def _ask_by_link(
    request: HttpRequest,
    introduction: Introduction,
    party: Party,
    form: QuestionForm,
    letter: Letter,
    context: dict[str, object],
) -> HttpResponse:
    """The link is shown in the answer to the POST and nowhere else: only its hash is
    kept, so there is no address that could show it again."""
    before = undoing.Memory(introduction)
    message = form.cleaned_data["message"]
    by_mail = request.POST.get("way") == "mail"
    try:
        with transaction.atomic():
            token = introducing.ask_by_link(introduction, party, message)
            path = reverse("consent_answer", kwargs={"token": token})
            link = f"{settings.BASE_URL}{path}"
            text = f"{message}\n\nYes, no or not now: {link}\n"
            mail = Letter(letter.to, form.cleaned_data["subject"], text)
            if by_mail:
                mail.send(request.user)
    except Stuck as stuck:
        messages.warning(request, " ".join(stuck.messages))
        return redirect(introduction)
    except NotSent as not_sent:
        form.add_error(None, str(not_sent))
        template = "connections/introduction_ask.html"
        return render(request, template, context, status=502)
    sent = f"Sent to {letter.to[0]}." if by_mail else "The link is ready."
    undoable(request, sent, before.remember())
    context |= {"link": link, "mail": mail, "is_sent": by_mail}
    response = render(request, "connections/introduction_link.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _party(request: HttpRequest, introduction: Introduction) -> Party:
    """Whom the address names; without one, the first who has not said yes."""
    asked = request.POST.get("party") or request.GET.get("party")
    if asked is None:
        yes = introduction.consents.filter(answer=Consent.Answer.YES)
        said = set(yes.values_list("party", flat=True))
        left = [party for party in introduction.asked_parties if party not in said]
        return (left or introduction.asked_parties)[0]
    if asked not in introduction.asked_parties:
        raise Http404
    return Party(asked)


def _version(consent: Consent | None) -> str:
    return consent.updated_at.isoformat() if consent else ""


@require_POST
@transaction.atomic
def introduction_answer(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """What I was told by one I asked myself."""
    introduction = locked(request, introduction_id)
    party = _party(request, introduction)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        messages.warning(request, " ".join(wrong))
        return redirect(introduction)
    said = Consent.Answer(form.cleaned_data["answer"]).label
    take_step(
        request,
        introduction,
        lambda: introducing.answer_by_hand(introduction, party, **form.cleaned_data),
        f"{introduction.name_of(party)} said {said}.",
    )
    return back_from(request, introduction)


@require_POST
@transaction.atomic
def introduction_withdraw(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """The link leads nowhere any more; the question stays asked."""
    introduction = locked(request, introduction_id)
    consent = introduction.consents.filter(party=_party(request, introduction)).first()

    def withdraw() -> None:
        if consent is None or not consent.is_link_open:
            raise Stuck("There is no link that could be answered.")
        consent.withdraw_link()
        introduction.save(update_fields=["updated_at"])

    take_step(request, introduction, withdraw, "The link leads nowhere now.")
    return redirect(introduction)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True, private=True)
def consent_answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the asked person sees. A GET changes nothing, so that a preview of the
    link or an impatient scanner answers for nobody."""
    too_often = ratelimit.consume_or_429(
        request, action="consent_answer", key=token, limit_get=True
    )
    if too_often:
        return too_often
    consent = introducing.consent_of(token)
    if consent is None:
        return _page(request, {"sentence": NOWHERE}, 404)
    me = consent.owner.contacts.get(is_me=True)
    context: dict[str, object] = {"consent": consent, "me": me}
    if sentence := _too_late(consent):
        return _page(request, context | {"sentence": sentence}, 410)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not introducing.answer_by_link(consent, **form.cleaned_data):
            return _page(request, context | {"sentence": SETTLED}, 410)
        thanks = THANKS[form.cleaned_data["answer"]]
        return _page(request, context | {"thanks": thanks}, 200)
    status = 422 if form.errors else 200
    return _page(request, context | {"form": form}, status)


NOWHERE = (
    "This link leads nowhere: it was cut short on its way, or taken back. Whoever sent"
    " it to you can send you another."
)
ANSWERED = "This was answered already. Thank you: there is nothing left to do."
EXPIRED = "This question has waited too long and can no longer be answered here."
SETTLED = "This is settled already. Thank you: there is nothing left to do."
THANKS = {
    "yes": "Thank you. You will hear from {name} soon.",
    "no": "Thank you for saying so. Nobody is told but {name}.",
    "not_now": "Thank you. {name} will not ask again too soon.",
}


def _too_late(consent: Consent) -> str:
    if consent.answer:
        return ANSWERED
    if consent.is_expired:
        return EXPIRED
    introduction = consent.introduction
    return "" if introducing.is_awaited(consent, introduction) else SETTLED


def _page(
    request: HttpRequest, context: dict[str, object], status: int
) -> HttpResponse:
    if "thanks" in context:
        name = context["me"]
        context["thanks"] = str(context["thanks"]).format(name=name)
    response = render(request, "connections/consent.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if "form" not in context:
        # With a form, "same-origin" of the settings stays: by "no-referrer" a browser
        # sends "Origin: null" with the answer, which is refused as forged. Neither
        # tells any other site the address.
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
