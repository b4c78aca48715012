from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.paging import page_of
from followups.insights import helping
from networkcrm.http import HttpRequest
from networkcrm.periods import Period, stretch


@require_safe
def insights_helped(request: HttpRequest) -> HttpResponse:
    """Whom I helped in ?in= a year or a week, or ever."""
    said = request.GET.get("in", "")
    period = stretch(said)
    owner, when = request.user, period or Period()
    found = helping.people(helping.helped(owner, when))
    page = page_of(request, found)
    context = {
        "page": page,
        "rows": helping.with_what(owner, when, list(page.object_list)),
        "period": period,
        "is_misread": bool(said) and period is None,
    }
    return render(request, "followups/insights_helped.html", context)
