import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import networkcrm.owned


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("networkcrm", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
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
                ("name", models.CharField(max_length=300)),
                ("search_key", models.CharField(editable=False, max_length=2000)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("conference", "Conference"),
                            ("meetup", "Meetup"),
                            ("mixer", "Mixer"),
                            ("dinner", "Dinner or party"),
                            ("class", "Class or course"),
                            ("talk", "Talk"),
                            ("fair", "Fair"),
                            ("trip", "Trip"),
                            ("online", "Online gathering"),
                            ("other", "Other"),
                        ],
                        default="meetup",
                        max_length=20,
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="starts"),
                ),
                (
                    "ends_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ends"),
                ),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("city", models.CharField(blank=True, max_length=200)),
                (
                    "url",
                    models.URLField(
                        blank=True, max_length=1000, verbose_name="web page"
                    ),
                ),
                (
                    "is_online",
                    models.BooleanField(default=False, verbose_name="online"),
                ),
                (
                    "series",
                    models.CharField(
                        blank=True,
                        help_text="For events that come again.",
                        max_length=200,
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        help_text="Why go? One sentence is enough.",
                        max_length=5000,
                    ),
                ),
                (
                    "goal_people",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="people to meet"
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="EUR, USD, …", max_length=3),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="With the way there and back.",
                        max_digits=5,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=50000)),
                ("debrief", models.TextField(blank=True, max_length=50000)),
                (
                    "worth",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="worth it, 1 to 5",
                    ),
                ),
                ("would_go_again", models.BooleanField(blank=True, null=True)),
                ("uid", models.CharField(blank=True, editable=False, max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(
                            models.F("starts_at"), descending=True, nulls_last=True
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="event_latest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="event_owner_id_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="event_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="event_ends_after_start",
                        violation_error_message="An event cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("starts_at__isnull", False),
                            _connector="OR",
                        ),
                        name="event_end_needs_start",
                        violation_error_message="When does it start?",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("worth", None), ("worth__range", (1, 5)), _connector="OR"
                        ),
                        name="event_worth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost", None), ("cost__gte", 0), _connector="OR"
                        ),
                        name="event_cost_positive",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uid", ""), _negated=True),
                        fields=("owner", "uid"),
                        name="event_uid_once",
                    ),
                ],
            },
        ),
    ]
