"""The buttons of an introduction, pressed by its owner; the link, by who is asked."""

from django.urls import reverse


def press(client, introduction, verb, **data):
    url = reverse(f"introduction_{verb}", args=[introduction.pk])
    response = client.post(url, data, follow=True)
    introduction.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in response.context["messages"]]


def undo(client, response):
    """Press the Undo of the latest message that has one."""
    messages = [m for m in response.context["messages"] if m.extra_tags]
    return said(client.post(messages[-1].extra_tags, follow=True))


def link(token):
    return reverse("consent_answer", args=[token])


def answer(visitor, token, answer="yes", words=""):
    return visitor.post(link(token), {"answer": answer, "words": words})


def ask(client, introduction, **data):
    sent = {"party": "a", "way": "link", "message": "May I?", "subject": "Tom"}
    return press(client, introduction, "ask", **(sent | {"seen_at": ""} | data))


def state(introduction):
    introduction.refresh_from_db()
    return introduction.state
