from django.http import HttpResponse
from django.views.decorators.http import require_safe

from contacts import search as searching
from contacts import search_things
from networkcrm.http import HttpRequest, render_part


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", " ").strip()
    number = request.GET.get("page", "")
    is_page = number.isdecimal() and len(number) < 7
    page = min(int(number), searching.MOST_PAGES) if is_page else 1
    page = max(page, 1)
    context = {
        "text": text[: searching.LONGEST_SEARCH],
        "things": search_things.things(request.user, text) if page == 1 else [],
        "results": searching.search(request.user, text, page),
        "most": searching.MOST_HITS,
        "has_anybody": request.user.contacts.others().exists(),
    }
    return render_part(request, "contacts/search.html", "results", context)
