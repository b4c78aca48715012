"""Tables and their encodings, whatever program wrote them."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing.lines import lines, mended, text_of
from contacts.importing.records import Unread
from contacts.importing.tables import columns_named, table

COLUMNS = columns_named(
    {"name": "name", "名前": "name", "имя": "name", "city": "city", "note": "note"},
    "name",
)


def read(text, encoding="utf-8", **options):
    data = text if isinstance(text, bytes) else text.encode(encoding, **options)
    return list(table(io.BytesIO(data), COLUMNS))


def cells(text, *args):
    return [row if isinstance(row, Unread) else row[1] for row in read(text, *args)]


WEST = "Jörg Weiß,Köln,Straße\nHélène Lefèvre,Orléans,Ça va – “oui”\nÅsa Ærø,Malmö,ok"
JAPAN = "山田 太郎,東京都,株式会社サンプルの部長\n佐藤 花子,大阪市,ﾃｽﾄ"
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(WEST, encoding) for encoding in (*UNICODE, "cp1252", "mac_roman")]
    + [(JAPAN, encoding) for encoding in (*UNICODE, "cp932", "euc_jp")]
    + [("山田 太郎,東京都,部長\n佐藤 花子,大阪市,社長", "iso2022_jp")]
    + [("김철수,서울특별시,예시 주식회사\n이영희,부산,친구", "cp949")]
    + [("陳大文,台北市,範例有限公司\n林小美,高雄,朋友", "cp950")]
    + [("张伟,北京市,示例科技有限公司\n李娜,上海,朋友", "gb18030")]
    + [("Иванов Иван,Москва,друг\nЯна Юрьева,Тверь,", "cp1251")]
    + [("Иванов Иван,Москва,друг\nЯна Юрьева,Тверь,", "koi8_r")]
    + [("Γιώργος Παπαδόπουλος,Αθήνα,φίλος", "cp1253")],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_encoding_is_told_from_the_text(text, encoding, end):
    whole = f"Name,City,Note\n{text}\n".replace("\n", end)

    assert cells(whole, encoding) == [
        dict(zip(["name", "city", "note"], line.split(","), strict=True))
        for line in text.split("\n")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Müller", "André", "MÜLLER & SÖHNE", "CORAÇÃO", "AÇÕES", "ÄÖÜ", "É", "groß",
        "O’Brien", "50 €", "Šárka", "São João", "Niño", "Señor Muñoz", "Cañón", "Øst",
    ],
)  # fmt: skip
def test_a_few_western_letters_are_windows_1252(text):
    assert cells(f"Name\n{text}\n", "cp1252") == [{"name": text}]


@pytest.mark.parametrize("header", ["名前,City,Note", "имя,City,Note"])
def test_a_header_in_an_old_encoding(header):
    encoding = "cp932" if "名" in header else "cp1251"
    name = "山田" if "名" in header else "Иван"

    assert cells(f"{header}\n{name},x,y\n", encoding) == [
        {"name": name, "city": "x", "note": "y"}
    ]


def test_one_bad_line_among_many_is_windows_1252():
    data = "Name\n" + "山田\nÄnne\n" * 3
    data = data.encode() + "Bär\n".encode("cp1252")

    assert cells(data)[-2:] == [{"name": "Änne"}, {"name": "Bär"}]


def test_a_vcard_of_an_old_phone_that_names_no_charset():
    card = "BEGIN:VCARD\r\nN:山田;太郎\r\nFN:山田 太郎\r\nEND:VCARD\r\n"

    assert text_of(card.encode("cp932")) == card.replace("\r\n", "\n").rstrip()
    # What names one is read as that: see `mended`.
    named = card.replace("\nN:", "\nN;CHARSET=SHIFT_JIS:").encode("cp932")
    second = list(lines(io.BytesIO(named)))[1]
    assert mended(second, "SHIFT_JIS") == "N;CHARSET=SHIFT_JIS:山田;太郎"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_what_stands_between_the_cells(delimiter, quote):
    def line(*texts):
        return delimiter.join(f"{quote}{text}{quote}" for text in texts) + "\r\n"

    text = (
        line("NAME", "City", "Note") + line("Ana", "Porto", "x") + line("Ben", "", "")
    )

    assert cells(text) == [
        {"name": "Ana", "city": "Porto", "note": "x"},
        {"name": "Ben", "city": "", "note": ""},
    ]


@pytest.mark.parametrize("said", ["sep=;\n", '"sep=;"\n', "\ufeffsep=;\r\n"])
def test_a_first_line_that_says_what_stands_between_the_cells(said):
    assert cells(said + "Name;City\nAna, PhD;Porto\n") == [
        {"name": "Ana, PhD", "city": "Porto"}
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("", []),
        ("Ana\n", ["Ana"]),
        ("Ana,Porto\n\n,,\n;;;\n-,-\nBen,,x\n", ["Ana", "Ben"]),
        ("Ana,Porto,x,,,\nBen,,,\n", ["Ana", "Ben"]),
        ("A\0na,Por\0to,x\n", ["Ana"]),
        ('Ana,"two\nlines, and ""more""\n\nof them",x\nBen\n', ["Ana", "Ben"]),
        ('5" pipes,Porto,x\nBen\n', ['5" pipes', "Ben"]),
        ('Ana,"a "nice" one",x\nBen\n', ["Ana", "Ben"]),
        ('Ana,"open,x\nBen,"Porto",x\nCy\n', [None, "Ben", "Cy"]),
        ('Ana,"open\n' + "Ben,Porto,x\n" * 30, [None] + ["Ben"] * 30),
        ("Ana,Porto,x,too,many\nBen\n", [None, "Ben"]),
        ("x" * 200_000 + "\nBen\n", [None, "Ben"]),
    ],
)
def test_broken_rows_spoil_nothing_but_themselves(rows, found):
    rows = cells("Name,City,Note,,\n" + rows.replace("too,many", "too,many,cells,here"))

    assert [None if isinstance(row, Unread) else row["name"] for row in rows] == found


def test_a_name_that_stands_above_two_columns():
    assert cells("Name,City,Name\nAna,Porto,other\n") == [
        {"name": "Ana", "city": "Porto"}
    ]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"Name,City,Note\n", b"Name;City\r"]))
def test_any_bytes_never_raise_and_lose_no_line(data, header):
    found = read(header + data)

    assert all(isinstance(row, Unread) or "name" in row[1] for row in found)
    text = text_of(header + data)
    assert len(found) <= text.count("\n") + 1
