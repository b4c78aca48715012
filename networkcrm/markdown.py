"""Notes as people write them, to HTML that nobody can misuse."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# No images: they would be fetched from somebody else's server.
_parser = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "typographer": False})
    .enable(["strikethrough", "table"])
    .disable("image")
)
_TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@lru_cache(maxsize=512)
def to_html(text: str) -> SafeString:
    """CommonMark to cleaned HTML; headings begin at the third level, below the page's.

    Tags typed by hand stand as text. Links lead to the web, a mailbox or a phone,
    and say nothing of where they stood.
    """
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    )
    return mark_safe(cleaned)
