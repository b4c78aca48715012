"""The pages that are measured, by the names that stand in the table."""

from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone


def asked(owner: Any) -> dict[str, list[str]]:
    """The addresses of each measure: a hundred of what differs by contact."""
    people = owner.contacts.active().order_by("sort_key", "pk")
    step = max(1, people.count() // 100)
    some = list(people[::step])[:100]
    words = [
        p.family_name
        for p in some
        if p.family_name.isascii() and len(p.family_name) > 4
    ]
    tag = owner.tags.order_by("key").first()
    page = reverse("contact_list")
    year = timezone.localdate(timezone=owner.tz).year
    closest = owner.circles.order_by("seats").first()
    find = f"{reverse('search')}?q="
    return {
        "list": [page],
        "list, by tag, stage and last contact": [
            f"{page}?tag={tag.pk}&sort=last_contact",
            f"{page}?stage=4&sort=last_contact",
        ],
        "contact page": [p.get_absolute_url() for p in some],
        "two in common": [
            reverse("contact_in_common", kwargs={"contact_id": p.pk}) for p in some
        ],
        "duplicates": [reverse("duplicate_list")],
        "outcomes": [reverse("outcome_list")],
        "Today": [reverse("today")],
        "follow-ups": [reverse("followup_list")],
        "follow-ups, done": [f"{reverse('followup_list')}?show=done"],
        "circles": [reverse("circle_list")],
        "circle, its people": [f"{page}?circle={closest.pk}&touch=in-touch"],
        "whom one is losing": [f"{page}?touch=losing"],
        "give": [reverse("give")],
        "give, the matches": [reverse("match_list")],
        "favours": [reverse("favour_list")],
        "capture": [reverse("capture")],
        "insights": [reverse("insights")],
        "insights, twelve months": [f"{reverse('insights')}?when=12-months"],
        "a year in review": [
            reverse("insights_year", kwargs={"year": year}),
            reverse("insights_year", kwargs={"year": year - 1}),
        ],
        "whom one helped": [reverse("insights_helped")],
        "network, its table": [reverse("network")],
        "network, its picture": [reverse("network_data")],
        "who brought whom": [reverse("network_tree")],
        "the way to someone": [f"{reverse('network_path')}?to={p.pk}" for p in some],
        "search, whole word": [find + quote(word) for word in words],
        "search, two words": [find + quote(f"{p.full_name} {p.city}") for p in some],
        "search, with a typo": [
            find + quote(word[:2] + word[3] + word[2] + word[4:]) for word in words
        ],
        "search, as you type": [find + quote(word[:3]) for word in words],
        "search, nothing there": [f"{find}xqzwv{n}" for n in range(20)],
    }
