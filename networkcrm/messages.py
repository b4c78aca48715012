from django.contrib import messages
from django.http import HttpRequest


def undoable(request: HttpRequest, text: str, undo_url: str) -> None:
    """Tell what was done, with an Undo button that posts to this address."""
    # A message keeps one string beside its text; a path cannot be taken for a tag.
    messages.success(request, text, extra_tags=undo_url)
