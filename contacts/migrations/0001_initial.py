import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import networkcrm.owned
import networkcrm.partial_dates
from networkcrm.owned import link


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0001_initial"),
        ("networkcrm", "__first__"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGinExtension(),
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Circle",
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
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(editable=False, max_length=400)),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                (
                    "cadence_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="keep in touch every (days)",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="circle_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "key"),
                        name="circle_name_unique",
                        violation_error_message="You already have one with this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1)),
                        name="circle_has_a_seat",
                        violation_error_message="A circle needs at least one seat.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organization",
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
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(editable=False, max_length=400)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="organization_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "key"),
                        name="organization_name_unique",
                        violation_error_message="You already have one with this name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
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
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(editable=False, max_length=400)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="tag_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "key"),
                        name="tag_name_unique",
                        violation_error_message="You already have one with this name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("full_name", models.CharField(max_length=300, verbose_name="name")),
                ("sort_key", models.CharField(editable=False, max_length=900)),
                ("prefix", models.CharField(blank=True, max_length=100)),
                ("given_name", models.CharField(blank=True, max_length=200)),
                ("middle_name", models.CharField(blank=True, max_length=200)),
                ("family_name", models.CharField(blank=True, max_length=200)),
                ("suffix", models.CharField(blank=True, max_length=100)),
                ("nickname", models.CharField(blank=True, max_length=200)),
                ("pronouns", models.CharField(blank=True, max_length=60)),
                (
                    "headline",
                    models.CharField(
                        blank=True,
                        help_text="What they do, in their words.",
                        max_length=300,
                    ),
                ),
                ("job_title", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=200)),
                ("region", models.CharField(blank=True, max_length=200)),
                ("country", models.CharField(blank=True, max_length=200)),
                ("birthday", networkcrm.partial_dates.PartialDateField()),
                (
                    "photo",
                    models.ImageField(
                        blank=True, editable=False, upload_to="photos/%Y"
                    ),
                ),
                (
                    "about",
                    models.TextField(
                        blank=True,
                        help_text="Markdown is understood.",
                        max_length=50000,
                        verbose_name="notes",
                    ),
                ),
                (
                    "cadence_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Leave empty to follow the circle.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="keep in touch every (days)",
                    ),
                ),
                ("is_me", models.BooleanField(default=False, editable=False)),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "trashed_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                ("uid", models.CharField(blank=True, editable=False, max_length=500)),
                (
                    "extra",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        verbose_name="properties kept from imports",
                    ),
                ),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "not yet"),
                            (1, "noticed"),
                            (2, "wrote"),
                            (3, "spoke"),
                            (4, "met"),
                            (5, "met again"),
                            (6, "worked together"),
                        ],
                        default=0,
                        editable=False,
                    ),
                ),
                (
                    "last_contact_on",
                    networkcrm.partial_dates.PartialDateField(
                        editable=False, year_required=True
                    ),
                ),
                ("chain_depth", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "circle",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="contacts",
                        to="contacts.circle",
                    ),
                ),
                (
                    "organization",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="contacts",
                        to="contacts.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("sort_key"),
                        models.F("id"),
                        name="contact_by_name",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(
                            models.F("last_contact_on"),
                            descending=True,
                            nulls_last=True,
                        ),
                        models.F("id"),
                        name="contact_by_last_contact",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.F("id"),
                        name="contact_by_added",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("stage"), descending=True),
                        models.F("sort_key"),
                        models.F("id"),
                        name="contact_by_stage",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("organization"),
                        name="contact_by_organization",
                    ),
                    models.Index(
                        models.F("owner"), models.F("circle"), name="contact_by_circle"
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("trashed_at"),
                        condition=models.Q(("trashed_at__isnull", False)),
                        name="contact_in_trash",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("uid"),
                        condition=models.Q(("uid", ""), _negated=True),
                        name="contact_by_uid",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="contact_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_me", True)),
                        fields=("owner",),
                        name="contact_only_one_is_me",
                        violation_error_message="There is already a contact that is you.",
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "id", "chain_depth"), name="contact_depth_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("full_name", ""), _negated=True),
                        name="contact_has_a_name",
                        violation_error_message="Everybody needs a name, even a short one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_me", False),
                            models.Q(("archived_at", None), ("trashed_at", None)),
                            _connector="OR",
                        ),
                        name="contact_me_stays",
                        violation_error_message="You cannot leave your own network.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cadence_days", None),
                            ("cadence_days__gte", 1),
                            _connector="OR",
                        ),
                        name="contact_cadence_positive",
                        violation_error_message="At least one day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", [0, 1, 2, 3, 4, 5, 6])),
                        name="contact_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "birthday__regex",
                                "^(?!0000)(\\d{4}(-\\d{2}(-\\d{2})?)?|--\\d{2}-\\d{2})$",
                            )
                        ),
                        name="contact_birthday_partial_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "last_contact_on__regex",
                                "^(?!0000)\\d{4}(-\\d{2}(-\\d{2})?)?$",
                            )
                        ),
                        name="contact_last_contact_partial_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactTag",
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
                        related_name="contact_tags", to="contacts.contact"
                    ),
                ),
                (
                    "tag",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="contact_tags", to="contacts.tag"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"), models.F("tag"), name="contacttag_by_tag"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="contacttag_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "contact", "tag"), name="contacttag_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactMethod",
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
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("address", "Postal address"),
                            ("url", "Web page"),
                            ("handle", "Handle"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "service",
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
                            ("signal", "Signal"),
                            ("whatsapp", "WhatsApp"),
                            ("telegram", "Telegram"),
                            ("skype", "Skype"),
                            ("other", "another service"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.CharField(max_length=1000)),
                ("normalized", models.CharField(editable=False, max_length=500)),
                ("label", models.CharField(blank=True, max_length=100)),
                ("preferred", models.BooleanField(default=False)),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, editable=False),
                ),
                (
                    "contact",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="methods", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("contact"),
                        models.F("position"),
                        name="contactmethod_of_contact",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("kind"),
                        models.F("normalized"),
                        name="contactmethod_normalized",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="contactmethod_owner_id_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["email", "phone", "address", "url"]),
                                ("service", ""),
                            ),
                            models.Q(
                                ("kind", "handle"),
                                models.Q(("service", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contactmethod_service_of_handle",
                        violation_error_message="Say on which service this handle is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True),
                        name="contactmethod_has_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
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
                            ("works_on", "Works on"),
                            ("enjoys", "Enjoys"),
                            ("obstacle", "Obstacle"),
                            ("hope", "Hopes"),
                            ("need", "Needs"),
                            ("offer", "Offers"),
                            ("story", "Story"),
                            ("other", "Also"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=2000)),
                (
                    "heard_on",
                    networkcrm.partial_dates.PartialDateField(year_required=True),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[("open", "open"), ("met", "met"), ("stale", "stale")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "contact",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="facts", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"), models.F("contact"), name="fact_of_contact"
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("kind"),
                        models.F("state"),
                        name="fact_by_kind",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="fact_owner_id_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["need", "offer"]),
                                ("state__in", ["open", "met", "stale"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("kind__in", ["need", "offer"]), _negated=True
                                ),
                                ("state", ""),
                            ),
                            _connector="OR",
                        ),
                        name="fact_state_of_needs_and_offers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="fact_has_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("heard_on__regex", "^(?!0000)\\d{4}(-\\d{2}(-\\d{2})?)?$")
                        ),
                        name="fact_heard_on_partial_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportantDate",
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
                            ("anniversary", "Anniversary"),
                            ("name_day", "Name day"),
                            ("child", "A child's birthday"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=100)),
                ("on", networkcrm.partial_dates.PartialDateField(verbose_name="date")),
                (
                    "yearly",
                    models.BooleanField(default=True, verbose_name="every year"),
                ),
                (
                    "contact",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="dates", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("contact"),
                        name="importantdate_of_contact",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="importantdate_owner_id_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on__isnull", False)),
                        name="importantdate_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on__regex",
                                "^(?!0000)(\\d{4}(-\\d{2}(-\\d{2})?)?|--\\d{2}-\\d{2})$",
                            )
                        ),
                        name="importantdate_on_partial_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchRow",
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
                ("sort_key", models.CharField(db_collation="C", max_length=200)),
                ("names", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("pieces", models.JSONField(default=list)),
                (
                    "contact",
                    networkcrm.owned.OwnedOneToOneField(
                        related_name="search_row", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["owner", "words"], name="searchrow_words"
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("sort_key"),
                        models.F("contact"),
                        name="searchrow_by_name",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="searchrow_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "contact"), name="searchrow_one_per_contact"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
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
                ("word", models.CharField(db_collation="C", max_length=100)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["owner", "word"],
                        name="searchword_trigrams",
                        opclasses=["uuid_ops", "gin_trgm_ops"],
                    ),
                    models.Index(
                        models.F("owner"), models.F("word"), name="searchword_by_word"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="searchword_owner_id_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
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
                ("source", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=255)),
                ("file", models.FileField(blank=True, upload_to="imports/%Y")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "being read"),
                            ("preview", "ready to look at"),
                            ("running", "being written"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500)),
                ("read", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("done_rows", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "event",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="imports",
                        to="events.event",
                    ),
                ),
                (
                    "met_through",
                    networkcrm.owned.OwnedForeignKey(
                        blank=True,
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="imports_met_through",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        name="import_latest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="import_owner_id_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
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
                ("number", models.PositiveIntegerField()),
                ("line", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("same", "same"),
                            ("skipped", "left out"),
                            ("unreadable", "unreadable"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("changes", models.JSONField(default=list)),
                ("undo", models.JSONField(default=dict)),
                ("is_done", models.BooleanField(default=False)),
                (
                    "batch",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="rows", to="contacts.import"
                    ),
                ),
                (
                    "contact",
                    networkcrm.owned.OwnedForeignKey(
                        null=True,
                        on_database_delete="NO ACTION",
                        related_name="import_rows",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("batch"),
                        models.F("state"),
                        models.F("number"),
                        name="importrow_by_state",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("contact"),
                        name="importrow_of_contact",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="importrow_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "batch", "number"),
                        name="importrow_number_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="tags",
            field=models.ManyToManyField(
                blank=True,
                related_name="contacts",
                through="contacts.ContactTag",
                to="contacts.tag",
            ),
        ),
        link(
            "contacts_contact", "organization_id", "contacts_organization", "NO ACTION"
        ),
        link("contacts_contact", "circle_id", "contacts_circle", "NO ACTION"),
        link("contacts_contacttag", "contact_id", "contacts_contact"),
        link("contacts_contacttag", "tag_id", "contacts_tag"),
        link("contacts_fact", "contact_id", "contacts_contact"),
        link("contacts_importantdate", "contact_id", "contacts_contact"),
        link("contacts_import", "met_through_id", "contacts_contact", "NO ACTION"),
        link("contacts_import", "event_id", "events_event", "NO ACTION"),
        link("contacts_importrow", "batch_id", "contacts_import"),
        link("contacts_importrow", "contact_id", "contacts_contact", "NO ACTION"),
        link("contacts_contactmethod", "contact_id", "contacts_contact"),
        link("contacts_searchrow", "contact_id", "contacts_contact"),
    ]
