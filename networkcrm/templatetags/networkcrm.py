"""Tags every template has without loading them (TEMPLATES builtins)."""

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from zlib import crc32

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate

from networkcrm import markdown as notes
from networkcrm.partial_dates import PartialDate

register = template.Library()

ICONS = settings.BASE_DIR / "static" / "vendor" / "lucide"
TONES = ("person", "online", "intro", "good")


@cache
def _drawing(name: str) -> SafeString:
    """What stands inside the <svg> of one vendored lucide icon."""
    try:
        svg = (ICONS / f"{name}.svg").read_text()
    except FileNotFoundError:
        raise template.TemplateSyntaxError(
            f"There is no icon {name!r}: copy {name}.svg from the npm package"
            " lucide-static to static/vendor/lucide/."
        ) from None
    inside = svg.partition("<svg")[2].partition(">")[2].partition("</svg>")[0]
    return mark_safe(re.sub(r"\s+", " ", inside).replace(" />", "/>").strip())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One lucide icon. Without a label it is decoration, hidden from screen readers."""
    if not label:
        return _decoration(name)
    return _svg(format_html(' role="img" aria-label="{}"', label), name)


@cache
def _decoration(name: str) -> SafeString:
    return _svg(mark_safe(' aria-hidden="true"'), name)


def _svg(said: SafeString, name: str) -> SafeString:
    svg = '<svg class="icon" viewBox="0 0 24 24"{}>{}</svg>'
    return format_html(svg, said, _drawing(name))


def initials(name: str) -> str:
    """The first letters of the first and last word, in any script."""
    words = [w for w in re.split(r"[\s,]+", name) if any(map(str.isalnum, w))]
    first = [_first_letter(word) for word in words[:1] + words[1:][-1:]]
    return "".join(first).upper() or "?"


def _first_letter(word: str) -> str:
    start = next(i for i, char in enumerate(word) if char.isalnum())
    end = start + 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return word[start:end]


@register.simple_tag
def avatar(name: str, photo: str = "", size: str = "") -> SafeString:
    """The picture at the address `photo`, or initials on one of the four tones."""
    # No template of its own: a list draws fifty of them.
    if photo:
        picture = '<img class="avatar {}" src="{}" alt="" loading="lazy">'
        return format_html(picture, size, photo)
    return _letters(str(name), size)


@lru_cache(maxsize=5000)
def _letters(name: str, size: str) -> SafeString:
    tone = TONES[crc32(name.encode()) % len(TONES)]
    return format_html(
        '<span class="avatar tone-{} {}" aria-hidden="true">{}</span>',
        tone,
        size,
        initials(name),
    )


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, url_name: str, label: str, icon: str, *prefixes: str
) -> SafeString:
    """A main link; current on pages whose name begins with one of the prefixes."""
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return mark_safe("")
    match = getattr(context.get("request"), "resolver_match", None)
    here = (match.url_name or "") if match else ""
    # No template of its own: a page has twenty-five of them.
    return format_html(
        '<a href="{}"{}{}>{}<span>{}</span></a>',
        url,
        mark_safe(' aria-current="page"' if _is_at(here, url_name, prefixes) else ""),
        mark_safe(' class="capture"' if url_name == "capture" else ""),
        _decoration(icon),
        label,
    )


def _is_at(here: str, url_name: str, prefixes: tuple[str, ...]) -> bool:
    return here == url_name or here.startswith(prefixes)


@register.filter
def undo_url(message: Message) -> str:
    """The address that takes back what this message tells, see networkcrm.messages."""
    tags = message.extra_tags or ""
    return tags if tags.startswith("/") else ""


@register.simple_tag
def signup_open() -> bool:
    return settings.SIGNUP_OPEN


BROWSERS = (
    ("Firefox", r"Firefox/"),
    ("Edge", r"Edg/"),
    ("Opera", r"OPR/"),
    ("Chrome", r"Chrom(e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """What a person would call it: "Firefox on Windows"."""
    names = [
        next((name for name, sign in signs if re.search(sign, user_agent)), "")
        for signs in (BROWSERS, SYSTEMS)
    ]
    return " on ".join(filter(None, names)) or user_agent or "An unknown browser"


@register.filter
def ago(day: PartialDate) -> str:
    """How long ago a partial date was, no more exact than it is: "3 weeks ago"."""
    today = localdate()
    if day.year is None:
        return day.words
    if day.month is None:
        years = today.year - day.year
        return {0: "this year", 1: "last year"}.get(years, f"{years} years ago")
    months = (today.year - day.year) * 12 + today.month - day.month
    if day.day is None:
        days = months * 30
        if months == 0:
            return "this month"
    else:
        days = (today - date(day.year, day.month, day.day)).days
    if days < 0:
        return f"on {day.words}"
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 14:
        return f"{days} days ago"
    if days < 61:
        return f"{days // 7} weeks ago"
    if days < 730:
        return f"{days // 30} months ago"
    return f"{days // 365} years ago"


@register.filter
def markdown(text: str) -> SafeString:
    """Notes as HTML; put it inside <div class="prose">."""
    return notes.to_html(text or "")
