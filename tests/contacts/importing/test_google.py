"""Google Contacts as a table, with both of its headers."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import google
from contacts.importing.readers import reader_for
from contacts.importing.records import Dated, Method, Record, Unread
from networkcrm.partial_dates import PartialDate

OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,"
    "Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,"
    "Short Name,Maiden Name,File As,Birthday,Gender,Location,Billing Information,"
    "Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,"
    "Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,"
    "E-mail 2 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,Phone 1 - Type,"
    "Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Address 1 - Type,"
    "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
    "Address 1 - Extended Address,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,"
    "Organization 1 - Symbol,Organization 1 - Location,"
    "Organization 1 - Job Description,Organization 2 - Type,Organization 2 - Name,"
    "Organization 2 - Title,Relation 1 - Type,Relation 1 - Value,Website 1 - Type,"
    "Website 1 - Value,Event 1 - Type,Event 1 - Value,Event 2 - Type,Event 2 - Value,"
    "Custom Field 1 - Type,Custom Field 1 - Value,Jot 1 - Type,Jot 1 - Value"
)
NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,"
    "Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
    "Address 1 - Country,Address 1 - Extended Address,Relation 1 - Label,"
    "Relation 1 - Value,Website 1 - Label,Website 1 - Value,Event 1 - Label,"
    "Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)
MAYA = {
    "Name": "Dr. Maya Lindqvist", "Given Name": "Maya", "Family Name": "Lindqvist",
    "Name Prefix": "Dr.", "Given Name Yomi": "mah-ya", "Nickname": "May",
    "File As": "Lindqvist, Maya", "Birthday": " --05-17", "Sensitivity": "Normal",
    "Hobby": "Chess", "Notes": "Two lines,\nand a \"quote\".",
    "Photo": "https://lh3.example/a,b", "E-mail 2 - Type": "Work",
    "Group Membership": "Candles, Boston ::: * myContacts ::: * starred ::: Friends",
    "E-mail 1 - Type": "* Home", "E-mail 2 - Value": "maya@lumen.example",
    "E-mail 1 - Value": "maya@example.org ::: m@example.org",
    "IM 1 - Service": "Skype", "IM 1 - Value": "maya.l",
    "Phone 1 - Type": "Mobile", "Phone 1 - Value": "+1 617 555 0137 ::: 030 1234567",
    "Address 1 - Type": "Home", "Address 1 - Street": "1 Wax Way",
    "Address 1 - Formatted": "1 Wax Way\nBoston, MA 02134\nUS",
    "Address 1 - City": "Boston", "Address 1 - Region": "MA",
    "Address 1 - Postal Code": "02134", "Address 1 - Country": "US",
    "Organization 1 - Name": "Lumen", "Organization 1 - Title": "Chandler",
    "Organization 1 - Department": "Wicks", "Organization 2 - Name": "Guild",
    "Relation 1 - Type": "Spouse", "Relation 1 - Value": "Tom Lindqvist",
    "Website 1 - Type": "Blog", "Website 1 - Value": "https://maya.example",
    "Event 1 - Type": "Anniversary", "Event 1 - Value": "2019-06-01",
    "Event 2 - Type": "Founded Lumen", "Event 2 - Value": "2011-02",
    "Custom Field 1 - Type": "Shoe size", "Custom Field 1 - Value": "39",
}  # fmt: skip


def written(header, *people, **options):
    out = io.StringIO()
    sheet = csv.DictWriter(out, header.split(","), **options)
    sheet.writeheader()
    sheet.writerows(people)
    return out.getvalue()


def read(text, encoding="utf-8"):
    return list(google.read(io.BytesIO(text.encode(encoding))))


def one(header=NEW, **cells):
    (record,) = read(written(header, cells))
    return record


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_all_that_the_old_header_says(encoding, delimiter):
    text = written(OLD, MAYA, delimiter=delimiter)

    assert read(text, encoding) == [
        Record(
            line=2,
            full_name="Dr. Maya Lindqvist",
            prefix="Dr.",
            given_name="Maya",
            family_name="Lindqvist",
            nickname="May",
            organization="Lumen",
            job_title="Chandler",
            city="Boston",
            region="MA",
            country="US",
            about='Two lines,\nand a "quote".',
            birthday=PartialDate(None, 5, 17),
            methods=[
                Method("email", "maya@example.org", label="home", preferred=True),
                Method("email", "m@example.org", label="home"),
                Method("email", "maya@lumen.example", label="work"),
                Method("phone", "+1 617 555 0137", label="mobile"),
                Method("phone", "030 1234567", label="mobile"),
                Method("url", "https://maya.example", label="Blog"),
                Method("handle", "maya.l", "skype"),
                Method("address", "1 Wax Way\n02134 Boston\nMA\nUS", label="home"),
            ],
            dates=[
                Dated("anniversary", PartialDate(2019, 6, 1)),
                Dated("other", PartialDate(2011, 2), "Founded Lumen"),
            ],
            tags=["Candles, Boston", "Starred", "Friends"],
            relations=read(text, encoding)[0].relations,
            extra=[
                'X-COLUMN;X-ABLABEL="Hobby":Chess',
                'X-COLUMN;X-ABLABEL="File As":Lindqvist\\, Maya',
                'X-COLUMN;X-ABLABEL="Shoe size":39',
                "ORG:Guild",
                "ORG:Lumen;Wicks",
                'X-ABRELATEDNAMES;X-ABLABEL="Spouse":Tom Lindqvist',
                "X-PHONETIC-FIRST-NAME:mah-ya",
                "PHOTO;VALUE=URI:https://lh3.example/a,b",
            ],
        )
    ]
    (relation,) = read(text, encoding)[0].relations
    assert relation.words == "spouse: Tom Lindqvist"


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"First Name": "Ana", "Last Name": "Ruiz"}, "Ana Ruiz"),
        ({"Name Prefix": "Mrs.", "First Name": "Ana", "Last Name": "Ruiz"}, "Ana Ruiz"),
        ({"Name Prefix": "Prof.", "Last Name": "Ruiz"}, "Prof. Ruiz"),
        ({"First Name": "Ana", "Name Suffix": "PhD"}, "Ana PhD"),
        ({"First Name": "太郎", "Last Name": "山田", "Name Suffix": "様"}, "山田 太郎"),
        ({"Nickname": "Ace"}, "Ace"),
        ({"Organization Name": "Acme"}, "Acme"),
        ({"E-mail 1 - Value": "info@acme.example"}, "info@acme.example"),
    ],
)
def test_a_name_from_the_parts_of_the_new_header(cells, name):
    assert one(**cells).full_name == name


def test_what_nobody_knows_of_an_address_is_kept():
    header = "Name,Address 1 - City,Address 1 - Country code"

    record = one(header, **{
        "Name": "Ana", "Address 1 - City": "Porto", "Address 1 - Country code": "PT",
    })  # fmt: skip

    assert record.city == "Porto"
    assert record.extra == ['X-COLUMN;X-ABLABEL="address 1 - country code":PT']


def test_several_addresses_in_one_cell_and_one_that_says_more():
    record = one(**{
        "First Name": "Ana",
        "Address 1 - Label": "Home",
        "Address 1 - Street": "Rua A 1 ::: Rua B 2",
        "Address 1 - City": "Porto ::: Lisboa",
        "Address 1 - Formatted": "Rua A 1\nPorto ::: Rua B 2\nLisboa\nthird floor",
    })  # fmt: skip

    assert [m.value for m in record.methods] == [
        "Rua B 2\nLisboa\nthird floor",
        "Rua A 1\nPorto",
    ]
    assert record.city == "Porto"


def test_labels_that_are_services_and_dates_that_are_none():
    record = one(**{
        "First Name": "Ana",
        "Birthday": "12.4.1985",
        "Custom Field 1 - Label": "Twitter",
        "Custom Field 1 - Value": "@ana",
        "Event 1 - Label": "Jahrestag",
        "Event 1 - Value": "soon",
        "Website 1 - Value": "https://www.linkedin.com/in/ana ::: javascript:alert(1)",
    })  # fmt: skip

    assert record.birthday == PartialDate(1985, 4, 12)
    assert [(m.kind, m.service, m.value) for m in record.methods] == [
        ("handle", "linkedin", "https://www.linkedin.com/in/ana"),
        ("handle", "x", "@ana"),
    ]
    assert len(record.notes) == 2
    assert [line.rpartition(":")[2] for line in record.extra] == ["alert(1)", "soon"]


@pytest.mark.parametrize(
    ("dates", "found", "notes"),
    [
        (["4/12/1985", "4/30/1990"], ["1985-04-12", "1990-04-30"], 0),
        (["4/12/1985", "30/4/1990"], ["1985-12-04", "1990-04-30"], 0),
        (["4/12/1985", "5/5/1990"], ["None", "1990-05-05"], 1),
    ],
)
def test_the_whole_file_says_whether_the_day_comes_first(dates, found, notes):
    people = [{"First Name": "Ana", "Birthday": date} for date in dates]

    records = read(written(NEW, *people))

    assert [str(record.birthday) for record in records] == found
    assert sum(len(record.notes) for record in records) == notes
    assert [r.extra for r in records[:1] if r.notes] == [
        ['X-COLUMN;X-ABLABEL="birthday":4/12/1985']
    ] * notes


@pytest.mark.parametrize(
    "header", [OLD, NEW, "Name,Phone 1 - Value", NEW.partition(",E-mail")[0]]
)
@pytest.mark.parametrize("capitals", [False, True])
def test_the_header_tells_whose_table_it_is(header, capitals):
    text = written(header, {header.partition(",")[0]: "Ana"})
    data = (text.upper() if capitals else text).encode()

    assert reader_for(io.BytesIO(data), len(data)).name == "google"


def test_broken_rows_and_a_column_that_stands_twice():
    header = "First Name,Last Name,E-mail 1 - Value,E-mail 1 - Value,Labels,,\r\n"
    found = read(
        header
        + "Ana,Ruiz,ana@example.org,other@example.org,* myContacts,,,,\r\n"
        + "Ben\r\n\r\n,,,,* myContacts,,\r\n"
        + 'Cy,"open,x\r\n'
        + "Di,Dee,=HYPERLINK(1),,,,\r\n"
    )

    assert [item.line for item in found] == [2, 3, 5, 6, 7]
    assert [isinstance(item, Record) for item in found] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert found[0].extra == ['X-COLUMN;X-ABLABEL="E-mail 1 - Value":other@example.org']
    assert "formula" in found[4].notes[0]


TEXTS = st.text('* :;,"\n-/=@+.5aA様\0\ud7ff', max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([OLD, NEW]), st.data())
def test_any_cells_are_read_or_told(header, data):
    names = st.sampled_from(header.split(","))
    people = data.draw(st.lists(st.dictionaries(names, TEXTS, max_size=8), max_size=4))
    people = [person | {header.partition(",")[0]: "Ana"} for person in people]

    found = read(written(header, *people))

    assert len(found) == len(people)
    for item in found:
        assert isinstance(item, Record | Unread)
        assert isinstance(item, Unread) or item.full_name
