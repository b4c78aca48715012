"""My card, and its page for others."""

from django.urls import path

from events.views import card_pages, cards

urlpatterns = [
    path("me/", cards.me, name="me"),
    path("me/offers/add/", cards.card_offer_create, name="card_offer_create"),
    path("offers/<uuid:offer_id>/", cards.card_offer_edit, name="card_offer_edit"),
    path(
        "offers/<uuid:offer_id>/delete/",
        cards.card_offer_delete,
        name="card_offer_delete",
    ),
    path("me/links/add/", cards.card_link_create, name="card_link_create"),
    path("links/<uuid:link_id>/renew/", cards.card_link_renew, name="card_link_renew"),
    path(
        "links/<uuid:link_id>/revoke/", cards.card_link_revoke, name="card_link_revoke"
    ),
    path("c/<str:token>/", card_pages.card, name="card"),
    path("c/<str:token>/card.vcf", card_pages.card_vcf, name="card_vcf"),
    path("c/<str:token>/thanks/", card_pages.card_thanks, name="card_thanks"),
]
