"""Each step of an introduction: a button that says what it did, with Undo."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from connections import introducing, introduction_texts
from connections import undoing_introductions as undoing
from connections.forms.introductions import IntroducingMailForm
from connections.introduction_texts import NotSent
from connections.models import Introduction, Stuck
from networkcrm import mails
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable

Role = Introduction.Role


def locked(request: HttpRequest, introduction_id: UUID) -> Introduction:
    """For a change, which waits for one that is under way."""
    rows = request.user.introductions.with_people()
    found: Introduction = get_object_or_404(
        rows.select_for_update(of=("self",), no_key=True), pk=introduction_id
    )
    return found


def take_step(
    request: HttpRequest,
    introduction: Introduction,
    step: Callable[[], object],
    sentence: str,
) -> bool:
    """Do it and say so, with Undo; or say why it cannot be. In one transaction."""
    before = undoing.Memory(introduction)
    try:
        with transaction.atomic():
            step()
    except Stuck as stuck:
        messages.warning(request, " ".join(stuck.messages))
        return False
    undoable(request, sentence, before.remember())
    return True


def back_from(request: HttpRequest, introduction: Introduction) -> HttpResponse:
    """To the page the button stood on."""
    pages = {"today": "today", "list": "introduction_list"}
    page = pages.get(request.POST.get("from", ""))
    return redirect(page) if page else redirect(introduction)


@require_POST
@transaction.atomic
def introduction_make(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """ "I introduced them", or were introduced: by whatever way."""
    introduction = locked(request, introduction_id)

    def make() -> None:
        introduction.refuse_missing()
        introduction.make()
        done = introducing.set_origins([introduction])
        tell_of_beginnings(request, done)

    day = "in two weeks you are asked whether they met"
    if introduction.role == Role.FOR_ME:
        day = "in two weeks you are asked whether you met"
    take_step(request, introduction, make, f"Introduced: {day}.")
    return back_from(request, introduction)


@transaction.atomic
def introduction_mail(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """The mail to both, sent from this server. It is made by it, and so sent once."""
    introduction = locked(request, introduction_id)
    letter = introduction_texts.introducing_mail(introduction)
    form = IntroducingMailForm(
        request.POST or None, initial={"subject": letter.subject, "text": letter.text}
    )
    context = {
        "introduction": introduction,
        "letter": letter,
        "form": form,
        "mail_is_set_up": mails.is_set_up(),
    }
    template = "connections/introduction_mail.html"
    if request.method != "POST":
        return render(request, template, context)
    if introduction.state != "agreed" or introduction.role != Role.BY_ME:
        messages.warning(
            request, "There is nothing to send: it is not agreed, or done."
        )
        return redirect(introduction)
    if len(letter.to) < 2 or not mails.is_set_up():
        messages.warning(request, "It cannot be sent from here. Copy the text instead.")
        return redirect(introduction)
    if not form.is_valid():
        return render(request, template, context, status=422)
    mail = introduction_texts.Letter(letter.to, **form.cleaned_data)

    def make_and_send() -> None:
        introduction.refuse_missing()
        introduction.make()
        mail.send(request.user)

    try:
        sentence = f"Sent to {' and '.join(letter.to)}."
        take_step(request, introduction, make_and_send, sentence)
    except NotSent as not_sent:
        introduction.refresh_from_db()
        form.add_error(None, str(not_sent))
        return render(request, template, context, status=502)
    return redirect(introduction)


@require_POST
@transaction.atomic
def introduction_meet(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = locked(request, introduction_id)
    take_step(request, introduction, introduction.meet, "They met. Well done.")
    return back_from(request, introduction)


@require_POST
@transaction.atomic
def introduction_close(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = locked(request, introduction_id)
    take_step(request, introduction, introduction.close, "Closed.")
    return back_from(request, introduction)


@require_POST
@transaction.atomic
def introduction_expire(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = locked(request, introduction_id)
    sentence = "Let go. A link that is still out leads nowhere now."
    take_step(request, introduction, introduction.expire, sentence)
    return back_from(request, introduction)


@require_POST
@transaction.atomic
def introduction_later(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = locked(request, introduction_id)
    sentence = "You are asked again in two weeks."
    take_step(request, introduction, introduction.ask_later, sentence)
    return back_from(request, introduction)


@require_POST
@transaction.atomic
def introduction_back(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """Take the last step back."""
    introduction = locked(request, introduction_id)

    def take_back() -> None:
        introducing.take_back(introduction)

    take_step(request, introduction, take_back, "Taken back: one step.")
    return back_from(request, introduction)


def tell_of_beginnings(request: HttpRequest, done: introducing.Beginnings) -> None:
    for sentence in done.refused:
        messages.warning(request, sentence)
    if done.set:
        names = " and ".join(str(origin.contact) for origin in done.set[:3])
        if len(done.set) > 3:
            names = f"{len(done.set)} people"
        messages.info(request, f"How you met {names} is written down with it.")
