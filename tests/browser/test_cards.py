"""At an event: a code is held up, another phone reads it and leaves a name."""

import base64
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import CardFactory, CardLinkFactory, ContactMethodFactory

PHONE = {"width": 390, "height": 844}
# As a camera does: from the pixels of what is on the screen.
DECODE = """async ([png, decoder]) => {
  const { decodeQR } = await import(decoder);
  const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  return decodeQR(context.getImageData(0, 0, picture.width, picture.height));
}"""


def seen_by_a_camera(page, code):
    png = base64.b64encode(code.screenshot()).decode()
    return page.evaluate(DECODE, [png, "/static/vendor/qr/decode.js"])


def test_two_phones(page, new_context, sign_in, user):
    me = user.contacts.get(is_me=True)
    me.full_name, me.headline = "Ada Müller-Özdemir", "Makes candles"
    me.save()
    email = ContactMethodFactory(contact=me, value="ada@example.org")
    CardFactory(owner=user, shown=["headline", f"method:{email.pk}"])
    CardLinkFactory(owner=user, label="My badge")
    sign_in(page.context)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    page.goto(reverse("me"))

    card = seen_by_a_camera(page, page.locator("#code-card .code"))
    address = seen_by_a_camera(page, page.locator("#code-link .code"))

    assert "FN:Ada Müller-Özdemir\r\n" in card
    assert "EMAIL;TYPE=INTERNET:ada@example.org\r\n" in card
    assert address.startswith(f"{settings.BASE_URL}/c/")

    other = new_context(viewport=PHONE).new_page()
    other.goto(urlsplit(address).path)
    expect(other.get_by_text("ada@example.org")).to_be_visible()
    with other.expect_download() as saved:
        other.get_by_role("link", name="Save the contact").click()
    assert saved.value.suggested_filename == "card.vcf"
    other.get_by_label("Your name").fill("Ben Katz")
    other.get_by_label("How to reach you").fill("ben@example.org")
    other.get_by_role("button", name="Send").click()
    expect(other.get_by_role("heading", name="Thank you")).to_be_visible()

    page.goto("/")
    page.get_by_role("link", name="See who").click()
    page.get_by_role("button", name="Keep Ben Katz").click()
    expect(page.get_by_text("Ben Katz is in your network.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Keep Ben Katz")).to_be_visible()


def test_how_much_of_an_offer_is_used(page, sign_in, user):
    sign_in(page.context)
    page.goto(reverse("card_offer_create"))

    page.get_by_label("what is in it for them", exact=False).fill("x" * 163)

    expect(page.get_by_text(re.compile("3 too many"))).to_be_visible()
    page.get_by_label("For whom").fill("founders")
    page.get_by_role("button", name="Save").click()
    expect(
        page.get_by_text("at most 160 characters", exact=False).first
    ).to_be_visible()
