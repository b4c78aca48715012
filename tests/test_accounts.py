import re
import threading
import time
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from time_machine import travel

from networkcrm.accounts import lock_first_account
from networkcrm.models import User

PASSWORD = "a long passphrase"


@pytest.fixture
def visitor(db):
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def owner(db):
    return User.objects.create_user("noor@example.org", PASSWORD)


def sign_up(visitor, email="noor@example.org", **extra):
    data = {"email": email, "password1": PASSWORD, "time_zone": "UTC"}
    return visitor.post(reverse("account_signup"), data | extra)


def sign_in(visitor, email="noor@example.org", password=PASSWORD, **extra):
    data = {"login": email, "password": password}
    return visitor.post(reverse("account_login"), data, **extra)


def confirm(visitor):
    """Say the password once more, as before every change of how one signs in."""
    visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_signed_in(visitor):
    return visitor.get(reverse("today")).status_code == 200


def test_first_visit_makes_the_owner(visitor):
    first = visitor.get("/", follow=True)
    answer = sign_up(visitor, time_zone="Europe/Berlin")

    owner = User.objects.get()
    assert first.redirect_chain[-1] == (reverse("account_signup"), 302)
    assert answer.url == reverse("today")
    assert (owner.email, owner.time_zone) == ("noor@example.org", "Europe/Berlin")
    assert owner.is_superuser
    assert owner.is_staff
    assert EmailAddress.objects.get().verified


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_first_visitors_becomes_the_owner():
    answers = []
    threads = [
        threading.Thread(target=lambda n=n: race(answers, f"visitor{n}@example.org"))
        for n in range(2)
    ]

    with transaction.atomic():
        lock_first_account()
        for thread in threads:
            thread.start()
        wait_until_both_are_at_the_lock()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 403]
    assert [user.is_superuser for user in User.objects.all()] == [True]


def race(answers, email):
    answers.append(sign_up(Client(), email).status_code)
    connection.close()


def wait_until_both_are_at_the_lock():
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    )
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while cursor.execute(waiting).fetchone() != (2,):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_sign_up_is_closed_after_the_first_account(visitor, owner):
    shown, sent = visitor.get(reverse("account_signup")), sign_up(visitor, "m@x.org")

    assert b"Sign-up is closed" in shown.content
    assert b"Sign-up is closed" in sent.content
    assert User.objects.count() == 1


def test_a_setting_opens_sign_up_but_not_the_admin_site(visitor, owner, settings):
    settings.SIGNUP_OPEN = True

    sign_up(visitor, "mo@example.org")

    assert User.objects.values_list("email", "is_superuser").get(
        email="mo@example.org"
    ) == ("mo@example.org", False)


def test_sign_in_does_not_mind_capitals(visitor, owner):
    sign_in(visitor, "Noor@Example.ORG")

    assert is_signed_in(visitor)


def test_signing_out_needs_a_post(visitor, owner):
    sign_in(visitor)

    visitor.get(reverse("account_logout"))
    assert is_signed_in(visitor)

    visitor.post(reverse("account_logout"))
    assert not is_signed_in(visitor)


def test_nobody_learns_who_has_an_account(visitor, owner):
    wrong = [
        sign_in(visitor, email, "not the passphrase").context["form"].errors
        for email in ("noor@example.org", "nobody@example.org")
    ]
    reset = [
        visitor.post(reverse("account_reset_password"), {"email": email}).url
        for email in ("noor@example.org", "nobody@example.org")
    ]

    assert wrong[0] == wrong[1]
    assert reset[0] == reset[1]


def test_five_wrong_passwords_close_the_account_for_a_while(visitor, owner):
    for _ in range(5):
        sign_in(visitor, password="guess")

    refused = sign_in(visitor)
    with travel(time.time() + 400, tick=True):
        sign_in(visitor)
        later = is_signed_in(visitor)

    assert refused.context["form"].non_field_errors() == [
        "Too many failed login attempts. Try again later."
    ]
    assert later


def test_too_many_attempts_get_a_page_that_says_so(visitor, owner):
    for _ in range(30):
        sign_in(visitor, f"{_}@example.org", "guess")

    refused = sign_in(visitor)

    assert refused.status_code == 429
    assert b"That was too often" in refused.content


FORGED = {
    "HTTP_HOST": "evil.example",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "ftp",
}


@pytest.mark.parametrize("hosts", [["*"], ["localhost"]])
def test_links_in_mails_do_not_believe_the_browser(visitor, owner, settings, hosts):
    settings.ALLOWED_HOSTS = hosts

    visitor.post(
        reverse("account_reset_password"), {"email": "noor@example.org"}, **FORGED
    )

    if hosts == ["*"]:
        assert (
            f"{settings.BASE_URL}/accounts/password/reset/key/" in mail.outbox[0].body
        )
    assert [m for m in mail.outbox if "evil" in m.subject + m.body] == []


def test_a_forgotten_password_is_replaced(visitor, owner):
    visitor.post(reverse("account_reset_password"), {"email": "noor@example.org"})
    link = re.search(r"http\S+/reset/key/\S+", mail.outbox[0].body)[0]
    form = visitor.get(link.removeprefix(settings.BASE_URL), follow=True)
    new = {"password1": "another passphrase", "password2": "another passphrase"}
    visitor.post(form.redirect_chain[-1][0], new)

    sign_in(visitor, password="another passphrase")

    assert is_signed_in(visitor)
    assert mail.outbox[0].subject == "networkcrm: a new password"
    assert mail.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL
    assert mail.outbox[1].subject == "networkcrm: your password is changed"


def test_a_mail_server_that_is_away_is_no_crash(visitor, owner, monkeypatch):
    def away(self, *args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    answers = [
        visitor.post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in ("noor@example.org", "nobody@example.org")
    ]

    assert [b"could not be sent" in answer.content for answer in answers] == [True] * 2


def test_a_new_address_counts_once_it_is_confirmed(visitor, owner):
    sign_in(visitor)
    confirm(visitor)

    visitor.post(reverse("account_email"), {"email": "n@new.org", "action_add": ""})
    before = User.objects.get().email
    link = re.search(r"http\S+/confirm-email/\S+", mail.outbox[0].body)[0]
    visitor.post(link.removeprefix(settings.BASE_URL))

    assert mail.outbox[0].to == ["n@new.org"]
    assert (before, User.objects.get().email) == ("noor@example.org", "n@new.org")


def test_changing_how_one_signs_in_asks_again_after_a_while(visitor, owner):
    sign_in(visitor)
    confirm(visitor)

    soon = visitor.get(reverse("mfa_activate_totp"))
    with travel(time.time() + 600, tick=True):
        later = visitor.get(reverse("mfa_activate_totp"))

    assert soon.status_code == 200
    assert later.url.startswith(reverse("account_reauthenticate"))


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def secret(owner):
    """The owner's authenticator app and recovery codes are on."""
    visitor = Client()
    sign_in(visitor)
    confirm(visitor)
    secret = visitor.get(reverse("mfa_activate_totp")).context["form"].secret
    visitor.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def test_a_second_step_is_asked_for(visitor, owner, secret):
    answer = sign_in(visitor)
    wrong = visitor.post(reverse("mfa_authenticate"), {"code": "000000"})
    half_way = is_signed_in(visitor)
    with travel(time.time() + 90, tick=True):
        visitor.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

        assert answer.url == reverse("mfa_authenticate")
        assert wrong.context["form"].errors == {"code": ["Incorrect code."]}
        assert not half_way
        assert is_signed_in(visitor)


def test_a_recovery_code_lets_in_once(owner, secret):
    codes = RecoveryCodes(owner.authenticator_set.get(type="recovery_codes"))
    code = codes.get_unused_codes()[0]
    let_in = []

    for _ in range(2):
        visitor = Client()
        sign_in(visitor)
        visitor.post(reverse("mfa_authenticate"), {"code": code})
        let_in.append(is_signed_in(visitor))

    assert let_in == [True, False]


def test_the_admin_site_is_no_way_around_the_second_step(visitor, owner):
    answer = visitor.get(reverse("admin:login"))

    assert answer.url.startswith(reverse("account_login"))


def test_sign_out_everywhere_else(owner):
    here, elsewhere = Client(), Client(headers={"user-agent": "Firefox/1 Android"})
    sign_in(here)
    sign_in(elsewhere)

    listed = here.get(reverse("usersessions_list")).content.decode()
    here.post(reverse("usersessions_list"))

    assert "Firefox on Android" in listed
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)


def test_a_new_password_ends_the_other_sessions(owner):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)

    new = {"password1": "another passphrase", "password2": "another passphrase"}
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})

    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)


def test_every_mail_is_ours():
    theirs = Path(allauth.__file__).parent / "templates"
    ours = settings.BASE_DIR / "templates"
    mails = [
        path.relative_to(theirs)
        for app in ("account", "mfa")
        for path in (theirs / app / "email").iterdir()
        # Signing in by a mailed code is switched off.
        if "_code_" not in path.name
    ]

    assert [str(path) for path in mails if not (ours / path).exists()] == []


def test_settings_are_kept(client, user):
    data = {"time_zone": "Asia/Tokyo", "phone_region": "JP", "theme": "dark"}

    client.post(reverse("settings"), data)
    page = client.get(reverse("settings")).content.decode()

    user.refresh_from_db()
    assert (user.time_zone, user.phone_region) == ("Asia/Tokyo", "JP")
    assert ' data-theme="dark"' in page


def test_settings_refuse_what_cannot_be(client, user):
    data = {"time_zone": "Moon/Base", "phone_region": "XX", "theme": "pink"}

    form = client.post(reverse("settings"), data).context["form"]

    user.refresh_from_db()
    assert sorted(form.errors) == ["phone_region", "theme", "time_zone"]
    assert user.time_zone == "UTC"


@pytest.mark.parametrize("theme", ['"><script>', "pink"])
def test_a_theme_nobody_knows_is_not_repeated(client, theme):
    client.cookies["theme"] = theme

    page = client.get(reverse("settings")).content.decode()

    assert "data-theme" not in page.split("<html", 1)[1].partition(">")[0]
