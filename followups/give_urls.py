from django.urls import path

from followups.views import favours, give

urlpatterns = [
    path("give/", give.give, name="give"),
    path("give/add/", give.give_add, name="give_add"),
    path("give/matches/", give.match_list, name="match_list"),
    path(
        "give/matches/<uuid:need_id>/<uuid:contact_id>/unfit/",
        give.match_unfit,
        name="match_unfit",
    ),
    path("give/<uuid:fact_id>/still/", give.give_still, name="give_still"),
    path("give/<uuid:fact_id>/met/", give.give_met, name="give_met"),
    path("give/<uuid:fact_id>/stale/", give.give_stale, name="give_stale"),
    path("give/favours/", favours.favour_list, name="favour_list"),
    path("give/favours/add/", favours.favour_create, name="favour_create"),
    path("give/favours/<uuid:favour_id>/", favours.favour_edit, name="favour_edit"),
    path(
        "give/favours/<uuid:favour_id>/delete/",
        favours.favour_delete,
        name="favour_delete",
    ),
]
