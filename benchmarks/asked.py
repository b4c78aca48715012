"""The pages that are measured, by the names that stand in the tables."""

from typing import Any
from urllib.parse import quote

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

Paths = dict[str, list[str]]


def asked(owner: Any) -> Paths:
    """The addresses of each page that is asked for over the wire too: a hundred of
    what differs by contact."""
    some = _some(owner)
    words = [
        p.family_name
        for p in some
        if p.family_name.isascii() and len(p.family_name) > 4
    ]
    tag = owner.tags.order_by("key").first()
    page = reverse("contact_list")
    find = f"{reverse('search')}?q="
    return {
        "list": [page],
        "list, by tag, stage and last contact": [
            f"{page}?tag={tag.pk}&sort=last_contact",
            f"{page}?stage=4&sort=last_contact",
        ],
        "contact page": [p.get_absolute_url() for p in some],
        "Today": [reverse("today")],
        "event page": [event.get_absolute_url() for event in _events(owner)],
        "circles": [reverse("circle_list")],
        "insights": [reverse("insights")],
        "path": [f"{reverse('network_path')}?to={p.pk}" for p in some],
        "graph data": [reverse("network_data")],
        "search, whole word": [find + quote(word) for word in words],
        "search, two words": [find + quote(f"{p.full_name} {p.city}") for p in some],
        "search, with a typo": [
            find + quote(word[:2] + word[3] + word[2] + word[4:]) for word in words
        ],
        "search, as you type": [find + quote(word[:3]) for word in words],
        "search, nothing there": [f"{find}xqzwv{n}" for n in range(20)],
    }


def asked_too(owner: Any) -> Paths:
    """The addresses of the other pages, which are measured without the wire."""
    some = _some(owner)
    page = reverse("contact_list")
    year = timezone.localdate(timezone=owner.tz).year
    closest = owner.circles.order_by("seats").first()
    return {
        "list, its last page": [f"{page}?page=1000000"],
        "two in common": [
            reverse("contact_in_common", kwargs={"contact_id": p.pk}) for p in some
        ],
        "duplicates": [reverse("duplicate_list")],
        "events": [reverse("event_list")],
        "introductions": [reverse("introduction_list")],
        "outcomes": [reverse("outcome_list")],
        "follow-ups": [reverse("followup_list")],
        "follow-ups, done": [f"{reverse('followup_list')}?show=done"],
        "circle, its people": [f"{page}?circle={closest.pk}&touch=in-touch"],
        "whom one is losing": [f"{page}?touch=losing"],
        "give": [reverse("give")],
        "give, the matches": [reverse("match_list")],
        "favours": [reverse("favour_list")],
        "capture, its form": [reverse("capture")],
        "insights, twelve months": [f"{reverse('insights')}?when=12-months"],
        "a year in review": [
            reverse("insights_year", kwargs={"year": year}),
            reverse("insights_year", kwargs={"year": year - 1}),
        ],
        "whom one helped": [reverse("insights_helped")],
        "network, its table": [reverse("network")],
        "who brought whom": [reverse("network_tree")],
    }


def _some(owner: Any) -> list[Any]:
    people = owner.contacts.active().order_by("sort_key", "pk")
    step = max(1, people.count() // 100)
    return list(people[::step])[:100]


def _events(owner: Any) -> list[Any]:
    """The ten at which most was written down of people."""
    busy = owner.events.annotate(size=Count("interactions"))
    return list(busy.order_by("-size", "pk")[:10])
