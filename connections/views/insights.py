from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from connections.forms.insights import InsightsForm
from connections.insights import sections
from connections.insights.tables import Insights
from networkcrm.http import HttpRequest, render_part


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    form = InsightsForm(request.GET)
    when, first = form.chosen
    context = {
        "form": form,
        "insights": Insights(request.user, when, first),
        # Only the whole page draws them: no choice of the form narrows them.
        "more": partial(sections.drawn, request),
    }
    return render_part(request, "connections/insights.html", "sections", context)
