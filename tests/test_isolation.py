"""No one reaches another owner's data, in any view, present or future.

Addresses, forms and models are found by walking: what is new is covered at once.
"""

import ast
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.forms import ModelForm
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from networkcrm.forms import OwnedModelForm
from networkcrm.models import User
from networkcrm.owned import Owned, _OwnedLink
from tests.factories import ContactFactory, make_user
from tests.one_of_each import kwargs_of, one_of_each

ROOT = Path(__file__).parent.parent
APPS = ["contacts", "events", "connections", "followups"]
# Without a login: the mark of life for a load balancer, and the way in.
PUBLIC = {"healthz", "account_login", "manifest", "offline", "service_worker"}
# A token in their address opens these to anybody who has it.
BY_TOKEN = {
    "card",
    "card_thanks",
    "card_vcf",
    "consent_answer",
    "digest_off",
    "feed_birthdays",
    "feed_events",
    "feed_followups",
}
SECRET = "Xanthippe"


def is_ours(thing):
    return thing.__module__.split(".")[0] in {"networkcrm", *APPS}


def our_patterns(resolver=None):
    """Every URL pattern whose view is ours."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from our_patterns(item)
        elif is_ours(item.callback) or is_ours(
            getattr(item.callback, "view_class", item.callback)
        ):
            yield item


PATTERNS = {p.name: p for p in our_patterns()}
WITH_OBJECT = [
    name
    for name, p in PATTERNS.items()
    if any(argument.endswith("_id") for argument in p.pattern.converters)
]
OUR_MODELS = [m for app in APPS for m in apps.get_app_config(app).get_models()]
LINKS = [
    (model, field)
    for model in OUR_MODELS
    for field in model._meta.local_fields
    if isinstance(field, _OwnedLink)
]


def subclasses(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from subclasses(sub)


def path_to(name, ids):
    """The address of a page for these rows."""
    wanted = PATTERNS[name].pattern.converters
    return reverse(name, kwargs=kwargs_of(name, wanted, ids))


def rows():
    return {model: list(model.objects.order_by("pk").values()) for model in OUR_MODELS}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two owners with one row of each, made once: every test is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        owners = {name: make_user(name) for name in ("ada", "mallory")}
        made = {name: (owner.pk, one_of_each(owner)) for name, owner in owners.items()}
        ContactFactory(owner=owners["mallory"], full_name=SECRET)
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def user(world, db):
    return User.objects.get(pk=world["ada"][0])


@pytest.fixture
def stranger(world, db):
    return User.objects.get(pk=world["mallory"][0])


@pytest.fixture
def mine(world, db):
    return dict(world["ada"][1])


@pytest.fixture
def theirs(world, db):
    return dict(world["mallory"][1])


def test_the_walk_finds_our_pages():
    assert {"contact_list", "contact_detail", "event_list", "import_list"} <= set(
        PATTERNS
    )
    assert len(WITH_OBJECT) > 15


@pytest.mark.parametrize("name", WITH_OBJECT)
def test_every_argument_is_one_we_can_walk(name, mine):
    asked = {k for k in PATTERNS[name].pattern.converters if k.endswith("_id")}

    assert asked <= mine.keys()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", WITH_OBJECT)
def test_another_owners_object_does_not_exist(client, theirs, name, method):
    before = rows()

    response = getattr(client, method)(path_to(name, theirs))

    assert response.status_code in {404, 405}
    assert rows() == before


@pytest.mark.parametrize("name", WITH_OBJECT)
def test_the_owner_does_reach_it(client, user, mine, name):
    """So that the 404 above is about whose it is: active, archived or in the trash."""
    path = path_to(name, mine)
    maya = user.contacts.filter(pk=mine["contact_id"])
    now = timezone.now()
    answers = set()

    for state in ({}, {"archived_at": now}, {"archived_at": None, "trashed_at": now}):
        with transaction.atomic():
            maya.update(**state or {"trashed_at": None})
            answers |= {client.get(path).status_code, client.post(path).status_code}
            transaction.set_rollback(True)

    assert answers & {200, 302, 422}, answers


@pytest.mark.parametrize("name", PATTERNS)
def test_get_changes_nothing(client, mine, name):
    path = path_to(name, mine)
    before = rows()

    client.get(path)

    assert rows() == before


@pytest.mark.parametrize("name", PATTERNS)
def test_every_page_asks_for_a_login(client, theirs, name):
    client.logout()

    response = client.get(path_to(name, theirs))

    if name in PUBLIC | BY_TOKEN:
        assert response.status_code == 200
    elif response.status_code != 405:
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(BY_TOKEN))
def test_only_the_right_token_opens_a_page(client, theirs, name):
    client.logout()
    token = theirs[f"{name}_token"]
    others = ["made-up", token[:-1], f"{token}A", token.swapcase()]

    answers = [
        client.get(path_to(name, {"token": one})).status_code
        for one in [token, *others]
    ]

    assert answers == [200, 404, 404, 404, 404]


@pytest.mark.parametrize(
    "name", [name for name, p in PATTERNS.items() if not p.pattern.converters]
)
def test_no_list_shows_a_strangers_rows(client, theirs, name):
    url = reverse(name)

    pages = [client.get(url), client.get(f"{url}?q={SECRET}&name=&state=all")]

    # A stranger's address, and not the name that was typed into the search.
    assert not [p for p in pages if str(theirs["contact_id"]).encode() in p.content]
    assert pages[0].status_code == 405 or SECRET.encode() not in pages[0].content


@pytest.mark.parametrize(
    "path",
    [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if {"views", "forms"} & {path.stem, *path.parts}
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_reads_start_at_the_user(path):
    """Views and forms never say Model.objects, unless it is for .none()."""
    tree = ast.parse(path.read_text())
    harmless = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "none"
    }
    unscoped = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager", "_base_manager"}
        and id(node) not in harmless
    ]

    assert unscoped == []


def test_every_model_has_an_owner():
    assert [m for m in OUR_MODELS if not issubclass(m, Owned)] == []


def test_every_model_form_is_owned():
    of_users = {
        f for f in subclasses(ModelForm) if is_ours(f) and f._meta.model is User
    }
    ours = {f for f in subclasses(ModelForm) if is_ours(f)} - of_users

    assert {f for f in ours if not issubclass(f, OwnedModelForm)} == set()


@pytest.mark.parametrize(
    "form_class", [f for f in subclasses(OwnedModelForm) if f._meta.model]
)
def test_forms_offer_only_my_rows(user, theirs, form_class):
    form = form_class(instance=form_class._meta.model(owner=user))

    offered = [
        row
        for field in form.fields.values()
        if hasattr(field, "queryset")
        for row in field.queryset
        if row.owner_id != user.pk
    ]

    assert offered == []


@pytest.mark.parametrize(
    ("model", "field"),
    LINKS,
    ids=lambda x: getattr(x, "__name__", getattr(x, "name", "")),
)
def test_database_refuses_links_between_owners(user, stranger, model, field):
    mine = model.objects.filter(owner=user).first()
    alien = field.related_model.objects.filter(owner=stranger).first()
    assert None not in (mine, alien), f"one_of_each makes no {model.__name__}"

    model.objects.filter(pk=mine.pk).update(**{field.name: alien.pk})
    with pytest.raises(IntegrityError):
        connection.check_constraints()


@pytest.mark.parametrize("name", PATTERNS)
def test_no_id_of_a_stranger_can_be_posted(client, user, mine, theirs, name):
    """The form of the page, sent with a stranger's ids in every field it has."""
    page = client.get(path_to(name, mine))
    form = page.context and page.context.get("form")
    fields = [form.add_prefix(field) for field in form.fields] if form else []
    before = strangers_rows(user)

    for alien in ("contact_id", "event_id", "circle_id", "tag_id") if fields else ():
        with transaction.atomic():
            sent = dict.fromkeys(fields, str(theirs[alien]))
            client.post(path_to(name, mine), sent)
            connection.check_constraints()
            assert links_to(theirs.values(), user) == []
            transaction.set_rollback(True)

    assert strangers_rows(user) == before


def strangers_rows(user):
    return {
        model: [row for row in values if row["owner_id"] != user.pk]
        for model, values in rows().items()
    }


def links_to(ids, user):
    keys = [value for value in ids if isinstance(value, UUID)]
    return [
        (model.__name__, field.name)
        for model, field in LINKS
        if model.objects.filter(owner=user, **{f"{field.attname}__in": keys}).exists()
    ]
