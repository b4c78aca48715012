"""What people download of themselves from a network, and what becomes of it."""

import io
import json
import re
import zipfile
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contacts.importing import running, undoing
from contacts.importing.readers import READERS, reader_for
from contacts.importing.records import CannotRead, Myself, Record, Unread
from contacts.models import Stage
from networkcrm.partial_dates import PartialDate
from tests.contacts.importing.test_commands import run
from tests.contacts.importing.test_edges import whole
from tests.contacts.importing.test_import_pages import upload, work
from tests.contacts.importing.test_running import card, counts
from tests.factories import ContactFactory, ContactMethodFactory, ImportFactory
from tests.owner_watch import owner_watch


def js(name, value):
    return f"window.YTD.{name}.part0 = {json.dumps(value)}"


def zipped(files, **options):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def read(data, source="auto", tz="UTC", names=()):
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    reader = reader_for(file, len(file.getvalue()), source)
    return list(reader.read(file, Myself(ZoneInfo(tz), frozenset(names))))


def bring(user, data, source="auto"):
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    reader = reader_for(file, len(file.getvalue()), source)
    batch = ImportFactory(owner=user, source=reader.name, state="running")
    running.run(user, batch, file)
    batch.refresh_from_db()
    return batch


def happened(record):
    return [
        (h.kind, str(h.on), str(h.at), h.started_by, h.count, h.text)
        for h in record.happenings
    ]


def people(items):
    return {item.full_name: item for item in items if isinstance(item, Record)}


def refused(items):
    return [(item.name, item.failed) for item in items if isinstance(item, Unread)]


MENTION = {"screen_name": "ana_r", "name": "Ana Ruiz", "id_str": "11"}
TWEETS = [
    {"tweet": {
        "id_str": "900", "created_at": "Wed Jan 10 23:30:00 +0000 2024",
        "full_text": "@ana_r what a talk!", "entities": {"user_mentions": [MENTION]},
    }},
    {"tweet": {
        "id_str": "901", "created_at": "Wed Jan 10 23:40:00 +0000 2024",
        "full_text": "@ana_r and the candles", "entities": {"user_mentions": [MENTION]},
    }},
    {"tweet": {
        "id_str": "902", "created_at": "Thu Jan 11 09:00:00 +0000 2024",
        "full_text": "RT @famous: hello",
        "entities": {"user_mentions": [
            {"screen_name": "famous", "name": "Famous", "id_str": "77"}
        ]},
    }},
    {"tweet": {
        "id_str": "903", "created_at": "Thu Jan 11 09:01:00 +0000 2024",
        "full_text": "Talking to @me_me myself", "entities": {"user_mentions": [
            {"screen_name": "me_me", "name": "Me", "id_str": "1"}
        ]},
    }},
]  # fmt: skip


def dm(sender, recipient, at, text):
    return {"messageCreate": {
        "senderId": sender, "recipientId": recipient, "createdAt": at, "text": text,
    }}  # fmt: skip


TALKS = [
    {"dmConversation": {"conversationId": "1-22", "messages": [
        dm("22", "1", "2024-03-02T10:05:00.000Z", "Fine, and you?"),
        dm("1", "22", "2024-03-02T10:00:00.000Z", "How are you?"),
    ]}},
    {"dmConversation": {"conversationId": "1-33", "messages": [
        dm("33", "1", "2024-03-03T10:00:00.000Z", "Buy my coins"),
    ]}},
    {"dmConversation": {"conversationId": "555", "messages": [
        {"joinConversation": {"participantsSnapshot": ["1", "11", "22"]}},
        dm("11", "", "2024-03-04T10:00:00.000Z", "Hello all"),
    ]}},
]  # fmt: skip
X = {
    "data/account.js": js(
        "account", [{"account": {"accountId": "1", "username": "me_me"}}]
    ),
    "data/following.js": js(
        "following",
        [{"following": {"accountId": n, "userLink": "x"}} for n in ("11", "88")],
    ),
    "data/follower.js": js("follower", [{"follower": {"accountId": "11"}}]),
    "data/tweets.js": js("tweets", TWEETS),
    "data/direct-messages.js": js("direct_messages", TALKS[:2]),
    "data/direct-messages-group.js": js("direct_messages_group", TALKS[2:]),
    "data/tweets_media/1.jpg": b"\xff\xd8" * 50,
    "Your archive.html": "<html>",
}


def test_x_puts_names_to_numbers_and_says_where_it_cannot():
    found = read(zipped(X), tz="America/New_York")

    assert list(people(found)) == ["Ana Ruiz", "X user 22"]
    ana, other = people(found).values()
    assert happened(ana) == [
        (
            "mention", "2024-01-10", "18:30:00", "me", 2,
            "You: @ana_r what a talk!\n\nYou: @ana_r and the candles",
        ),
        ("message", "2024-03-04", "05:00:00", "them", 1, "Ana Ruiz: Hello all"),
    ]  # fmt: skip
    assert ana.story == "You follow each other on X."
    assert [(m.service, m.value) for m in ana.methods] == [("x", "ana_r")]
    assert happened(other) == [
        (
            "message", "2024-03-02", "05:00:00", "me", 2,
            "You: How are you?\n\nX user 22: Fine, and you?",
        )
    ]  # fmt: skip
    assert refused(found) == [("X user 33", False), ("X user 88", False)]
    assert "no name, and you mention them nowhere: https://twitter.com/intent" in (
        next(item.reason for item in found if "88" in getattr(item, "name", ""))
    )


def test_x_writes_like_a_web_page_and_is_read_like_a_person():
    tweet = TWEETS[0]["tweet"] | {"full_text": "@ana_r R&amp;D: 1 &lt; 2"}
    talk = {"conversationId": "1-11", "messages": [
        dm("1", "11", "2024-03-02T10:00:00.000Z", "You &amp; me"),
    ]}  # fmt: skip
    files = X | {
        "data/tweets.js": js("tweets", [{"tweet": tweet}]),
        "data/direct-messages.js": js("direct_messages", [{"dmConversation": talk}]),
    }

    found = people(read(zipped(files)))

    texts = [happening.text for happening in found["Ana Ruiz"].happenings]
    assert "You: @ana_r R&D: 1 < 2" in texts
    assert "You: You & me" in texts


def test_x_twice_changes_nothing_and_undo_restores(user, stranger):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    before, theirs = whole(user), whole(stranger)

    batch = bring(user, zipped(X))

    assert counts(batch) == (4, 1, 1, 2, 0)
    ana.refresh_from_db()
    assert (ana.stage, str(ana.last_contact_on)) == (Stage.WROTE, "2024-03-04")
    assert ana.methods.get().normalized == "ana_r"
    assert user.contacts.get(full_name="X user 22").stage == Stage.WROTE
    after = whole(user)
    assert counts(bring(user, zipped(X))) == (4, 0, 0, 4, 0)
    assert whole(user) == after

    undoing.undo(user, batch)

    assert whole(user) == before
    assert whole(stranger) == theirs


def test_a_newer_archive_goes_on_where_the_older_ended(user):
    bring(user, zipped(X))
    before = whole(user)
    newer = json.loads(X["data/direct-messages.js"].partition("=")[2])
    newer[0]["dmConversation"]["messages"].append(
        dm("1", "22", "2024-03-02T11:00:00.000Z", "Very well!")
    )
    tweet = {"tweet": {
        "id_str": "910", "created_at": "Fri Mar 01 09:00:00 +0000 2024",
        "full_text": "@ben hi", "entities": {"user_mentions": [
            {"screen_name": "ben", "name": "Ben Okoye", "id_str": "22"}
        ]},
    }}  # fmt: skip
    files = X | {
        "data/direct-messages.js": js("direct_messages", newer),
        "data/tweets.js": js("tweets", [tweet, *TWEETS]),
    }

    batch = bring(user, zipped(files))

    assert counts(batch) == (4, 0, 1, 3, 0)
    ben = user.contacts.get(full_name="Ben Okoye")
    talk = user.interactions.get(kind="message", participations__contact=ben)
    assert talk.text.endswith("Fine, and you?\n\nYou: Very well!")
    assert ben.methods.filter(kind="handle").get().value == "ben"
    undoing.undo(user, batch)
    assert whole(user) == before


def test_what_the_owner_wrote_into_a_conversation_stays(user):
    bring(user, zipped(X))
    talk = user.interactions.get(text__startswith="You: How are you?")
    talk.text = "About the fair."
    talk.save()

    bring(user, zipped(X))

    talk.refresh_from_db()
    assert talk.text == "About the fair."


@pytest.mark.parametrize("name", ["following", "tweets", "direct_messages"])
def test_a_single_file_of_x_is_known(name):
    file = f"data/{name.replace('_', '-')}.js"

    items = read(X[file])

    assert items
    if name == "direct_messages":
        # Of two conversations the number in both is mine.
        assert list(people(items)) == ["X user 22"]


MASTODON = (
    "Account address,Show boosts,Notify on new posts,Languages\n"
    "ana@social.example,true,false,\n@Ben@social.example,true,false,\nnobody,true,,\n"
)


def test_mastodon(user):
    known = ContactFactory(owner=user, full_name="Ana Ruiz")
    ContactMethodFactory(
        contact=known, kind="handle", service="mastodon", value="@ana@social.example"
    )

    batch = bring(user, MASTODON)

    assert counts(batch) == (3, 1, 1, 0, 1)
    ben = user.contacts.get(full_name="Ben@social.example")
    assert (ben.stage, ben.origin.platform) == (Stage.NOTICED, "mastodon")
    assert ben.origin.story == "You follow them on Mastodon."
    assert counts(bring(user, MASTODON)) == (3, 0, 0, 2, 1)


def test_who_is_muted_on_mastodon_is_not_followed():
    with pytest.raises(CannotRead, match="of whom you muted"):
        read("Account address,Hide notifications\nana@social.example,true\n")


def wrong(text):
    """As Meta writes it: UTF-8, each byte a letter."""
    return text.encode().decode("latin-1")


def follower(handle, at, title=""):
    details = {"href": f"https://www.instagram.com/{handle}", "timestamp": at}
    if not title:
        details["value"] = handle
    return {"title": title, "media_list_data": [], "string_list_data": [details]}


def thread(name, *said, me="Ada Lovelace", path="inbox/ana_1"):
    return {
        "participants": [{"name": wrong(name)}, {"name": me}],
        "messages": [
            {"sender_name": wrong(by), "timestamp_ms": at, "content": wrong(text)}
            for by, at, text in said
        ],
        "title": wrong(name),
        "thread_path": path,
    }


NOON = 1_700_000_000_000  # 14 November 2023, 22:13 UTC
INSTAGRAM = {
    "connections/followers_and_following/followers_1.json": json.dumps(
        [follower("ana.ruiz", 1_600_000_000), follower("ben", 1_650_000_000)]
    ),
    "connections/followers_and_following/following.json": json.dumps(
        {
            "relationships_following": [
                follower("ana.ruiz", 1_590_000_000, title="ana.ruiz")
            ]
        }
    ),
    "your_instagram_activity/messages/inbox/ana_1/message_1.json": json.dumps(
        thread(
            "Ana Gómez 🌻",
            ("Ada Lovelace", NOON + 60_000, "Schön!"),
            ("Ana Gómez 🌻", NOON, "¿Qué tal?"),
            ("Ana Gómez 🌻", NOON + 7_200_000, "Buenos días"),
        )
    ),
}


def test_instagram_with_its_letters_mended():
    found = people(read(zipped(INSTAGRAM), tz="Europe/Berlin", names=["ada lovelace"]))

    assert list(found) == ["ana.ruiz", "ben", "Ana Gómez 🌻"]
    assert found["ana.ruiz"].story == "You follow each other on Instagram."
    assert found["ana.ruiz"].connected_on == PartialDate(2020, 5, 20)
    assert found["ben"].story == "They follow you on Instagram."
    assert happened(found["Ana Gómez 🌻"]) == [
        (
            "message", "2023-11-14", "23:13:00", "them", 2,
            "Ana Gómez 🌻: ¿Qué tal?\n\nYou: Schön!",
        ),
        (
            "message", "2023-11-15", "01:13:00", "them", 1,
            "Ana Gómez 🌻: Buenos días",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["friends_v2", "friends"])
def test_facebook_friends_old_and_new(user, key):
    text = json.dumps(
        {
            key: [
                {"name": wrong("Jürgen Groß"), "timestamp": 1_200_000_000},
                {"name": "Ana Ruiz", "timestamp": 1_300_000_000},
                {"name": "Ana Ruiz", "timestamp": 1_300_000_000},
                {"name": "Facebook User"},
            ]
        }
    )
    ana = ContactFactory(owner=user, full_name="Ana Ruiz", job_title="Buyer")

    batch = bring(user, text)

    assert (batch.source, counts(batch)) == ("facebook", (4, 1, 1, 2, 0))
    jurgen = user.contacts.get(full_name="Jürgen Groß")
    assert (jurgen.stage, str(jurgen.origin.on)) == (Stage.NOTICED, "2008-01-10")
    assert ana.origin.platform == "facebook"
    assert counts(bring(user, text)) == (4, 0, 0, 4, 0)


def test_facebook_messages_of_a_group_are_with_those_who_wrote():
    group = thread("Ana", ("Ana", NOON, "Who comes?"), ("Ben", NOON + 1, "Me"))
    group["participants"] = [{"name": n} for n in ("Ana", "Ben", "Carla", "Ada")]
    lonely = thread("Ana", ("Ada", NOON, "Anybody?"), me="Ada", path="inbox/ana_2")
    files = {
        "your_facebook_activity/messages/inbox/g_1/message_1.json": json.dumps(group),
        "your_facebook_activity/messages/inbox/ana_2/message_1.json": json.dumps(
            lonely
        ),
    }

    found = people(read(zipped(files)))

    assert {name: len(record.happenings) for name, record in found.items()} == {
        "Ana": 2,
        "Ben": 1,
        "Carla": 0,
    }


def test_facebook_messages_of_2018():
    text = json.dumps(
        {
            "participants": [wrong("Jürgen"), "Ada"],
            "messages": [
                {
                    "sender_name": wrong("Jürgen"),
                    "timestamp": 1_500_000_000,
                    "content": "Hi",
                }
            ],
            "thread_path": "inbox/j_1",
        }
    )

    found = people(read(text, names=["ada"]))

    assert happened(found["Jürgen"]) == [
        ("message", "2017-07-14", "02:40:00", "them", 1, "Jürgen: Hi")
    ]


MESSAGES = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,"
    "RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    "c1,,Ana Ruiz,https://www.linkedin.com/in/ana,Ada L,https://www.linkedin.com/in/ada,"
    '2024-05-03 14:22:11 UTC,Hello,"<p>Hi Ada,\nfine &amp; well?</p>",INBOX\n'
    "c1,,Ada L,https://www.linkedin.com/in/ada,Ana Ruiz,https://www.linkedin.com/in/ana,"
    "2024-05-03 15:00:00 UTC,,Yes!,INBOX\n"
    "c2,,Ada L,https://www.linkedin.com/in/ada,LinkedIn Member,,"
    "2024-05-04 15:00:00 UTC,,Hello?,INBOX\n"
    "c2,,Ada L,https://www.linkedin.com/in/ada,Ben,,soon,,x,INBOX\n"
)
INVITATIONS = (
    "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    'Carla Moss,Ada L,"5/3/24, 2:22 PM",Shall we talk?,INCOMING,'
    "https://www.linkedin.com/in/carla,https://www.linkedin.com/in/ada\n"
    'Ada L,Dan Voss,"5/4/24, 2:22 PM",,OUTGOING,'
    "https://www.linkedin.com/in/ada,https://www.linkedin.com/in/dan\n"
)
LINKEDIN = {
    "Connections.csv": (
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ana,Ruiz,https://www.linkedin.com/in/ana,,Acme,Buyer,08 Feb 2022\n"
    ),
    "messages.csv": MESSAGES,
    "Invitations.csv": INVITATIONS,
    "Ad_Targeting.csv": "x",
}


def test_linkedin_messages_and_invitations(user):
    before = whole(user)

    batch = bring(user, zipped(LINKEDIN))

    assert (batch.source, counts(batch)) == ("linkedin", (5, 3, 0, 1, 1))
    stages = {c.full_name: (c.stage, str(c.origin.on)) for c in user.contacts.others()}
    assert stages == {
        "Ana Ruiz": (Stage.WROTE, "2022-02-08"),
        "Carla Moss": (Stage.WROTE, "2024-05-03"),
        "Dan Voss": (Stage.NOTICED, "2024-05-04"),
    }
    talk = user.interactions.get(text__startswith="Ana")
    assert talk.text == "Ana Ruiz: Hi Ada,\nfine & well?\n\nYou: Yes!"
    assert (talk.title, talk.platform, talk.started_by) == ("Hello", "linkedin", "them")
    assert counts(bring(user, zipped(LINKEDIN))) == (5, 0, 0, 4, 1)
    undoing.undo(user, batch)
    assert whole(user) == before


ME = "https://www.linkedin.com/in/ada"


def linkedin_message(to, urls, text, draft="No"):
    cells = ["c", "", "Ada L", ME, to, urls, "2024-05-03 14:22:11 UTC", "", text]
    return ",".join(f'"{cell}"' for cell in [*cells, "INBOX", "", draft]) + "\r\n"


LINKEDIN_HEADER = (
    "\ufeffCONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,"
    "RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS,"
    "IS MESSAGE DRAFT\r\n"
)
ANA, CY = "https://www.linkedin.com/in/ana", "https://www.linkedin.com/in/cy"


def test_linkedin_messages_keep_their_lines_and_their_hearts():
    page = "<p class=q>Hi Ana,</p><p>R&amp;D<br/>is fun</p>"
    plain = "I <3 it and 5 > 4\r\nBye"
    text = LINKEDIN_HEADER + "".join(
        linkedin_message("Ana", ANA, each) for each in (page, plain)
    )

    found = people(read(text, names=["ada l"]))

    assert [h.text for h in found["Ana"].happenings] == [
        "You: Hi Ana,\nR&D\nis fun\n\nYou: I <3 it and 5 > 4\nBye"
    ]


def test_a_draft_on_linkedin_was_never_sent():
    text = LINKEDIN_HEADER + linkedin_message("Ana", ANA, "Dear", draft="Yes")

    items = read(text, names=["ada l"])

    assert (people(items), refused(items)) == ({}, [("Ada L", False)])


def test_a_title_behind_a_name_is_nobody():
    text = LINKEDIN_HEADER + linkedin_message("Cy Dee, PhD,Ana", f"{CY},{ANA}", "Both")

    assert list(people(read(text, names=["ada l"]))) == ["Cy Dee, PhD", "Ana"]


def test_one_conversation_alone_needs_my_name():
    text = "".join(line + "\n" for line in MESSAGES.splitlines()[:4])

    assert refused(read(text)) == [("Ana Ruiz", False), ("Ada L", False)]
    assert list(people(read(text, names=["ada l"]))) == ["Ana Ruiz"]


def locked(data):
    """The same zip with the flag of encryption set on every member."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data = data[: at + place] + b"\x01" + data[at + place + 1 :]
            at = data.find(mark, at + 4)
    return data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zipped({"photo.jpg": b"x"}), "In this zip archive is nothing we know"),
        (zipped({"../../data/notes.txt": "x"}), "In this zip archive is nothing"),
        (zipped(X)[:-40], "damaged or cut off"),
        (locked(zipped(X)), "locked with a password"),
        (zipped({}), "In this zip archive is nothing we know"),
        (
            zipped({"your_instagram_activity/messages/inbox/a/message_1.html": "<p>"}),
            "made of web pages. Ask the network for it once more, as JSON",
        ),
    ],
)
def test_a_zip_that_is_none_of_these_is_refused(data, sentence):
    with pytest.raises(CannotRead, match=sentence):
        read(data)


BOMB = "window.YTD.tweets.part0 = [" + " " * 30_000_000 + "]"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped({"data/tweets.js": BOMB}), "unpacks to more than 500 times its size"),
        (js("following", [1])[:-1], "It is cut off"),
        ("window.YTD.tweets.part0 = " + "[" * 100_000, "nested deeper|cut off"),
        ("window.YTD.tweets.part0 = [1e999, nonsense]", "It is no JSON"),
        ("window.YTD.tweets.part0 = [" + "9" * 5000 + "]", "a number that is none"),
        ('window.YTD.tweets.part0 = {"a": 1}', "of a kind we know"),
        ('{"friends_v2": [', "It is cut off"),
        ('{"participants": 1, "messages": 2, "timestamp_ms": 3}', "Nobody with a name"),
    ],
)
def test_a_hostile_file_is_one_sentence(data, reason):
    (item,) = read(data)

    assert isinstance(item, Unread)
    assert re.search(reason, item.reason)


def test_the_names_of_group_messages_are_not_counted_twice():
    headers = {"data/direct-message-group-headers.js": js("dm_headers", TALKS[2:])}

    assert read(zipped(X | headers)) == read(zipped(X))


def test_paths_in_a_zip_lead_nowhere():
    found = read(zipped({"../../data/tweets.js": X["data/tweets.js"]}))

    assert list(people(found)) == ["Ana Ruiz", "Me"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from([
            "tweet", "full_text", "created_at", "entities", "user_mentions", "id_str",
            "dmConversation", "messages", "conversationId", "messageCreate", "senderId",
            "participants", "name", "sender_name", "timestamp_ms", "content", "title",
            "friends_v2", "friends", "relationships_following", "string_list_data",
            "value", "timestamp", "following", "accountId", "account", "screen_name",
        ]),
        inner,
    ),
    max_leaves=30,
)  # fmt: skip


@given(value=VALUES, source=st.sampled_from(["x", "instagram", "facebook"]))
def test_json_of_any_shape_is_read_or_told(value, source):
    data = json.dumps(value).encode()

    for item in READERS[source].read(io.BytesIO(data), Myself()):
        assert isinstance(item, Unread) or 0 < len(item.full_name) <= 300


@given(st.text(), st.sampled_from(["linkedin", "mastodon"]))
def test_tables_of_any_text_are_read_or_told(text, source):
    header = MESSAGES.partition("\n")[0] if source == "linkedin" else MASTODON[:57]
    data = f"{header}\n{text}".encode("utf-8", "replace")

    for item in READERS[source].read(io.BytesIO(data), Myself()):
        assert isinstance(item, Unread) or 0 < len(item.full_name) <= 300


def test_an_archive_on_the_page(client, user):
    upload(client, zipped(X), "twitter.zip")
    work()
    batch = user.imports.get()

    page = client.get(batch.get_absolute_url()).text

    assert "2 would be added" in page
    assert "archive has numbers instead of names" in page
    assert "2 mentions, 2024 · 1 message, 2024" in page
    assert "line 1" not in page
    client.post(reverse("import_start", args=[batch.pk]))
    work()
    batch.refresh_from_db()
    assert counts(batch) == (4, 2, 0, 2, 0)
    client.post(reverse("import_undo", args=[batch.pk]))
    work()
    assert user.contacts.others().count() == 0


def test_a_hostile_archive_on_the_page_is_a_sentence(client, user):
    refused = upload(client, locked(zipped(X)), "twitter.zip")
    assert "locked with a password" in refused.text
    assert not user.imports.exists()

    upload(client, js("following", [1])[:-1], "following.js")
    work()

    batch = user.imports.get()
    assert (batch.state, counts(batch)) == ("preview", (1, 0, 0, 0, 1))
    assert "It is cut off" in client.get(batch.get_absolute_url()).text


@pytest.mark.parametrize("source", ["auto", "x"])
def test_an_archive_on_the_command_line(user, tmp_path, source):
    path = tmp_path / "twitter.zip"
    path.write_bytes(zipped(X))
    command = ["import_contacts", path, "--owner", user, "--format", source]

    ahead = run(*command, "--dry-run")
    said = run(*command)

    assert ahead | {"batch": said["batch"]} == said
    assert (said["read"], said["created"], said["skipped"]) == (4, 2, 2)
    assert run(*command)["skipped"] == 4


@pytest.mark.parametrize("count", [1, 3])
def test_a_chunk_of_an_archive_costs_the_same_for_many(
    user, django_assert_max_num_queries, count
):
    numbers = [str(20 + n) for n in range(count)]
    talks = [
        {"dmConversation": {"conversationId": f"1-{number}", "messages": [
            dm("1", number, f"2024-03-0{day}T10:00:00.000Z", "Hello")
            for day in range(1, count + 1)
        ]}}
        for number in numbers
    ]  # fmt: skip
    files = X | {"data/direct-messages.js": js("direct_messages", talks)}
    batch = ImportFactory(owner=user, source="x", state="running")

    with django_assert_max_num_queries(60):
        running.run(user, batch, io.BytesIO(zipped(files)))


def test_everything_stays_with_its_owner(user, stranger):
    """One with the same people, kinds and conversations is neither read nor written."""
    bring(stranger, zipped(X))
    before = whole(stranger)

    with owner_watch(user) as wrong:
        first = bring(user, zipped(X))
        bring(user, zipped(X))
        second = bring(user, "person,knows,how\nAna Ruiz,Ben,godfather\n")
        third = bring(
            user, card("FN:Mia", "X-SPOUSE:Ben", "RELATED;TYPE=muse:Ana Ruiz")
        )
        for batch in (third, second, first):
            undoing.undo(user, batch)

    assert wrong == []
    assert whole(stranger) == before
