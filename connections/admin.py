from django.contrib import admin

from connections.models import (
    Consent,
    GraphLayout,
    Interaction,
    Introduction,
    Origin,
    Outcome,
    OutcomeShare,
    Participation,
    Relationship,
    RelationshipKind,
)
from networkcrm.admin import OwnedAdmin, OwnedInline


class ParticipationInline(OwnedInline):
    model = Participation
    fields = readonly_fields = ("contact",)


@admin.register(Interaction)
class InteractionAdmin(OwnedAdmin):
    list_display = ("__str__", "kind", "in_person", "on", "platform", "event")
    list_filter = ("kind", "in_person", "platform")
    search_fields = ("title", "text", "contacts__full_name")
    inlines = (ParticipationInline,)


@admin.register(Origin)
class OriginAdmin(OwnedAdmin):
    list_display = ("contact", "how", "introducer", "event", "on", "in_person")
    list_filter = ("how", "in_person", "platform")
    search_fields = ("contact__full_name", "introducer_name", "event_name", "story")


@admin.register(Participation)
class ParticipationAdmin(OwnedAdmin):
    list_display = ("contact", "interaction")
    search_fields = ("contact__full_name", "interaction__title")


class ConsentInline(OwnedInline):
    model = Consent
    fields = readonly_fields = ("party", "asked_at", "answer", "answered_at", "words")


@admin.register(Introduction)
class IntroductionAdmin(OwnedAdmin):
    list_display = ("__str__", "role", "introducer", "a", "b", "state", "kind", "on")
    list_filter = ("role", "state", "kind")
    search_fields = ("introducer_name", "a_name", "b_name", "text")
    inlines = (ConsentInline,)


@admin.register(Consent)
class ConsentAdmin(OwnedAdmin):
    list_display = ("__str__", "asked_at", "answer", "answered_at", "expires_at")
    list_filter = ("answer", "party")
    search_fields = ("introduction__a_name", "introduction__b_name")


@admin.register(RelationshipKind)
class RelationshipKindAdmin(OwnedAdmin):
    list_display = ("name", "inverse_name")
    search_fields = ("name", "inverse_name")


@admin.register(Relationship)
class RelationshipAdmin(OwnedAdmin):
    list_display = ("from_contact", "kind", "to_contact", "since", "until", "strength")
    list_filter = ("strength",)
    search_fields = ("from_contact__full_name", "to_contact__full_name", "note")


class OutcomeShareInline(OwnedInline):
    model = OutcomeShare
    fields = readonly_fields = ("contact",)


@admin.register(Outcome)
class OutcomeAdmin(OwnedAdmin):
    list_display = ("title", "kind", "on", "value", "currency", "event")
    list_filter = ("kind",)
    search_fields = ("title", "text", "contacts__full_name")
    inlines = (OutcomeShareInline,)


@admin.register(OutcomeShare)
class OutcomeShareAdmin(OwnedAdmin):
    list_display = ("contact", "outcome")
    search_fields = ("contact__full_name", "outcome__title")


@admin.register(GraphLayout)
class GraphLayoutAdmin(OwnedAdmin):
    list_display = ("__str__", "updated_at")
