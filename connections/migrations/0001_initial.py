import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import networkcrm.owned
import networkcrm.partial_dates
from networkcrm.owned import link


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0001_initial"),
        ("events", "0001_initial"),
        ("networkcrm", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Interaction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=networkcrm.owned.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mention", "Mention"),
                            ("message", "Message"),
                            ("email", "E-mail"),
                            ("call", "Call"),
                            ("video_call", "Video call"),
                            ("letter", "Letter"),
                            ("coffee", "Coffee"),
                            ("meal", "Meal"),
                            ("meeting", "Meeting"),
                            ("event", "Event"),
                            ("work", "Worked together"),
                            ("other", "Other"),
                        ],
                        default="coffee",
                        max_length=12,
                    ),
                ),
                (
                    "in_person",
                    models.BooleanField(
                        blank=True,
                        choices=[(True, "in person"), (False, "online")],
                        help_text="Leave it and the kind decides: a coffee is in person, a call is not.",
                        null=True,
                        verbose_name="in person or online",
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("x", "X"),
                            ("mastodon", "Mastodon"),
                            ("bluesky", "Bluesky"),
                            ("linkedin", "LinkedIn"),
                            ("instagram", "Instagram"),
                            ("facebook", "Facebook"),
                            ("github", "GitHub"),
                            ("email", "e-mail"),
                            ("slack", "Slack"),
                            ("discord", "Discord"),
                            ("signal", "Signal"),
                            ("whatsapp", "WhatsApp"),
                            ("telegram", "Telegram"),
                            ("zoom", "Zoom"),
                            ("forum", "a forum"),
                            ("other", "elsewhere online"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "on",
                    networkcrm.partial_dates.PartialDateField(
                        verbose_name="when", year_required=True
                    ),
                ),
                ("at", models.TimeField(blank=True, null=True, verbose_name="time")),
                (
                    "started_by",
                    models.CharField(
                        blank=True,
                        choices=[("me", "I did"), ("them", "they did")],
                        max_length=4,
                        verbose_name="who began it",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Markdown is understood.",
                        max_length=50000,
                        verbose_name="what happened",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True, max_length=1000, verbose_name="address"
                    ),
                ),
                (
                    "event",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="interactions",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(
                            models.F("on"), descending=True, nulls_last=True
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="interaction_latest",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("event"),
                        name="interaction_of_event",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="interaction_owner_id_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on__regex", "^(?!0000)\\d{4}(-\\d{2}(-\\d{2})?)?$")
                        ),
                        name="interaction_on_partial_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at", None), ("on__regex", "^.{10}$"), _connector="OR"
                        ),
                        name="interaction_time_needs_day",
                        violation_error_message="A time needs the whole date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_person__isnull", False)),
                        name="interaction_online_or_in_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=networkcrm.owned.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "contact",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="participations", to="contacts.contact"
                    ),
                ),
                (
                    "interaction",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="participations", to="connections.interaction"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("contact"),
                        models.F("interaction"),
                        name="participation_of_contact",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="participation_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "interaction", "contact"),
                        name="participation_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=networkcrm.owned.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("introduction", "Someone introduced us"),
                            ("event", "At an event"),
                            ("online", "Online"),
                            ("work", "Work"),
                            ("school", "School"),
                            ("family", "Family"),
                            ("neighbourhood", "Neighbourhood"),
                            ("other", "Other"),
                        ],
                        default="introduction",
                        max_length=15,
                    ),
                ),
                (
                    "in_person",
                    models.BooleanField(
                        blank=True,
                        choices=[(True, "in person"), (False, "online")],
                        help_text="Leave it and the rest decides: an event is in person, a post is not.",
                        null=True,
                        verbose_name="in person or online",
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("x", "X"),
                            ("mastodon", "Mastodon"),
                            ("bluesky", "Bluesky"),
                            ("linkedin", "LinkedIn"),
                            ("instagram", "Instagram"),
                            ("facebook", "Facebook"),
                            ("github", "GitHub"),
                            ("email", "e-mail"),
                            ("slack", "Slack"),
                            ("discord", "Discord"),
                            ("signal", "Signal"),
                            ("whatsapp", "WhatsApp"),
                            ("telegram", "Telegram"),
                            ("zoom", "Zoom"),
                            ("forum", "a forum"),
                            ("other", "elsewhere online"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "introducer_name",
                    models.CharField(blank=True, editable=False, max_length=300),
                ),
                (
                    "event_name",
                    models.CharField(blank=True, editable=False, max_length=300),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True, max_length=1000, verbose_name="address of the post"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=300)),
                ("on", networkcrm.partial_dates.PartialDateField(verbose_name="when")),
                (
                    "story",
                    models.TextField(
                        blank=True,
                        help_text="What happened, in a sentence or two. Markdown is understood.",
                        max_length=50000,
                        verbose_name="the story",
                    ),
                ),
                (
                    "contact_depth",
                    models.PositiveIntegerField(default=0, editable=False),
                ),
                (
                    "introducer_depth",
                    models.PositiveIntegerField(editable=False, null=True),
                ),
                (
                    "contact",
                    networkcrm.owned.OwnedOneToOneField(
                        related_name="origin", to="contacts.contact"
                    ),
                ),
                (
                    "event",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="origins",
                        to="events.event",
                    ),
                ),
                (
                    "introducer",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="brought",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("introducer"),
                        models.F("contact"),
                        name="origin_of_introducer",
                    ),
                    models.Index(
                        models.F("owner"), models.F("event"), name="origin_of_event"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="origin_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "contact"),
                        name="origin_one_per_contact",
                        violation_error_message="How you met is already written down.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("introducer", None),
                            models.Q(
                                ("introducer", models.F("contact")), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="origin_not_by_self",
                        violation_error_message="Nobody can introduce themselves to you.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("introducer", None), ("introducer_depth", None)),
                            models.Q(
                                ("introducer__isnull", False),
                                ("introducer_depth__isnull", False),
                                ("introducer_depth__lt", models.F("contact_depth")),
                            ),
                            _connector="OR",
                        ),
                        name="origin_no_cycle",
                        violation_error_message="They came to you through this person: the chain would bite its tail.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_person__isnull", False)),
                        name="origin_online_or_in_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on__regex",
                                "^(?!0000)(\\d{4}(-\\d{2}(-\\d{2})?)?|--\\d{2}-\\d{2})$",
                            )
                        ),
                        name="origin_on_partial_date",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="interaction",
            name="contacts",
            field=models.ManyToManyField(
                related_name="interactions",
                through="connections.Participation",
                to="contacts.contact",
            ),
        ),
        link("connections_interaction", "event_id", "events_event", "NO ACTION"),
        link("connections_participation", "interaction_id", "connections_interaction"),
        link("connections_participation", "contact_id", "contacts_contact"),
        link("connections_origin", "contact_id", "contacts_contact"),
        link("connections_origin", "introducer_id", "contacts_contact", "NO ACTION"),
        link("connections_origin", "event_id", "events_event", "NO ACTION"),
        # The depths of an origin are those of its two contacts: see chains.py.
        migrations.RunSQL(
            "ALTER TABLE connections_origin"
            " ADD CONSTRAINT connections_origin_contact_depth"
            " FOREIGN KEY (owner_id, contact_id, contact_depth)"
            " REFERENCES contacts_contact (owner_id, id, chain_depth)"
            " DEFERRABLE INITIALLY DEFERRED,"
            " ADD CONSTRAINT connections_origin_introducer_depth"
            " FOREIGN KEY (owner_id, introducer_id, introducer_depth)"
            " REFERENCES contacts_contact (owner_id, id, chain_depth)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE connections_origin"
            " DROP CONSTRAINT connections_origin_contact_depth,"
            " DROP CONSTRAINT connections_origin_introducer_depth",
        ),
    ]
