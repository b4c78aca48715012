from django.http import HttpResponse
from django.views.decorators.http import require_safe

from connections.forms.insights import InsightsForm
from connections.insights.tables import Insights
from networkcrm.http import HttpRequest, render_part


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    form = InsightsForm(request.GET)
    when, first = form.chosen
    context = {"form": form, "insights": Insights(request.user, when, first)}
    return render_part(request, "connections/insights.html", "sections", context)
