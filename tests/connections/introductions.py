"""The form of introductions, and what it answers."""

from django.urls import reverse

FOR_ME, BY_ME, BETWEEN = "?role=for-me", "?role=by-me", "?role=between"
LIST = reverse("introduction_list")


def typed(**fields):
    """What the form sends: by default, it has happened, in a public mention."""
    return {
        "kind": "mention",
        "has_happened": "True",
        "introducer": "Lena Brandt",
        "event": "",
        "seen_at": "",
    } | fields


def record(client, query=FOR_ME, follow=True, **fields):
    sent = {name.replace("_", "-") if name.startswith("with_") else name: value
            for name, value in fields.items()}  # fmt: skip
    return client.post(
        reverse("introduction_create") + query, typed(**sent), follow=follow
    )


def errors(response):
    return response.context["form"].errors


def names(introductions):
    return [introduction.title for introduction in introductions]
