from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followups.insights.year import EARLIEST, Year, years
from networkcrm.http import HttpRequest


@require_safe
def insights_year(request: HttpRequest, year: int) -> HttpResponse:
    """A year in review, to read and to print."""
    today = timezone.localdate()
    if not EARLIEST <= year <= today.year:
        raise Http404("There is nothing to look back on.")
    context = {
        "year": Year(request.user, str(year)),
        "years": years(request.user, today),
    }
    return render(request, "followups/insights_year.html", context)
