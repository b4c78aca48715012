"""Cards as phones and mail programs really write them. Everybody is invented."""

import base64
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import vcard
from contacts.importing.records import Dated, Method, Record, Unread
from networkcrm.partial_dates import PartialDate


def read(text, encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return list(vcard.read(io.BytesIO(data)))


def card(*lines, version="3.0"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def one(*lines, version="3.0"):
    (record,) = read(card(*lines, version=version))
    assert isinstance(record, Record), record
    return record


def reached(record):
    return [(m.kind, m.service, m.value, m.label) for m in record.methods]


def test_a_plain_card_whole():
    record = one(
        "FN:Maya Lindqvist",
        "N:Lindqvist;Maya;Ann;Dr.;PhD",
        "NICKNAME:May",
        "ORG:Lumen Candles",
        "TITLE:Partnerships",
        "EMAIL;TYPE=INTERNET,HOME,PREF:maya@example.org",
        "TEL;TYPE=CELL:+1 617 555 0137",
        "ADR;TYPE=WORK:;;1 Main St;Boston;MA;02101;USA",
        "BDAY:1985-04-12",
        "NOTE:Likes tea\\, not coffee.\\nSince 2019.",
        "CATEGORIES:candles,Boston\\, MA",
        "UID:urn:uuid:4FBE8971-0BC3-424C-9C26-36C3E1EFF6B1",
    )

    assert record == Record(
        line=1,
        full_name="Maya Lindqvist",
        prefix="Dr.",
        given_name="Maya",
        middle_name="Ann",
        family_name="Lindqvist",
        suffix="PhD",
        nickname="May",
        organization="Lumen Candles",
        job_title="Partnerships",
        city="Boston",
        region="MA",
        country="USA",
        about="Likes tea, not coffee.\nSince 2019.",
        birthday=PartialDate(1985, 4, 12),
        uid="4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        methods=[
            Method("email", "maya@example.org", "", "home", True),
            Method("phone", "+1 617 555 0137", "", "mobile", False),
            Method("address", "1 Main St\n02101 Boston\nMA\nUSA", "", "work", False),
        ],
        tags=["candles", "Boston, MA"],
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("FN:Ruiz, Ana", "Ruiz, Ana"),
        ("FN:Ruiz\\, Ana", "Ruiz, Ana"),
        ("FN:Acme\\; Sons\\\\Co", "Acme; Sons\\Co"),
        ("FN:Ana: the first", "Ana: the first"),
        ("FN;CHARSET=UTF-8:Søren Ærø", "Søren Ærø"),
        ("FN;LANGUAGE=ja:山田 太郎", "山田 太郎"),
        ("fn:lower case", "lower case"),
        ("item1.FN:In a group", "In a group"),
        ("FN:  spaces \t all  around ", "spaces all around"),
        ("FN:Ana\\nRuiz", "Ana Ruiz"),
        ("FN;ALTID=1;X-A=\"a:b;c\":Quoted", "Quoted"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_formatted_name_is_never_cut(line, name, version):
    assert one(line, version=version).full_name == name


@pytest.mark.parametrize(
    ("lines", "name", "parts"),
    [
        (["N:Ruiz;Ana"], "Ana Ruiz", ("Ana", "Ruiz")),
        (["N:;Ana;;;"], "Ana", ("Ana", "")),
        (["N:Ruiz;;;;"], "Ruiz", ("", "Ruiz")),
        (["N:Ana Ruiz"], "Ana Ruiz", ("", "")),
        (["N:Ruiz, Ana"], "Ana Ruiz", ("Ana", "Ruiz")),
        (["N:Van\\;Dyk;Ana"], "Ana Van;Dyk", ("Ana", "Van;Dyk")),
        (["N:;;;;", "ORG:Acme"], "Acme", ("", "")),
        (["N:;;;;", "FN:", "EMAIL:ana@example.org"], "ana@example.org", ("", "")),
        (["NICKNAME:Anita"], "Anita", ("", "")),
        (["TEL:555 0137"], "555 0137", ("", "")),
        (["FN:Ana Ruiz", "N:Ana Ruiz"], "Ana Ruiz", ("", "")),
    ],
)
def test_names_in_their_dialects(lines, name, parts):
    record = one(*lines)

    assert (record.full_name, (record.given_name, record.family_name)) == (name, parts)


def test_additional_names_and_suffixes_in_lists():
    record = one("FN:x", "N:Stevenson;John;Philip,Paul;Dr.;Jr.,M.D.")

    assert (record.middle_name, record.suffix) == ("Philip Paul", "Jr., M.D.")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends(encoding, ending):
    text = card("FN:Zoë Müller", "NOTE:“quoted” – früh") + card("FN:Ben")

    found = read(text.replace("\r\n", ending), encoding)

    assert [(r.full_name, r.about) for r in found] == [
        ("Zoë Müller", "“quoted” – früh"),
        ("Ben", ""),
    ]


def test_one_card_may_be_in_another_encoding():
    data = card("FN:Zoë").encode() + card("FN:Jürgen").encode("cp1252")

    assert [r.full_name for r in read(data)] == ["Zoë", "Jürgen"]


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        ("FN;CHARSET=ISO-8859-1", "iso-8859-1"),
        ("FN;CHARSET=SHIFT_JIS", "shift_jis"),
        ("FN;CHARSET=windows-1251", "cp1251"),
        ("FN;CHARSET=ISO-2022-JP", "iso-2022-jp"),
        ("FN;CHARSET=UTF-8", "utf-8"),
        ("FN;CHARSET=no-such-thing", "utf-8"),
    ],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_charset_of_one_property(head, charset, quoted):
    name = {"shift_jis": "山田", "iso-2022-jp": "山田", "cp1251": "Иван"}.get(
        charset, "Zoë"
    )
    raw = name.encode(charset)
    if quoted:
        head += ";ENCODING=QUOTED-PRINTABLE"
        raw = "".join(f"={byte:02X}" for byte in raw).encode()
    data = b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + head.encode() + b":" + raw

    assert read(data + b"\r\nEND:VCARD\r\n")[0].full_name == name


def test_quoted_printable_over_many_lines():
    record = one(
        "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BCller;Zo=C3=AB",
        "NOTE;QUOTED-PRINTABLE:First line=0D=0A=",
        "second line, it =",
        "goes on=3D=",
        "",
        "TEL;HOME;VOICE:555 0137",
        version="2.1",
    )

    assert record.full_name == "Zoë Müller"
    assert record.about == "First line\nsecond line, it goes on="
    assert reached(record) == [("phone", "", "555 0137", "home")]


def test_quoted_printable_that_is_folded_too():
    record = one("FN:x", "NOTE;QUOTED-PRINTABLE:a=", " b=", " c", version="2.1")

    assert record.about == "abc"


@pytest.mark.parametrize("space", [" ", "\t"])
def test_folded_lines(space):
    record = one("FN:A very long na", f"{space}me indeed", "NOTE:x", f"{space}{space}y")

    assert record.full_name == "A very long name indeed"
    assert record.about == f"x{space}y"


def test_a_card_that_is_indented_as_a_whole():
    record = one("  FN:Ana Ruiz", "  EMAIL;TYPE=HOME:ana@example.org", "  X-PET:cat")

    assert record.full_name == "Ana Ruiz"
    assert reached(record) == [("email", "", "ana@example.org", "home")]
    assert record.extra == ["X-PET:cat"]


def test_a_fold_in_the_middle_of_a_letter():
    whole = "NOTE:Grüße".encode()
    cut = whole.index("ü".encode()) + 1
    data = b"BEGIN:VCARD\r\nFN:A\r\n" + whole[:cut] + b"\r\n " + whole[cut:]

    assert read(data + b"\r\nEND:VCARD")[0].about == "Grüße"


def test_folds_without_their_white_space():
    long = "NOTE:" + "word " * 15
    record = one("FN:Ana", long + "wo", "rd, more: see", "Next paragraph", "TEL:1")

    assert (
        record.about == ("word " * 15 + "word, more: see").strip() + "\nNext paragraph"
    )
    assert record.methods[0].value == "1"


def test_a_line_that_is_no_property_spoils_only_itself():
    record = one("FN:Ana", "what is this", "EMAIL:ana@example.org")

    assert record.full_name == "Ana"
    assert reached(record) == [("email", "", "ana@example.org", "")]
    assert record.notes == ["Line 4 is no property: “what is this”."]


PICTURE = bytes(range(256)) * 3


@pytest.mark.parametrize("kind", ["2.1", "2.1 broken", "3.0", "3.0 one line", "4.0"])
def test_photos(kind):
    text = base64.b64encode(PICTURE).decode()
    rows = [text[i : i + 72] for i in range(0, len(text), 72)]
    lines = {
        "2.1": ["PHOTO;ENCODING=BASE64;JPEG:", *(f" {row}" for row in rows), ""],
        "2.1 broken": ["PHOTO;JPEG;BASE64:", *rows, ""],
        "3.0": [f"PHOTO;ENCODING=b;TYPE=JPEG:{rows[0]}", *(f" {r}" for r in rows[1:])],
        "3.0 one line": [f"PHOTO;ENCODING=b:{text}"],
        "4.0": [f"PHOTO:data:image/jpeg;base64,{text}"],
    }[kind]

    record = one("FN:Ana", *lines, "TEL:555", version=kind[:3])

    assert record.photo == PICTURE
    assert reached(record) == [("phone", "", "555", "")]


@pytest.mark.parametrize(
    ("value", "said", "kept"),
    [
        ("https://example.org/a.jpg", "nothing was fetched", True),
        ("file:///etc/passwd", "points at a file", False),
        ("FILE:C:\\a.jpg", "points at a file", False),
        ("cid:photo@example.org", "nothing was fetched", True),
        ("data:image/png,%89PNG", "cannot read", False),
        ("!!!", "cannot be read", False),
    ],
)
def test_photos_that_are_none(value, said, kept):
    record = one("FN:Ana", f"PHOTO:{value}", "EMAIL:ana@example.org")

    assert record.photo == b""
    assert said in record.notes[0]
    assert record.extra == ([f"PHOTO:{value}"] if kept else [])
    assert record.methods[0].value == "ana@example.org"


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:1985-04-12", PartialDate(1985, 4, 12)),
        ("BDAY:19850412", PartialDate(1985, 4, 12)),
        ("BDAY;VALUE=date:1985-04-12T00:00:00Z", PartialDate(1985, 4, 12)),
        ("BDAY:1985-04", PartialDate(1985, 4)),
        ("BDAY:1985", PartialDate(1985)),
        ("BDAY:--0503", PartialDate(None, 5, 3)),
        ("BDAY:--05-03", PartialDate(None, 5, 3)),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", PartialDate(None, 2, 29)),
        ("BDAY;VALUE=text:3 May 1985", PartialDate(1985, 5, 3)),
        ("BDAY:1985-00-00", PartialDate(1985)),
        ("BDAY:0001-05-03", PartialDate(None, 5, 3)),
        ("BDAY:0001-01-01", None),
        ("BDAY:00010101T000000Z", None),
        ("BDAY:1985-02-30", None),
        ("BDAY;VALUE=text:circa 1800", None),
        ("BDAY:---03", None),
        ("BDAY:4/5/1985", None),
    ],
)
def test_birthdays(line, birthday):
    record = one("FN:Ana", line)

    assert record.birthday == birthday
    # What cannot be understood is kept and said.
    assert bool(record.extra) == bool(record.notes) == (birthday is None)


def test_apple_groups_and_labels():
    record = one(
        "FN:Ana",
        "item1.EMAIL;type=INTERNET:ana@example.org",
        "item1.X-ABLabel:_$!<HomePage>!$_",
        "item2.TEL:555",
        "item2.X-ABLabel:Reception\\, 2nd floor",
        "item3.X-ABDATE;type=pref:2019-05-03",
        "item3.X-ABLabel:_$!<Anniversary>!$_",
        "item4.X-ABDATE:1604-12-24",
        "item4.X-ABLabel:Name day",
        "item5.X-ABRELATEDNAMES:Ben",
        "item5.X-ABLabel:_$!<Brother>!$_",
    )

    assert reached(record) == [
        ("email", "", "ana@example.org", "homepage"),
        ("phone", "", "555", "Reception, 2nd floor"),
    ]
    assert record.dates == [
        Dated("anniversary", PartialDate(2019, 5, 3)),
        Dated("other", PartialDate(None, 12, 24), "Name day"),
    ]
    assert record.extra == ['X-ABRELATEDNAMES;X-ABLABEL="brother":Ben']


@pytest.mark.parametrize(
    ("line", "method"),
    [
        ("URL:https://www.linkedin.com/in/ana-ruiz/", ("handle", "linkedin", None)),
        ("URL:https://twitter.com/ana", ("handle", "x", None)),
        ("URL:http\\://x.com/ana", ("handle", "x", "http://x.com/ana")),
        ("URL:https://github.com/ana", ("handle", "github", None)),
        ("URL:https://social.example/@ana", ("handle", "mastodon", None)),
        ("URL:https://bsky.app/profile/ana.example.org", ("handle", "bluesky", None)),
        ("URL:https://t.me/ana", ("handle", "telegram", None)),
        ("URL:https://wa.me/16175550137", ("handle", "whatsapp", None)),
        ("URL:https://ana.example.org/x?y=1", ("url", "", None)),
        ("URL:ana.example.org", ("url", "", None)),
        ("IMPP:skype:ana.r", ("handle", "skype", "ana.r")),
        (
            "IMPP;X-SERVICE-TYPE=Skype;type=HOME:skype:ana.r",
            ("handle", "skype", "ana.r"),
        ),
        ("IMPP:xmpp:ana@example.org", ("handle", "other", "ana@example.org")),
        ("X-SKYPE:ana.r", ("handle", "skype", "ana.r")),
        ("X-SKYPE-USERNAME:ana.r", ("handle", "skype", "ana.r")),
        ("X-AIM;TYPE=HOME:ana", ("handle", "other", "ana")),
        ("X-SOCIALPROFILE;type=twitter:https://twitter.com/ana", ("handle", "x", None)),
        ("X-SOCIALPROFILE;type=twitter;x-user=ana:x-apple:ana", ("handle", "x", "ana")),
        (
            "SOCIALPROFILE;SERVICE-TYPE=Mastodon;VALUE=text:@ana@social.example",
            ("handle", "mastodon", "@ana@social.example"),
        ),
        ("TEL;VALUE=uri:tel:+1-617-555-0137", ("phone", "", "+1-617-555-0137")),
        ("EMAIL:mailto:ana@example.org", ("email", "", "ana@example.org")),
    ],
)
def test_ways_to_reach_someone(line, method):
    record = one("FN:Ana", line)

    (found,) = record.methods
    kind, service, value = method
    value = value if value is not None else line.partition(":")[2]
    assert (found.kind, found.service, found.value) == (
        kind,
        service,
        value.removeprefix("https://twitter.com/ana")
        if value.startswith("HTTPS")
        else value,
    )
    assert record.extra == []


@pytest.mark.parametrize(
    ("line", "label", "preferred"),
    [
        ("TEL;HOME;VOICE:1", "home", False),
        ("TEL;TYPE=CELL;PREF:1", "mobile", True),
        ("TEL;TYPE=WORK,FAX:1", "work fax", False),
        ('TEL;TYPE="work,voice";PREF=1:1', "work", True),
        ("TEL;type=CELL;type=VOICE;type=pref:1", "mobile", True),
        ("TEL;:1", "", False),
    ],
)
def test_labels(line, label, preferred):
    (method,) = one("FN:Ana", line).methods

    assert (method.value, method.label, method.preferred) == ("1", label, preferred)


def test_departments_and_second_organizations_are_kept():
    record = one("FN:Ana", "ORG:Acme\\, Inc.;Research;Team 4", "ORG:Beta")

    assert record.organization == "Acme, Inc."
    assert record.extra == ["ORG:Acme\\, Inc.;Research;Team 4", "ORG:Beta"]


def test_no_property_is_lost():
    lines = [
        "GENDER:F",
        "GEO:geo:52.5,13.4",
        "TZ:Europe/Berlin",
        "LANG;PREF=1:de",
        "RELATED;TYPE=friend:urn:uuid:f81d4fae",
        "KEY;MEDIATYPE=application/pgp-keys:https://example.org/key.asc",
        "REV:20200101T000000Z",
        "PRODID:-//Example//EN",
        "SOUND;TYPE=OGG;ENCODING=b:AAAA",
        "X-PHONETIC-FIRST-NAME:Ah-na",
        "ROLE:Speaker",
        "EMAIL:not an address",
        "UNHEARD-OF;A=b:value\\, with escapes",
    ]
    record = one("FN:Ana", *lines)

    assert record.extra == lines


def test_a_card_within_a_card_stays_with_its_card():
    found = read(
        card(
            "FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Assistant", "END:VCARD", "TEL:1",
            version="2.1",
        )
    )  # fmt: skip

    (record,) = found
    assert record.full_name == "Boss"
    assert record.methods[0].value == "1"
    assert record.extra[0].startswith("AGENT:")
    assert "FN:Assistant" in record.extra[0]


def test_one_bad_card_never_stops_the_rest():
    found = read(
        "garbage\r\n"
        + card("FN:Ana")
        + card()
        + card("FN:Group", "KIND:group", "MEMBER:urn:uuid:1")
        + "\r\nFN:Never closed\r\nBEGIN:VCARD\r\nFN:No end\r\n"
        + card("FN:Last", "NOTE:ok")
    )

    assert [(r.line, getattr(r, "full_name", "") or r.reason) for r in found] == [
        (1, "These lines belong to no card."),
        (2, "Ana"),
        (6, "This card has no name, organization, e-mail address or phone number."),
        (9, "A group of contacts, not a person."),
        (16, "Never closed"),
        (17, "No end"),
        (19, "Last"),
    ]
    assert [r.failed for r in found if isinstance(r, Unread)] == [True, True, False]


def test_a_file_cut_off_in_the_middle():
    found = read(card("FN:Ana") + "BEGIN:VCARD\r\nFN:Ben\r\nNOTE:half a sen")

    assert [r.full_name for r in found] == ["Ana", "Ben"]
    assert found[1].notes == ["The card has no END:VCARD line; its end may be missing."]


def test_a_line_of_five_megabytes():
    found = read(card("FN:Ana", "NOTE:" + "x" * 5_000_000, "TEL:1") + card("FN:Ben"))

    assert [r.full_name for r in found] == ["Ana", "Ben"]
    assert found[0].notes == ["NOTE on line 4 is longer than 1 MB and was left out."]
    assert found[0].methods[0].value == "1"


def test_a_name_of_a_thousand_letters_is_cut_and_kept():
    record = one("FN:" + "n" * 1000)

    assert record.full_name == "n" * 300
    assert record.extra == ["FN:" + "n" * 1000]
    assert "was cut" in record.notes[0]


@pytest.mark.parametrize(
    "line",
    [
        "URL:file:///etc/passwd",
        'XML:<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        "LOGO:file:///c:/logo.png",
    ],
)
def test_dangerous_properties_are_left_out(line):
    record = one("FN:Ana", line)

    assert (record.extra, record.methods) == ([], [])
    assert "left out (line 4)" in record.notes[0]


def test_a_script_is_no_web_page():
    record = one("FN:Ana", "URL:javascript:alert(1)")

    assert record.methods == []
    assert "no web page" in record.notes[0]


def test_control_characters_never_come_in():
    record = one(
        "FN:A\x00n\x07a", "NOTE:one\x0btwo\ud800".encode("utf-8", "replace").decode()
    )

    assert record.full_name == "Ana"
    assert "\x0b" not in record.about


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_never_raise(data):
    for item in read(b"BEGIN:VCARD\r\n" + data + b"\r\nEND:VCARD\r\n"):
        assert isinstance(item, Record | Unread)


LINES = st.sampled_from(
    [
        "BEGIN:VCARD", "END:VCARD", "VERSION:2.1", "FN:Ana", "N:a;b;;;", "AGENT:", "",
        " folded", "NOTE;ENCODING=QUOTED-PRINTABLE:=C3=", "=FF=", "PHOTO;BASE64:AAA",
        "item1.X-ABLabel:x", "item1.TEL:1", "garbage", ":", ";:", "X-;=:", '";:"', "\t",
        "BDAY:0000-00-00", "ADR:;;;;;;;;;;", "ORG:;;", "URL::", "IMPP:", "CATEGORIES:,",
        "TEL;TYPE=:x", "EMAIL;X=\"unclosed:a@b", "KIND:group", "\ufeffBEGIN:VCARD",
        "X-SOCIALPROFILE;type=twitter:", "X-ANDROID-CUSTOM:a/contact_event;x;1",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LINES | st.text(max_size=20), max_size=30), st.sampled_from(["\n", "\r"])
)
def test_any_lines_never_raise(lines, ending):
    for item in read(ending.join(lines).encode("utf-8", "surrogatepass")):
        assert isinstance(item, Record | Unread)
        if isinstance(item, Record):
            assert item.full_name
            assert "\x00" not in repr(item)


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=60,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip


def escape(text):
    for char in "\\,;":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def fold(line):
    data = line.encode()
    return b"\r\n ".join(
        [data[:75], *(data[i : i + 74] for i in range(75, len(data), 74))]
    )


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT, st.lists(TEXT, min_size=1, max_size=3, unique=True))
def test_what_is_written_is_read(name, family, given, note, tags):
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{escape(name)}",
        f"N:{escape(family)};{escape(given)};;;",
        f"NOTE:{escape(note)}\\n{escape(note)}",
        f"CATEGORIES:{','.join(map(escape, tags))}",
        "END:VCARD",
    ]

    (record,) = read(b"\r\n".join(fold(line) for line in lines))

    assert record.full_name == name
    assert (record.family_name, record.given_name) == (family, given)
    assert record.about == f"{note}\n{note}"
    assert record.tags == [tag for tag in tags if tag.lower() != "mycontacts"]


@pytest.mark.parametrize(
    "lines",
    [
        ["EMAIL:" + "a" * 300_000],
        ["NOTE;ENCODING=QUOTED-PRINTABLE:=", *["a="] * 100_000],
    ],
)
def test_a_long_card_takes_no_longer_than_it_is(lines):
    started = time.monotonic()

    (record,) = read(card("FN:Ana", *lines, version="2.1"))

    assert record.full_name == "Ana"
    assert time.monotonic() - started < 25


def test_a_card_of_very_many_lines_is_left_out():
    records = read(card("FN:Ana", "NOTE:a", *[" b"] * 600_000) + card("FN:Ben"))

    assert [r.reason if isinstance(r, Unread) else r.full_name for r in records] == [
        "The card is larger than 20 MB and was left out.",
        "Ben",
    ]


def test_one_card_that_surprises_us_does_not_stop_the_others(monkeypatch):
    def surprised(reading, header, value):
        raise AttributeError("no such thing")

    monkeypatch.setitem(vcard.HANDLERS, "NICKNAME", surprised)

    records = read(card("FN:Ana", "NICKNAME:A") + card("FN:Ben"))

    assert records[0] == Unread(1, "This card cannot be read (no such thing).")
    assert records[1].full_name == "Ben"
