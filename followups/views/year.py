from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from followups.insights.year import EARLIEST, drawn, years
from networkcrm import kept
from networkcrm.http import HttpRequest, render_part


@require_safe
def insights_year(request: HttpRequest, year: int) -> HttpResponse:
    """A year in review, to read and to print."""
    today = timezone.localdate()
    if not EARLIEST <= year <= today.year:
        raise Http404("There is nothing to look back on.")
    counted = kept.Answers(request.user)
    context = {
        "key": str(year),
        "today": today,
        "is_over": year < today.year,
        "years": years(request.user, today),
        "answer": counted.of(drawn, str(year)),
    }
    template = "followups/insights_year.html"
    return counted.on(render_part(request, template, "counted", context))
