"""What links the rows of this app to contacts and to what they told me."""

from django.db import connection

from contacts.purging import purge
from tests.factories import (
    ContactFactory,
    FactFactory,
    FavourFactory,
    SuggestionFactory,
)


def test_who_is_deleted_for_ever_leaves_what_was_about_others(user):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    gone = ContactFactory(owner=user)
    need, offer = FactFactory(contact=gone), FactFactory(contact=gone, kind="offer")
    favour = FavourFactory(contact=ana, met_need=need)
    suggestion = SuggestionFactory(contact=ana, need=need, offer=offer)
    SuggestionFactory(contact=ana, other=gone)
    SuggestionFactory(contact=gone)

    purge(user, [gone.pk])
    connection.check_constraints()

    assert [s.pk for s in user.suggestions.all()] == [suggestion.pk]
    suggestion.refresh_from_db()
    assert (suggestion.need, suggestion.offer) == (None, None)
    favour.refresh_from_db()
    assert favour.met_need is None
