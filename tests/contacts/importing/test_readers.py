import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing.readers import MAX_FILE, READERS, reader_for
from contacts.importing.records import CannotRead

CARD = b"BEGIN:VCARD\r\nFN:Ana\r\nEND:VCARD\r\n"
LINKEDIN = b'Notes:\n"x"\n\nFirst Name,Last Name,Connected On\nAna,Ruiz,08 Feb 2026\n'


def reader(data, name="auto", size=None):
    return reader_for(io.BytesIO(data), len(data) if size is None else size, name).name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (CARD, "vcard"),
        (CARD.lower(), "vcard"),
        (b"\r\n\r\n" + CARD, "vcard"),
        (CARD.decode().encode("utf-16"), "vcard"),
        (CARD.decode().encode("utf-16-le"), "vcard"),
        (b"\xef\xbb\xbf" + CARD, "vcard"),
        (LINKEDIN, "linkedin"),
        (LINKEDIN.decode().encode("utf-16"), "linkedin"),
        (LINKEDIN.replace(b"\n", b"\r"), "linkedin"),
    ],
)
def test_the_reader_is_found_by_what_the_file_begins_with(data, name):
    assert reader(data) == name
    assert reader(data, name) == name


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf \r\n", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "This is a picture, not an address book."),
        (b"\xff\xd8\xff\xe0" + CARD, "This is a picture, not an address book."),
        (b"BM\x00\x01" + bytes(50), "This is a picture, not an address book."),
        (b"PK\x03\x04" + bytes(50), "This zip archive is damaged or cut off."),
        (b"%PDF-1.7\n", "This is a PDF, not an address book."),
        (b"\x01\x02\x03" + bytes(3) + CARD * 9, "This is no text file"),
        (CARD + bytes(9), "This is no text file"),
        (b"<!DOCTYPE html><html>" + CARD, "This is a web page or an XML file"),
        (b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd'>", "XML file"),
        (b"Dear diary,\n", "We do not know this kind of file."),
    ],
)
def test_what_is_no_address_book_is_refused(data, sentence):
    with pytest.raises(CannotRead, match=sentence.replace(".", r"\.")):
        reader(data)


def test_a_file_of_200_mb_is_refused_unread():
    with pytest.raises(
        CannotRead, match="This file is 200 MB; the most we take is 100 MB"
    ):
        reader(CARD, size=200_000_000)

    assert reader(CARD, size=MAX_FILE) == "vcard"


def test_the_wrong_reader_by_name():
    with pytest.raises(CannotRead, match="This is no LinkedIn archive"):
        reader(CARD, "linkedin")
    with pytest.raises(CannotRead, match="There is no reader for “excel”"):
        reader(CARD, "excel")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_find_a_reader_or_a_sentence(data):
    try:
        found = reader(data)
    except CannotRead as error:
        found = str(error)

    assert found in READERS or found.endswith(".")
