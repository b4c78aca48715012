from html.parser import HTMLParser

import pytest
from django.template import Context, Template

from networkcrm.markdown import to_html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("She **grows** *roses*", "<p>She <strong>grows</strong> <em>roses</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Plans", "<h3>Plans</h3>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        (
            "[post](https://example.org/1)",
            '<p><a href="https://example.org/1" rel="noopener nofollow">post</a></p>',
        ),
        ("5 < 6 & 7 > 3", "<p>5 &lt; 6 &amp; 7 &gt; 3</p>"),
        ("", ""),
    ],
)
def test_what_people_write(typed, shown):
    assert to_html(typed).strip() == shown


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example.org/pixel.gif)",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
        '<https://example.org/" onmouseover="alert(1)>',
        "[x]: javascript:alert(1)\n\n[x]",
        "`` <svg onload=alert(1)> ``",
        "<style>*{display:none}</style>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_that_runs_loads_or_styles(typed):
    parser = Elements()
    parser.feed(to_html(typed))

    for tag, attributes in parser.found:
        assert tag in {"p", "a", "code"}
        assert set(attributes) <= {"href", "rel"}
        assert attributes.get("href", "https:").startswith("https:")


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_filter_takes_none():
    template = Template("{{ text|markdown }}")

    assert template.render(Context({"text": None})) == ""
