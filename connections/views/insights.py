from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from connections.forms.insights import InsightsForm
from connections.insights import sections, tables
from networkcrm import kept
from networkcrm.http import HttpRequest, render_part


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    form = InsightsForm(request.GET)
    counted = kept.Answers(request.user)
    context = {
        "form": form,
        # Each part asks for what it shows, when it is drawn.
        "sections": partial(counted.of, tables.drawn, *form.chosen),
        "more": partial(counted.of, sections.drawn),
    }
    template, parts = "connections/insights.html", ("sections", "more")
    return counted.on(render_part(request, template, parts, context))
