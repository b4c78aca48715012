"""Cards that other readers give up on, or read wrongly. Everybody is invented."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import vcard
from contacts.importing.records import Record, Unread
from networkcrm.partial_dates import PartialDate


def read(data):
    return list(vcard.read(io.BytesIO(data)))


def lines_of(*lines, version="3.0"):
    data = [line if isinstance(line, bytes) else line.encode() for line in lines]
    start = [b"BEGIN:VCARD", b"VERSION:" + version.encode()]
    return b"\r\n".join([*start, *data, b"END:VCARD", b""])


def one(*lines, version="3.0"):
    (record,) = read(lines_of(*lines, version=version))
    assert isinstance(record, Record), record
    return record


def names(items):
    return [getattr(item, "full_name", "") or item.reason for item in items]


QUOTED = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"


@pytest.mark.parametrize(
    "lines",
    [
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=20=D0=", "=9B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=20=D0=9", "B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=20=D0=9=", "B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=20", "=D0=9B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=20=D0=", " =9B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=20=D0=", "\t=9B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=", " =8C =D0=", " =9B=D1=83=D0=BA"],
        [QUOTED + "=D0=98=D0=B3=D0=BE=D1=80=D1=8C=", " =D0=9B=D1=83=D0=BA"],
    ],
)
def test_quoted_printable_broken_anywhere(lines):
    record = one(*lines, "TEL;CELL:1", version="2.1")

    assert (record.full_name, record.methods[0].value) == ("Игорь Лук", "1")


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("山田 太郎".encode("shift_jis"), "山田 太郎"),
        ("表示 能力".encode("shift_jis"), "表示 能力"),
        # None of these says its charset, and all are valid Shift-JIS but the first.
        ("Zoë Müller".encode("cp1252"), "Zoë Müller"),
        ("Jérôme Lefèvre".encode("cp1252"), "Jérôme Lefèvre"),
        ("Ann O’Brien".encode("cp1252"), "Ann O’Brien"),
        ("Žižka Škoda".encode("cp1252"), "Žižka Škoda"),
        # Emoji in two halves, as Java writes them (CESU-8), and half of one.
        (b"Ana \xed\xa0\xbd\xed\xb8\x80", "Ana 😀"),
        (b"A\xed\xa0\x80na", "A\ufffdna"),
    ],
)
def test_bytes_that_say_nothing_of_their_charset(raw, name):
    assert one(b"FN:" + raw).full_name == name


@pytest.mark.parametrize(
    "text",
    [
        "我们在会议上认识，他住在北京，喜欢喝茶。" * 20,
        "мы познакомились на конференции в Минске " * 20,
        "Grüße aus Köln, schöne Größe " * 20,
    ],
)
@pytest.mark.parametrize("width", [74, 75])
def test_folds_that_split_letters_all_over_a_note(text, width):
    whole = ("NOTE:" + text).encode()
    rows = [whole[:width]]
    rows += [
        b" " + whole[at : at + width - 1] for at in range(width, len(whole), width - 1)
    ]

    assert one("FN:Ana", *rows).about == text.strip()


def test_a_card_of_an_old_japanese_phone():
    jis = "CHARSET=SHIFT_JIS"
    record = one(
        f"N;{jis}:".encode() + "表;太郎".encode("shift_jis"),
        f"SOUND;X-IRMC-N;{jis}:".encode() + "ｵﾓﾃ;ﾀﾛｳ".encode("shift_jis"),
        f"ADR;HOME;{jis};ENCODING=QUOTED-PRINTABLE:;;".encode()
        + "".join(f"={b:02X}" for b in "表参道 1".encode("shift_jis")).encode(),
        version="2.1",
    )

    assert (record.full_name, record.methods[0].value) == ("太郎 表", "表参道 1")
    assert record.extra == ["SOUND;TYPE=X-IRMC-N:ｵﾓﾃ;ﾀﾛｳ"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"FN:A\nEND:VCARDBEGIN:VCARD\nFN:B", ["A", "B"]),
        (b"FN:A\nEND:VCARD BEGIN:VCARD\nFN:B", ["A", "B"]),
        (b"FN:A\nTEL:1END:VCARD\nBEGIN:VCARD\nFN:B", ["A", "B"]),
        (b"FN:A\nTEL:1END:VCARDBEGIN:VCARD\nFN:B", ["A", "B"]),
        (b"FN:A\nBEGIN:VCARD\nFN:B", ["A", "B"]),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\nEND:VCARD", ["A"]),
        (b"FN:A\nEND:VCARD\n\xe2\x80\x8bBEGIN:VCARD\nFN:B", ["A", "B"]),
        (b"FN:A\nEND : VCARD\nBegin: vCard\nFN:B", ["A", "B"]),
        # Words of a note that look like the end of the card.
        (b"FN:A\nNOTE:then came END:VCARD\nTEL:1", ["A"]),
        (b"FN:A\nAGENT:BEGIN:VCARD\\nFN:X\\nEND:VCARD", ["A"]),
        # A card within a card, within a card.
        (b"FN:A\nAGENT:\nBEGIN:VCARD\nFN:X\nEND:VCARD\nTEL:1", ["A"]),
        (b"FN:A\nAGENT:BEGIN:VCARD\nFN:X\nEND:VCARD\nTEL:1", ["A"]),
        (
            b"FN:A\nAGENT:\nBEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:X\nEND:VCARD\n"
            b"END:VCARD\nTEL:1",
            ["A"],
        ),
        (
            b"FN:A\nAGENT:\nBEGIN:VCARD\nFN:X\nEND:VCARD\nBEGIN:VCARD\nFN:B",
            ["A", "B"],
        ),
    ],
)
def test_where_one_card_ends_and_the_next_begins(data, found):
    records = read(b"BEGIN:VCARD\n" + data + b"\nEND:VCARD\n")

    assert names(records) == found
    if b"TEL:1" in data:
        assert [m.value for m in records[0].methods] == ["1"]


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:1985/05/17", PartialDate(1985, 5, 17)),
        ("BDAY:1985 05 17", PartialDate(1985, 5, 17)),
        ("BDAY:1985-5-7", PartialDate(1985, 5, 7)),
        ("BDAY:--5-17", PartialDate(None, 5, 17)),
        ("BDAY:Sun, May 17, 1985", PartialDate(1985, 5, 17)),
        ("BDAY:1985-05-17 00:00:00", PartialDate(1985, 5, 17)),
        ("BDAY:1985-05-17T23:00:00.000-07:00", PartialDate(1985, 5, 17)),
        ("BDAY;X-APPLE-OMIT-YEAR=1604;VALUE=DATE:16040517", PartialDate(None, 5, 17)),
    ],
)
def test_birthdays_as_some_write_them(line, birthday):
    record = one("FN:Ana", line)

    assert (record.birthday, record.extra) == (birthday, [])


@pytest.mark.parametrize(
    ("line", "methods"),
    [
        ("TEL;X-Boat:1", [("phone", "1", "Boat")]),
        ("TEL;TYPE=Mobil,VOICE:1", [("phone", "1", "Mobil")]),
        (
            "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=4D=C3=BC):1",
            [("phone", "1", "Mü")],
        ),
        ("TEL;VALUE=uri:tel:+1-555;ext=7", [("phone", "+1-555 ext. 7", "")]),
        ("TEL:\u202a+49 170 1\u202c", [("phone", "+49 170 1", "")]),
        ("EMAIL:Ana <a@b.example>", [("email", "a@b.example", "")]),
        (
            "EMAIL:a@b.example, c@d.example",
            [("email", "a@b.example", ""), ("email", "c@d.example", "")],
        ),
        ("EMAIL:mailto:a%40b.example?subject=x", [("email", "a@b.example", "")]),
        ("URL:mailto:a@b.example", [("email", "a@b.example", "")]),
        ("URL:skype:ana?call", [("handle", "ana", "")]),
        ("IMPP:https://chat.example/ana", [("url", "https://chat.example/ana", "")]),
        ("X-MESSAGING/AIM-All:ana", [("handle", "ana", "AIM")]),
        ("LABEL;TYPE=home:1 Main\\nBoston", [("address", "1 Main\nBoston", "home")]),
        (".TEL:1", [("phone", "1", "")]),
        ("TEL;X-A=" + "a" * 3000 + ":1", [("phone", "1", "")]),
    ],
)  # fmt: skip
def test_ways_to_reach_someone_as_some_write_them(line, methods):
    record = one("FN:Ana", line)

    assert [(m.kind, m.value, m.label) for m in record.methods] == methods


# Each with values that stand nowhere else in the card.
EVERY_PROPERTY = """\
FN:fn01
FN;LANGUAGE=en:fn02
N:n01;n02;n03,n04;n05;n06;n07;n08
N;ALTID=1;LANGUAGE=en:n11;n12;;;
NICKNAME:nick01,nick02
NICKNAME;TYPE=work:nick03
PHOTO;VALUE=uri:http://example.org/photo01
BDAY;VALUE=text:bday01
ANNIVERSARY:19900203
DEATHDATE:circa death01
BIRTHPLACE:place01
DEATHPLACE:place02
GENDER:M;gender01
ADR;TYPE=work;LABEL="label01";GEO="geo:1.01,2.02":box01;ext01;street01;city01;reg01;code01;land01;room01;;;no01
ADR;TYPE=home:;;street02;city02;;;land02
LABEL;TYPE=home:label02
TEL;VALUE=uri;TYPE="voice,x-boat01":tel:+1-555-01;ext=5502
TEL;TYPE=cell:+49 170 03
EMAIL;TYPE=work:mail01@example.org
EMAIL:not a mail02
IMPP:xmpp:impp01@example.org
IMPP;X-SERVICE-TYPE=impp02:x-apple:impp03
X-JABBER:jabber01
X-SKYPE:skype01
X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/social01
X-SOCIALPROFILE;TYPE=pref;X-USER=social02:social03:04
SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://social.example/@social05
LANG:lang01
LANGUAGE:lang02
TZ;VALUE=text:tz01
GEO:geo:3.03,4.04
TITLE:title01
TITLE:title02
ROLE:role01
LOGO;ENCODING=b:bG9nbw01
ORG:org01;dept01;dept02
ORG:org02
MEMBER:urn:uuid:member01
RELATED;TYPE=friend:urn:uuid:related01
RELATED;VALUE=text:related02
item1.X-ABRELATEDNAMES:related03
item1.X-ABLabel:_$!<Related04>!$_
item2.X-ABDATE:20110203
item2.X-ABLabel:date02
item3.X-ABDATE:date03
item4.ADR;TYPE=home:;;street03;;;;
item4.X-ABADR:abadr01
item4.X-ABLabel:label04
CATEGORIES:tag01,tag02\\, tag03
CATEGORIES:tag04
NOTE:note01\\nnote02
NOTE:note03
PRODID:prod01
REV:rev01
SOUND:http://example.org/sound01
UID:uid01
UID:uid02
CLIENTPIDMAP:1;urn:uuid:client01
URL:https://example.org/url01
URL:url02
KEY:http://example.org/key01
FBURL:http://example.org/fb01
CALADRURI:mailto:cal01@example.org
CALURI:http://example.org/cal02
AGENT:BEGIN:VCARD\\nFN:agent01\\nEND:VCARD
SORT-STRING:sort01
CLASS:class01
MAILER:mailer01
SOURCE:http://example.org/source01
NAME:name01
XML:<a>xml01</a>
EXPERTISE;LEVEL=level01:expert01
HOBBY:hobby01
INTEREST:interest01
ORG-DIRECTORY:http://example.org/dir01
CONTACT-URI:mailto:uri01@example.org
PRONOUNS:pron01
PRONOUNS;LANGUAGE=en:pron02
GRAMGENDER:gram01
CREATED:created01
X-SPOUSE:spouse01
X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;rel01;14
X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;event01;0;event02
X-PHONETIC-LAST-NAME:phon01
X-ANYTHING;X-PARAM=param01:any01
UNHEARD-OF:unheard01
no property at all01
"""


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_every_value_of_every_property_is_found_again(version):
    record = one(*EVERY_PROPERTY.splitlines(), version=version)

    kept = repr(record).lower()
    words = re.findall(r"[a-z]+0\d\b", EVERY_PROPERTY.lower())
    assert len(words) > 90
    assert [word for word in words if word not in kept] == []
    for value in ("1.01,2.02", "3.03,4.04", "+1-555-01 ext. 5502", "+49 170 03"):
        assert value in kept.replace("\\", "")
    assert [(d.on, d.label) for d in record.dates] == [
        (PartialDate(1990, 2, 3), ""),
        (PartialDate(2011, 2, 3), "date02"),
    ]


@pytest.mark.parametrize(
    "group",
    [
        [
            "KIND:group",
            "FN:Team\\, A",
            "MEMBER:urn:uuid:{}",
            "MEMBER:mailto:B@b.example",
            "MEMBER:urn:uuid:",
        ],
        [
            "X-ADDRESSBOOKSERVER-KIND:group",
            "FN:Team\\, A",
            "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:{}",
            "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b",
        ],
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_group_is_a_tag_of_its_members(group, first):
    number = "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    team = lines_of(*(line.format(number.upper()) for line in group))
    people = [
        lines_of("FN:Ana", f"UID:{number}", "CATEGORIES:x"),
        lines_of("FN:Ben", "UID:b", "EMAIL:b@b.example"),
        lines_of("FN:Cem", "UID:c"),
        lines_of("FN:Dora"),
    ]

    items = read(b"".join([team, *people] if first else [*people, team]))

    assert [item.tags for item in items if isinstance(item, Record)] == [
        ["x", "Team, A"],
        ["Team, A"],
        [],
        [],
    ]


WHOLE = [
    lines_of(
        f"FN:Person {n}",
        f"N:{n};Person;;;",
        f"EMAIL;TYPE=work:person{n}@example.org",
        "item1.TEL:+1 555 0137",
        "item1.X-ABLabel:_$!<Other>!$_",
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Gr=C3=BC=",
        "=C3=9Fe",
        "PHOTO;ENCODING=b:" + "QUJD" * 15,
        " " + "QUJD" * 10,
        "BDAY:1985-04-12",
        version="2.1",
    )
    for n in range(3)
]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_broken_card_harms_no_other(data):
    """Bytes of the second card are cut, doubled, spoilt or folded wrongly."""
    card = bytearray(WHOLE[1][13:-11])
    for _each in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(card)))
        to = data.draw(st.integers(at, min(len(card), at + 60)))
        card[at:to] = data.draw(
            st.sampled_from(
                [b"", b"\r\n", b"\n ", b"\r\n\t", b"=\r\n", b"=", b"\xff\xfe", b"\xc3",
                 b"\x00", b"\\", b'"', b";", b":", b"\xed\xa0\x80", b"\x82\xa0",
                 bytes(card[at:to]) * 2]
            )
        )  # fmt: skip

    items = read(WHOLE[0] + b"BEGIN:VCARD\r\n" + card + b"\r\nEND:VCARD\r\n" + WHOLE[2])

    assert items[0] == read(WHOLE[0])[0]
    last = items[-1]
    assert isinstance(last, Record)
    last.line = 1
    assert last == read(WHOLE[2])[0]
    assert len(items) == 3
    assert isinstance(items[1], Record | Unread)
    if isinstance(items[1], Record):
        items[1].photo = b""
    # Postgres takes neither of them.
    assert not re.search(r"\\x00|\\ud[89a-f]", repr(items[1]))
