"""How often the one who was meant is found, and found first."""

import tomllib
from pathlib import Path

import pytest

from contacts.search import search
from networkcrm import derived
from tests.factories import (
    AttendanceFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    EventFactory,
    FactFactory,
    FavourFactory,
    FollowUpFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db

SET = tomllib.loads(Path(__file__).with_name("search_quality.toml").read_text())
# Of all that is asked: found first, and found among the first three.
FIRST, AMONG_THREE = 0.97, 1


@derived.batch()
def fill(user):
    there = {}
    for name, knows in SET["people"].items():
        columns = {k: knows.get(k, "") for k in ("city", "headline")}
        work = knows.get("organization")
        there[name] = person = ContactFactory(
            owner=user,
            full_name=name,
            about=knows.get("notes", ""),
            organization=work and OrganizationFactory(owner=user, name=work),
            **columns,
        )
        for kind in ("email", "phone", "handle"):
            if value := knows.get(kind):
                service = "mastodon" if kind == "handle" else ""
                ContactMethodFactory(
                    contact=person, kind=kind, value=value, service=service
                )
        if knows.keys() & {"event", "introducer", "story", "platform"}:
            event = knows.get("event")
            OriginFactory(
                contact=person,
                event=event and EventFactory(owner=user, name=event),
                introducer=there.get(knows.get("introducer")),
                story=knows.get("story", ""),
                platform=knows.get("platform", ""),
            )
        if text := knows.get("fact"):
            FactFactory(contact=person, kind="works_on", text=text)
        if text := knows.get("interaction"):
            InteractionFactory(owner=user, text=text, with_contacts=[person])
        if tag := knows.get("tag"):
            ContactTagFactory(contact=person, tag=TagFactory(owner=user, name=tag))
        if event := knows.get("attended"):
            AttendanceFactory(
                event=EventFactory(owner=user, name=event),
                contact=person,
                talking_points=knows["talking_points"],
            )
        if title := knows.get("followup"):
            FollowUpFactory(contact=person, title=title)
        if text := knows.get("favour"):
            FavourFactory(contact=person, text=text)


def test_who_is_meant_is_found_first_and_nobody_else_where_nobody_is_meant(user):
    fill(user)
    asked = [
        (kind, typed, meant)
        for kind, queries in SET["asked"].items()
        for typed, meant in queries.items()
    ]

    found = {typed: search(user, typed).hits for _, typed, _ in asked}

    places = {}
    for kind, typed, meant in asked:
        names = [hit.contact.full_name for hit in found[typed]]
        if meant:
            place = names.index(meant) + 1 if meant in names else None
            if place != 1:
                places[f"{kind}: {typed}"] = (place, names[:3])
        elif names:
            places[f"{kind}: {typed}"] = ("should be nobody", names[:3])
    sought = [typed for _, typed, meant in asked if meant]
    late = [typed for typed, (place, _) in places.items() if place not in (2, 3)]
    assert not late, places
    assert 1 - len(places) / len(sought) >= FIRST, places
