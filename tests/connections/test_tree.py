"""Who brought whom."""

import pytest

from connections.network.tree import Tree
from tests.factories import ContactFactory, EventFactory, OriginFactory


def drawn(branch):
    """[label, count, [below]] all the way down."""
    return [branch.label, branch.count, [drawn(one) for one in branch.below]]


@pytest.fixture
def someone(user):
    return lambda name: ContactFactory(owner=user, full_name=name)


def test_from_me_outward(user, someone):
    lena, maya, tom, ben, eva, _ida = map(
        someone, ["Lena", "Maya", "Tom", "Ben", "Eva", "Ida"]
    )
    mixer = EventFactory(owner=user, name="Mixer")
    OriginFactory(contact=lena, how="online", platform="mastodon")
    OriginFactory(contact=maya, how="introduction", introducer=lena)
    OriginFactory(contact=tom, how="introduction", introducer=maya)
    OriginFactory(contact=ben, how="event", event=mixer)
    OriginFactory(contact=eva, how="family")

    root = Tree(user).root

    assert drawn(root) == [
        "You",
        6,
        [
            [
                "Online",
                3,
                [["Mastodon", 3, [["Lena", 2, [["Maya", 1, [["Tom", 0, []]]]]]]]],
            ],
            ["At events", 1, [["Mixer", 1, [["Ben", 0, []]]]]],
            ["Family", 1, [["Eva", 0, []]]],
            ["Not written down yet", 1, [["Ida", 0, []]]],
        ],
    ]
    assert Tree(user)[str(lena.pk)].words == "Lena brought you 2 people"


def test_whoever_is_in_the_trash_stays_between(user, stranger, someone):
    lena, maya, tom = map(someone, ["Lena", "Maya", "Tom"])
    OriginFactory(contact=lena, how="work")
    OriginFactory(contact=maya, how="introduction", introducer=lena)
    OriginFactory(contact=tom, how="introduction", introducer=maya)
    OriginFactory(contact=ContactFactory(owner=stranger))
    maya.trash()

    (work,) = Tree(user).root.below

    assert drawn(work) == [
        "Through work",
        2,
        [["Lena", 1, [["Maya", 1, [["Tom", 0, []]]]]]],
    ]

    tom.trash()
    assert drawn(Tree(user).root.below[0]) == ["Through work", 1, [["Lena", 0, []]]]


def test_an_empty_network_has_a_root(user):
    assert drawn(Tree(user).root) == ["You", 0, []]
