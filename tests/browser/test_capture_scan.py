"""A code held in front of the phone fills the capture, whatever is in it."""

import io

import pytest
import segno
from PIL import Image, ImageFilter
from playwright.sync_api import expect

VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller-Größ;Jörg;;;\r\nFN:Jörg Müller-Größ\r\n"
    "ORG:Acme;Grants\r\nTITLE:Designer\r\nEMAIL;TYPE=work:joerg@example.org\r\n"
    "TEL;TYPE=cell:+49 30 901820\r\nURL:https://acme.example\r\nEND:VCARD"
)
MECARD = (
    "MECARD:N:Ruiz,Ana;TEL:+16175550137;EMAIL:ana@example.org;URL:https://a.example;;"
)


def picture(text, *, turned=0, blurred=0):
    """The bytes of a PNG with a code that says this."""
    out = io.BytesIO()
    segno.make(text, encoding="utf-8", micro=False).save(out, "png", scale=8, border=6)
    image = Image.open(out).convert("RGB")
    if turned:
        image = image.rotate(turned, expand=True, fillcolor="white")
        wide, high = image.size
        skew = (1, 0.12, -0.06 * wide, 0.05, 1, 0)
        image = image.transform(
            (wide, high), Image.Transform.AFFINE, skew, fillcolor="white"
        )
    if blurred:
        image = image.filter(ImageFilter.GaussianBlur(blurred))
    out = io.BytesIO()
    image.save(out, "PNG")
    return {"name": "code.png", "mimeType": "image/png", "buffer": out.getvalue()}


@pytest.fixture
def page(page, sign_in, transactional_db):
    sign_in(page.context)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/capture/")
    page.get_by_role("button", name="Scan").click()
    return page


@pytest.mark.parametrize("how", [{}, {"turned": 11, "blurred": 1.6}])
def test_a_card_with_umlauts(page, user, how):
    page.get_by_label("Or choose a picture").set_input_files(picture(VCARD, **how))

    expect(page.get_by_label("Name, and whatever")).to_have_value("Jörg Müller-Größ")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("#captured h3")).to_have_text(["Jörg Müller-Größ"])
    contact = user.contacts.others().get()
    assert str(contact.organization) == "Acme, Grants"
    assert contact.job_title == "Designer"
    assert [m.value for m in contact.methods.order_by("position")] == [
        "joerg@example.org",
        "+49 30 901820",
        "https://acme.example",
    ]


def test_an_address_of_a_profile_waits_for_the_name(page, user):
    code = picture("https://www.linkedin.com/in/ana-ruiz")

    page.get_by_label("Or choose a picture").set_input_files(code)
    expect(page.locator("#understood")).to_contain_text("linkedin.com/in/ana-ruiz")
    page.get_by_label("Name, and whatever").fill("Ana Ruiz")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("#captured h3")).to_have_text(["Ana Ruiz"])

    assert [m.normalized for m in user.contacts.others().get().methods.all()] == [
        "ana-ruiz"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("javascript:alert(1)", "Nothing was opened"),
        ("x" * 1200, "a long text and no card"),
    ],
)
def test_what_is_no_person_is_told(page, text, said):
    page.get_by_label("Or choose a picture").set_input_files(picture(text))

    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_label("Name, and whatever")).to_have_value("")


def test_a_picture_without_a_code_is_told(page):
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(out, "PNG")
    file = {"name": "x.png", "mimeType": "image/png", "buffer": out.getvalue()}

    page.get_by_label("Or choose a picture").set_input_files(file)

    expect(page.get_by_text("No code could be read")).to_be_visible()


def test_codes_are_understood(page):
    codes = {
        MECARD: {
            "name": "Ana Ruiz",
            "phones": "+16175550137",
            "emails": "ana@example.org",
            "links": "https://a.example",
        },
        "mailto:ana@example.org?subject=Hi": {"emails": "ana@example.org"},
        "tel:+16175550137": {"phones": "+16175550137"},
        "Ana Ruiz, Acme": {"text": "Ana Ruiz, Acme"},
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
        "R=C3=BAiz;Ana\nEND:VCARD": {"name": "Ana Rúiz"},
        "BEGIN:VCARD\nFN:Ana\nURL:javascript:alert(1)\nEND:VCARD": {"name": "Ana"},
        "x" * 4096: "far more than a card",
        "data:text/html,<b>": "Nothing was opened",
        "BEGIN:VCARD\nEND:VCARD": "This card is empty",
    }

    for code, wanted in codes.items():
        got = page.evaluate(
            """async (code) => {
                const { understood } = await import("/static/js/capture/codes.js");
                try { return understood(code); } catch (error) { return error.message; }
            }""",
            code,
        )
        assert got == wanted if isinstance(wanted, dict) else wanted in got
