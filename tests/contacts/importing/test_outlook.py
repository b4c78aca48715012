"""Outlook's contacts as a table, of the desktop and of the web."""

import csv
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import outlook
from contacts.importing.outlook_names import BY_NAME, COLUMNS
from contacts.importing.readers import reader_for
from contacts.importing.records import Dated, Method, Record, Unread
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

ENGLISH = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,"
    "Business Street,Business Street 2,Business Street 3,Business City,Business State,"
    "Business Postal Code,Business Country/Region,Home Street,Home Street 2,"
    "Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,"
    "Other Street,Other Street 2,Other Street 3,Other City,Other State,"
    "Other Postal Code,Other Country/Region,Assistant's Phone,Business Fax,"
    "Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,"
    "Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,"
    "Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,Anniversary,"
    "Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,"
    "Children,Directory Server,E-mail Address,E-mail Type,E-mail Display Name,"
    "E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,"
    "E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,"
    "Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,"
    "Manager's Name,Mileage,Notes,Office Location,Organizational ID Number,"
    "Other Address PO Box,Priority,Private,Profession,Referred By,Sensitivity,Spouse,"
    "User 1,User 2,User 3,User 4,Web Page"
)
GERMAN = (
    "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,"
    "Straße geschäftlich,Straße geschäftlich 2,Straße geschäftlich 3,"
    "Ort geschäftlich,Region geschäftlich,Postleitzahl geschäftlich,"
    "Land/Region geschäftlich,Straße privat,Ort privat,Bundesland/Kanton privat,"
    "Postleitzahl privat,Land/Region privat,Weitere Straße,Weiterer Ort,"
    "Telefon Assistent,Fax geschäftlich,Telefon geschäftlich,Telefon (privat),"
    "Mobiltelefon,Assistent(in),Benutzer 1,Beruf,Büro,E-Mail-Adresse,E-Mail-Typ,"
    "E-Mail: Angezeigter Name,E-Mail 2: Adresse,E-Mail 2: Typ,"
    "E-Mail 2: Angezeigter Name,E-Mail 3: Adresse,Empfohlen von,Geburtstag,"
    "Geschlecht,Initialen,Jahrestag,Kategorien,Kinder,Name des/r Vorgesetzten,"
    "Notizen,Partner,Priorität,Privat,Vertraulichkeit,Webseite"
)
FRENCH = (
    "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Rue (bureau),"
    "Ville (bureau),Code postal (bureau),Pays/Région (bureau),Téléphone (bureau),"
    "Téléphone 2 (domicile),Tél. mobile,Anniversaire,Anniversaire de mariage ou fête,"
    "Adresse de messagerie,Nom complet de l'adresse de messagerie,Catégories,"
    "Conjoint(e),Enfants,Responsable,Nom de l'assistant(e),Critère de diffusion,Notes"
)
JAPANESE = (
    "肩書き,名,ミドル ネーム,姓,敬称,会社名,部署,役職,番地 (会社),市町村 (会社),"
    "都道府県 (会社),郵便番号 (会社),会社電話,携帯電話,誕生日,電子メール アドレス,"
    "電子メールの種類,分類,名前フリガナ,姓フリガナ,性別,メモ"
)
JOERG = {
    "Anrede": "Herr", "Vorname": "Jörg", "Nachname": "Weiß", "Firma": "Beispiel AG",
    "Abteilung": "Einkauf", "Position": "Leiter", "Ort geschäftlich": "Köln",
    "Straße geschäftlich": "Hauptstraße 1", "Straße geschäftlich 2": "Hinterhaus",
    "Postleitzahl geschäftlich": "50667", "Land/Region geschäftlich": "Deutschland",
    "Straße privat": "Am Ring 2", "Ort privat": "Bonn",
    "Telefon geschäftlich": "+49 221 123456", "Mobiltelefon": "+49 171 1234567",
    "Fax geschäftlich": "+49 221 123457", "Benutzer 1": "Stammkunde",
    "E-Mail-Adresse": "joerg@example.org", "E-Mail-Typ": "SMTP",
    "E-Mail: Angezeigter Name": "Jörg Weiß (joerg@example.org)",
    "E-Mail 2: Adresse": "/O=ACME/OU=KOELN/CN=JW", "E-Mail 2: Typ": "EX",
    "E-Mail 3: Adresse": "jw@weiss.example", "Geburtstag": "12.5.1980",
    "Jahrestag": "1.6.2010", "Geschlecht": "Keine Angabe", "Initialen": "J.W.",
    "Kategorien": "Kunden;Köln", "Kinder": "Anna, Ben", "Partner": "Eva Weiß",
    "Name des/r Vorgesetzten": "Karl Groß", "Assistent(in)": "Ida Klein",
    "Empfohlen von": "Lena Maier", "Notizen": "zwei\r\nZeilen, \"mehr\"",
    "Priorität": "Normal", "Privat": "Aus", "Vertraulichkeit": "Normal",
    "Webseite": "www.weiss.example", "Beruf": "Kaufmann",
}  # fmt: skip


def written(header, *people, encoding="utf-8", **options):
    out = io.StringIO()
    rows = csv.writer(out, **options)
    names = header.split(",")
    rows.writerow(names)
    rows.writerows([person.get(name, "") for name in names] for person in people)
    return out.getvalue().encode(encoding)


def read(data):
    return list(outlook.read(io.BytesIO(data)))


def one(header=ENGLISH, **cells):
    (record,) = read(written(header, cells))
    return record


@pytest.mark.parametrize(
    ("encoding", "options"),
    [
        ("cp1252", {"quoting": csv.QUOTE_ALL}),
        ("cp1252", {"delimiter": ";"}),
        ("utf-8-sig", {}),
        ("utf-16", {"delimiter": "\t"}),
        ("mac_roman", {"lineterminator": "\r", "quoting": csv.QUOTE_ALL}),
    ],
)
def test_all_that_a_german_table_says(encoding, options):
    (record,) = read(written(GERMAN, JOERG, encoding=encoding, **options))

    relations, record.relations = record.relations, []
    assert record == Record(
        line=2,
        full_name="Jörg Weiß",
        prefix="Herr",
        given_name="Jörg",
        family_name="Weiß",
        headline="Kaufmann",
        organization="Beispiel AG",
        job_title="Leiter",
        city="Köln",
        country="Deutschland",
        about='zwei\nZeilen, "mehr"',
        birthday=PartialDate(1980, 5, 12),
        introducer="Lena Maier",
        methods=[
            Method("email", "joerg@example.org"),
            Method("email", "jw@weiss.example"),
            Method("phone", "+49 221 123457", label="work fax"),
            Method("phone", "+49 221 123456", label="work"),
            Method("phone", "+49 171 1234567", label="mobile"),
            Method("url", "www.weiss.example"),
            Method(
                "address",
                "Hauptstraße 1 Hinterhaus\n50667 Köln\nDeutschland",
                label="work",
            ),
            Method("address", "Am Ring 2\nBonn", label="home"),
        ],
        dates=[Dated("anniversary", PartialDate(2010, 6, 1))],
        tags=["Kunden", "Köln"],
        extra=[
            'X-COLUMN;X-ABLABEL="Benutzer 1":Stammkunde',
            'X-COLUMN;X-ABLABEL="E-Mail 2: Adresse":/O=ACME/OU=KOELN/CN=JW',
            "ORG:Beispiel AG;Einkauf",
            "X-SPOUSE:Eva Weiß",
            "X-MANAGER:Karl Groß",
            "X-ASSISTANT:Ida Klein",
            'X-ABRELATEDNAMES;X-ABLABEL="child":Anna',
            'X-ABRELATEDNAMES;X-ABLABEL="child":Ben',
        ],
    )
    assert [relation.words for relation in relations] == [
        "spouse: Eva Weiß",
        "manager: Karl Groß",
        "assistant: Ida Klein",
        "child: Anna",
        "child: Ben",
    ]


def test_a_french_table_has_two_columns_of_one_name():
    data = (
        f"{FRENCH}\r\nM.,Zoé,,Lefèvre,,Société,Achats,Directrice,1 rue Été,Orléans,"
        "45000,France,02 38 00 00 00,,06 12 34 56 78,03/04/1980,,zoe@example.org,,"
        "Amis;Été,,,,,Normal,Été\r\n"
    ).encode("cp1252")

    (record,) = read(data)

    assert (record.full_name, record.prefix) == ("Zoé Lefèvre", "M.")
    assert (record.job_title, record.city) == ("Directrice", "Orléans")
    # In French the day comes first.
    assert record.birthday == PartialDate(1980, 4, 3)
    assert record.tags == ["Amis", "Été"]


def test_a_japanese_table_in_shift_jis():
    person = {
        "名": "太郎", "姓": "山田", "敬称": "様", "会社名": "株式会社サンプル",
        "役職": "部長", "市町村 (会社)": "千代田区", "携帯電話": "090-1234-5678",
        "誕生日": "1980/5/12", "電子メール アドレス": "taro@example.org",
        "分類": "取引先;東京", "名前フリガナ": "たろう", "性別": "指定なし",
    }  # fmt: skip

    (record,) = read(written(JAPANESE, person, encoding="cp932"))

    assert (record.full_name, record.suffix) == ("山田 太郎", "様")
    assert (record.organization, record.city) == ("株式会社サンプル", "千代田区")
    assert record.birthday == PartialDate(1980, 5, 12)
    assert record.tags == ["取引先", "東京"]
    assert record.extra == ["X-PHONETIC-FIRST-NAME:たろう"]


@pytest.mark.parametrize(
    ("cells", "extra"),
    [
        ({"Birthday": "0/0/00", "Anniversary": "0/0/00"}, []),
        ({"Gender": "Unspecified", "Priority": "Normal", "Private": "False"}, []),
        ({"Gender": "Female"}, ['X-COLUMN;X-ABLABEL="Gender":Female']),
        ({"Sensitivity": "Private"}, ['X-COLUMN;X-ABLABEL="Sensitivity":Private']),
        ({"E-mail Display Name": "Ana Ruiz (ana@example.org)"}, []),
        (
            {"E-mail Display Name": "Reception"},
            ['X-COLUMN;X-ABLABEL="E-mail Display Name":Reception'],
        ),
        ({"Initials": "A.R."}, []),
        ({"Initials": "X"}, ['X-COLUMN;X-ABLABEL="Initials":X']),
        ({"User 1": "=1+1"}, ['X-COLUMN;X-ABLABEL="User 1":=1+1']),
    ],
)
def test_what_says_nothing_is_left_out_and_the_rest_is_kept(cells, extra):
    person = {"First Name": "Ana", "Last Name": "Ruiz"}
    record = one(**person, **{"E-mail Address": "ana@example.org"}, **cells)

    assert (record.extra, record.notes) == (extra, [])
    assert (record.birthday, record.dates) == (None, [])


def test_a_name_from_what_is_shown_with_the_address():
    record = one(**{"E-mail Display Name": "'Ana Ruiz' <ana@example.org>"})

    assert record.full_name == "Ana Ruiz"


@pytest.mark.parametrize(
    ("dates", "found", "notes"),
    [
        (["1/2/1980", "12/31/1975"], ["1980-01-02", "1975-12-31"], 0),
        (["1/2/1980", "31/12/1975"], ["1980-02-01", "1975-12-31"], 0),
        (["1/2/1980", "3/4/1975"], ["None", "None"], 2),
    ],
)
def test_the_whole_file_says_whether_the_day_comes_first(dates, found, notes):
    names = ("Anniversary", "Birthday")
    people = [{"First Name": f"P{i}", "Birthday": d} for i, d in enumerate(dates)]
    if notes == 0:
        # It may be the other column that tells.
        people[1] = {"First Name": "P1", names[0]: dates[1]}

    records = read(written(ENGLISH, *people))

    days = [str(r.dates[0].on if r.dates else r.birthday) for r in records]
    assert days == found
    said = [note for record in records for note in record.notes]
    assert len(said) == notes
    assert all("may be two days" in note for note in said)


@pytest.mark.parametrize("header", [ENGLISH, GERMAN, FRENCH, JAPANESE])
def test_the_header_tells_whose_table_it_is(header):
    encoding = "cp932" if header == JAPANESE else "cp1252"
    name = next(n for n in header.split(",") if BY_NAME[fold(n)][0] == "family_name")
    data = written(
        header, {name: "山田" if header == JAPANESE else "Ruiz"}, encoding=encoding
    )

    assert reader_for(io.BytesIO(data), len(data)).name == "outlook"
    with_notes = b"Kontakte\r\n\r\n" + data.decode(encoding).upper().encode(encoding)
    assert reader_for(io.BytesIO(with_notes), len(with_notes)).name == "outlook"


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,E-mail Address,Company,Job Title,Notes",
        "First Name,Last Name,Email,Home Phone,Mobile Phone,Birthday,Categories",
        "Vorname,Nachname,Firma,E-Mail-Adresse,Telefon,Ort,Notizen",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
    ],
)
def test_a_table_that_anybody_may_have_written_is_not_outlooks(header):
    assert not outlook.is_outlook(f"{header}\n")


def test_no_name_of_a_column_stands_for_two():
    pairs = {(fold(n), c) for c, names in COLUMNS.items() for n in names.split("|")}

    assert len(pairs) == len(BY_NAME)


TEXTS = st.text('/O=(@+-;,"\n0.1aAéば', max_size=15)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([ENGLISH, GERMAN, FRENCH, JAPANESE]), st.data())
def test_any_cells_are_read_or_told(header, data):
    names = header.split(",")
    drawn = st.lists(
        st.dictionaries(st.sampled_from(names), TEXTS, max_size=9), max_size=4
    )
    people = [person | {names[1]: "Ana"} for person in data.draw(drawn)]
    delimiter = random.Random(len(people)).choice(",;\t")

    found = read(written(header, *people, delimiter=delimiter))

    assert len(found) == len(people)
    for item in found:
        assert isinstance(item, Unread) or item.full_name
