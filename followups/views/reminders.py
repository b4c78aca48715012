"""What is sent to me, where, when, and what came of it."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from followups.forms.reminders import ReminderForm, SubscriptionForm
from followups.models import PushSubscription
from followups.reminders import digest, mailing, push, schedule, unsubscribing
from networkcrm import home, mails
from networkcrm.http import HttpRequest
from networkcrm.templatetags.networkcrm import browser

SHOWN = 10
# More browsers than anybody has; each is asked in turn.
MOST_BROWSERS = 20


def reminder_settings(request: HttpRequest) -> HttpResponse:
    owner = request.user
    form = ReminderForm(request.POST or None, instance=owner)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if form.changed_data:
                schedule.skip_what_is_past(owner, timezone.now())
        messages.success(request, _what_comes(request))
        return redirect("reminder_settings")
    if form.errors:
        # The rest of the page tells what is so, not what was typed.
        owner.refresh_from_db()
    context = {
        "form": form,
        "browsers": owner.pushsubscriptions.order_by("created_at", "pk"),
        "reminders": owner.reminders.shown()[:SHOWN],
        "mail_is_set_up": mails.is_set_up(),
        "public_key": _public_key(),
    }
    status = 422 if form.errors else 200
    return render(request, "followups/reminder_settings.html", context, status=status)


def _what_comes(request: HttpRequest) -> str:
    owner = request.user
    if not owner.mails_digest:
        return "Saved. There is no daily mail."
    today = timezone.localdate()
    is_settled = owner.reminders.filter(kind="digest", about=today.isoformat())
    is_to_come = schedule.begins(today, owner) > timezone.now()
    day = "today" if is_to_come and not is_settled.exists() else "tomorrow"
    return f"Saved. The next mail comes {day} at {owner.digest_hour}:00."


def _public_key() -> str:
    """ "" when none can be kept, which the page tells."""
    try:
        return push.public_key()
    except home.SetupError:
        return ""


@require_POST
def subscription_add(request: HttpRequest) -> HttpResponse:
    """This browser gets notices from now on."""
    device = browser(request.headers.get("User-Agent", ""))[:100]
    subscription = PushSubscription(owner=request.user, device=device)
    form = SubscriptionForm(request.POST, instance=subscription)
    if not form.is_valid():
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        messages.warning(request, f"It is not turned on. {wrong[0]}")
    elif _are_too_many(request, form.instance):
        messages.warning(
            request, "So many browsers are too many: remove some of them first."
        )
    else:
        messages.success(request, f"{form.save()} gets notices now. Try it out.")
    return redirect("reminder_settings")


def _are_too_many(request: HttpRequest, subscription: PushSubscription) -> bool:
    is_new = subscription._state.adding
    return is_new and request.user.pushsubscriptions.count() >= MOST_BROWSERS


@require_POST
def subscription_delete(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """No undo: only that browser itself can turn it on again."""
    subscription = get_object_or_404(request.user.pushsubscriptions, pk=subscription_id)
    subscription.delete()
    messages.success(request, f"{subscription} gets no notices any more.")
    return redirect("reminder_settings")


@require_POST
def reminder_test(request: HttpRequest) -> HttpResponseBase:
    """Send something now, and say what came of it."""
    too_often = ratelimit.consume_or_429(
        request, action="reminder_test", user=request.user
    )
    if too_often:
        return too_often
    if request.POST.get("channel") == "push":
        _try_push(request)
    else:
        _try_mail(request)
    return redirect("reminder_settings")


def _try_mail(request: HttpRequest) -> None:
    if not mails.is_set_up():
        mailing.send(digest.mail_to_try(request.user))
        messages.warning(
            request, "Mails go to the terminal here: set EMAIL_URL to send them."
        )
        return
    try:
        mailing.send(digest.mail_to_try(request.user))
    except (mailing.Refused, mailing.Unclear) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"A mail is on its way to {request.user.email}.")


def _try_push(request: HttpRequest) -> None:
    words = push.Words(
        "This is how a notice arrives",
        "A tap on it opens the page it is about.",
        reverse("reminder_settings"),
        "test",
    )
    browsers = request.user.pushsubscriptions.all()[:MOST_BROWSERS]
    if not browsers:
        messages.warning(request, "No browser takes notices yet: turn them on first.")
        return
    outcome = push.push(browsers, words, timezone.now())
    if outcome.taken:
        names = " and ".join(str(one) for one in outcome.taken)
        messages.success(request, f"A notice is on its way to {names}.")
    for one in outcome.gone:
        messages.warning(
            request,
            f"{one} does not want notices any more, and was removed. Turn them on"
            " again there.",
        )
    for problem in outcome.problems:
        messages.error(request, problem)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True, private=True)
def digest_off(request: HttpRequest, token: str) -> HttpResponseBase:
    """Behind the link in each mail. Looking at it changes nothing.

    A mail program posts on its own what RFC 8058 says, and brings no cookie: there is
    nothing of this browser's to be abused. The button is a form like any other.
    """
    too_often = ratelimit.consume_or_429(
        request, action="digest_off", key=token, limit_get=True
    )
    if too_often:
        return too_often
    is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    return _digest_off(request, token) if is_one_click else _by_hand(request, token)


def _digest_off(request: HttpRequest, token: str) -> HttpResponse:
    owner = unsubscribing.owner_of(token)
    if owner is None:
        raise Http404("This address leads nowhere.")
    if request.method == "POST":
        unsubscribing.switch_off(owner)
    response = render(
        request, "followups/reminder_off.html", {"is_on": owner.mails_digest}
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


_by_hand = csrf_protect(_digest_off)
