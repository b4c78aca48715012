"""One row of each kind, by the name that addresses give it."""

import io

from PIL import Image

from contacts import photos
from tests.factories import (
    CircleFactory,
    ConsentFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    DistinctFactory,
    EventFactory,
    FactFactory,
    GraphLayoutFactory,
    ImportantDateFactory,
    ImportFactory,
    ImportRowFactory,
    InteractionFactory,
    IntroductionFactory,
    MergedUidFactory,
    OrganizationFactory,
    OriginFactory,
    OutcomeFactory,
    RelationshipFactory,
    TagFactory,
)


def a_picture(size=(3, 2), format="PNG"):
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format)
    return out.getvalue()


def one_of_each(owner):
    """Returns {name of the URL's argument: its value}."""
    lena = ContactFactory(owner=owner, full_name="Lena Brandt")
    event = EventFactory(owner=owner)
    batch = ImportFactory(owner=owner)
    contact = ContactFactory(
        owner=owner,
        full_name="Maya Lindqvist",
        organization=OrganizationFactory(owner=owner),
        circle=CircleFactory(owner=owner),
    )
    contact.photo.save("x", photos.cleaned(a_picture()))
    method = ContactMethodFactory(contact=contact)
    tag = ContactTagFactory(contact=contact, tag=TagFactory(owner=owner)).tag
    origin = OriginFactory(contact=contact, introducer=lena, event=event)
    introduction = IntroductionFactory(owner=owner, a=lena, b=contact, event=event)
    owner.origins.filter(pk=origin.pk).update(introduction=introduction)
    relationship = RelationshipFactory(
        owner=owner, from_contact=lena, to_contact=contact
    )
    outcome = OutcomeFactory(
        owner=owner,
        introduction=introduction,
        event=event,
        with_contacts=[contact],
    )
    distinct = DistinctFactory(one=lena, other=contact, owner=owner)
    GraphLayoutFactory(owner=owner, positions={str(contact.pk): [0.5, 0.5]})
    interaction = InteractionFactory(owner=owner, event=event, with_contacts=[contact])
    return {
        "contact_id": contact.pk,
        "organization_id": contact.organization_id,
        "circle_id": contact.circle_id,
        "tag_id": tag.pk,
        "method_id": method.pk,
        "fact_id": FactFactory(contact=contact).pk,
        "date_id": ImportantDateFactory(contact=contact).pk,
        "import_id": batch.pk,
        "row_id": ImportRowFactory(batch=batch, contact=contact).pk,
        "event_id": event.pk,
        "origin_id": origin.pk,
        "interaction_id": interaction.pk,
        "introduction_id": introduction.pk,
        "consent_id": ConsentFactory(introduction=introduction).pk,
        "relationship_id": relationship.pk,
        "kind_id": relationship.kind_id,
        "outcome_id": outcome.pk,
        "distinct_id": distinct.pk,
        "uid_id": MergedUidFactory(contact=contact).pk,
    }
