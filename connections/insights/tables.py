"""The sections of /insights/: rows whose every number leads to the list behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from connections.charts import Bar, Chart, Part
from connections.insights.groups import Group, origins_of
from connections.insights.steps import Step, funnel_of
from connections.models import Origin, Platform
from contacts.forms.filters import ContactFilterForm
from networkcrm.models import User
from networkcrm.periods import period
from networkcrm.text import fold

MOST = 10
SORTS: dict[str, tuple[str, Callable[[Group], Any]]] = {
    "people": ("most people", lambda g: (-g.people, -g.outcomes, -g.kept)),
    "kept": ("most still in touch", lambda g: (-g.kept, -g.people, -g.outcomes)),
    "outcomes": ("most outcomes", lambda g: (-g.outcomes, -g.people, -g.kept)),
}
_IN_PERSON = {how.value for how in Origin.IN_PERSON}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table, and the address of the list behind it."""

    text: str
    url: str = ""
    # How many rows that list has.
    count: int = 0

    @property
    def is_nothing(self) -> bool:
        return self.text in ("", "0")


def _number(count: int, url: str) -> Cell:
    return Cell(f"{count:,}", url if count else "", count)


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[str]
    rows: list[Row]
    chart: Chart


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of lists, narrowed to the period."""

    when: str

    def people(self, **said: Any) -> str:
        said = {"state": "all"} | said
        if self.when:
            said["met_when"] = self.when
        return f"{reverse('contact_list')}?{urlencode(said)}"

    def outcomes(self, **said: Any) -> str:
        if self.when:
            said["when"] = self.when
        query = f"?{urlencode(said)}" if said else ""
        return f"{reverse('outcome_list')}{query}"


class Insights:
    """All that the page shows, in ten statements, whatever there is to count."""

    def __init__(self, owner: User, when: str, first: str) -> None:
        self.owner = owner
        self.order = SORTS[first][1]
        today = timezone.localdate(timezone=owner.tz)
        self.period = period(when, today)
        self.links = Links(self.period.key)
        self.origins = origins_of(owner.pk, self.period, today)
        self.funnel = funnel_of(owner.pk, self.period)
        self.stuck = self._stuck()
        self.steps = self._steps()
        self.connectors = self._connectors()
        self.hows = self._hows()
        self.platforms = self._platforms()
        self.events = self._events()

    @property
    def people(self) -> Cell:
        return _number(self.funnel.people, self.links.people())

    @property
    def nothing_yet(self) -> Cell:
        return _number(self.funnel.nothing_yet, self.links.people(stage=0))

    @property
    def outcomes(self) -> Cell:
        return _number(self.origins.outcomes.outcomes, self.links.outcomes())

    def _through(self, who: str) -> Cell:
        group = self.origins.through.get(who)
        return _number(group.people if group else 0, self.links.people(found=who))

    @property
    def found_by_me(self) -> Cell:
        return self._through("nobody")

    @property
    def brought(self) -> Cell:
        return self._through("somebody")

    @property
    def brought_by_the_gone(self) -> Cell:
        return self._through("gone")

    @property
    def connector_count(self) -> Cell:
        """Who brought at least one person; not narrowed to whom I met in the period."""
        count = sum(1 for group in self.origins.people.values() if group.direct)
        brought = self.period.key or "ever"
        return _number(count, Links("").people(brought=brought))

    def _stuck(self) -> Cell:
        said = {"stuck": "wrote"}
        if self.links.when:
            said["met_when"] = self.links.when
        form = ContactFilterForm(said, owner=self.owner)
        count = form.filter(self.owner.contacts.all()).count()
        return _number(count, f"{reverse('contact_list')}?{urlencode(said)}")

    def _steps(self) -> Table:
        people = self.links.people
        rows = [
            Row(
                step.stage.label.capitalize(),
                "",
                [
                    _number(step.reached, people(reached=step.stage.value)),
                    _number(step.stand, people(stage=step.stage.value)),
                    Cell(step.days),
                    _number(step.counted, people(took=step.stage.value))
                    if step.stage > 1
                    else Cell(""),
                ],
            )
            for step in self.funnel.steps
        ]
        bars = [_step_bar(step) for step in self.funnel.steps]
        chart = Chart(
            "steps",
            "From online to in person",
            "A bar for each step: how many people came at least so far.",
            bars,
            ("went on", "stand there"),
        )
        columns = ["Came so far", "Stand there", "Median time", "Counted"]
        return Table(columns, rows, chart)

    def _connectors(self) -> Table:
        def names(keys: list[str]) -> dict[str, tuple[str, str]]:
            found = self.owner.contacts.filter(pk__in=keys).only("owner", "full_name")
            return {str(c.pk): (c.full_name, c.get_absolute_url()) for c in found}

        people = self.links.people
        rows, bars = [], []
        for group, (name, url) in self._best(self.origins.people.values(), names):
            cells = [
                _number(group.people, people(through=group.key)),
                _number(group.direct, people(introducer=group.key)),
                _number(group.kept, people(through=group.key, kept="yes")),
                *self._earned(group, through=group.key),
            ]
            rows.append(Row(name, url, cells))
            parts = [Part(group.direct, "intro"), Part(group.further, "intro", False)]
            bars.append(Bar(name, f"{group.people:,}", parts))
        chart = Chart(
            "connectors",
            "How many people each connector brought",
            "A bar for each: those who came directly, then those through them.",
            bars,
            ("directly", "through those"),
        )
        columns = ["Brought", "Directly", "Still in touch", "Outcomes", "Worth"]
        return Table(columns, rows, chart)

    def _hows(self) -> Table:
        def tone(key: str) -> str:
            if key == Origin.How.INTRODUCTION:
                return "intro"
            if key == Origin.How.ONLINE:
                return "online"
            return "person" if key in _IN_PERSON else ""

        labels = {str(how): label for how, label in Origin.How.choices}
        return self._ways("met_how", self.origins.hows, _labelled(labels), tone)

    def _platforms(self) -> Table:
        labels = {str(key): _first_upper(label) for key, label in Platform.choices}
        groups = self.origins.platforms
        return self._ways("platform", groups, _labelled(labels), lambda key: "online")

    def _events(self) -> Table:
        online = set()

        def names(keys: list[str]) -> dict[str, tuple[str, str]]:
            found = {}
            for event in self.owner.events.filter(pk__in=keys):
                when = event.partial_date
                name = f"{event.name}, {when.words}" if when else event.name
                found[str(event.pk)] = name, ""
                if event.is_online:
                    online.add(str(event.pk))
            return found

        def tone(key: str) -> str:
            return "online" if key in online else "person"

        return self._ways("began_at", self.origins.events, names, tone)

    def _ways(
        self,
        word: str,
        groups: dict[str, Group],
        names: Callable[[list[str]], dict[str, tuple[str, str]]],
        tone: Callable[[str], str],
    ) -> Table:
        """Groups that the filter `word` of both lists narrows to."""
        people = self.links.people
        rows, bars = [], []
        for group, (label, url) in self._best(groups.values(), names):
            said = {word: group.key}
            cells = [
                _number(group.people, people(**said)),
                _number(group.kept, people(**said, kept="yes")),
                *self._earned(group, **said),
            ]
            rows.append(Row(label, url, cells))
            colour = tone(group.key)
            parts = [
                Part(group.kept, colour),
                Part(group.people - group.kept, colour, False),
            ]
            bars.append(Bar(label, f"{group.people:,}", parts))
        chart = Chart(
            word,
            "People you met, and those still in touch",
            "A bar for each way: those still in touch, then the others.",
            bars,
            ("still in touch", "not lately"),
        )
        return Table(["People", "Still in touch", "Outcomes", "Worth"], rows, chart)

    def _best(
        self,
        groups: Iterable[Group],
        names: Callable[[list[str]], dict[str, tuple[str, str]]],
    ) -> list[tuple[Group, tuple[str, str]]]:
        """The first of them with name and address, equals by name."""
        ordered = sorted(groups, key=self.order)
        if len(ordered) > MOST:
            last = self.order(ordered[MOST - 1])
            ordered = [group for group in ordered if self.order(group) <= last]
        named = names([group.key for group in ordered])
        ordered.sort(key=lambda g: (self.order(g), fold(named[g.key][0]), g.key))
        return [(group, named[group.key]) for group in ordered[:MOST]]

    def _earned(self, group: Group, **said: str) -> list[Cell]:
        """What came of them, and what that was worth."""
        worth = " + ".join(
            f"{_amount(each.value)} {each.currency}" for each in group.worth
        )
        by_value = self.links.outcomes(**said, sort="value")
        return [
            _number(group.outcomes, self.links.outcomes(**said)),
            Cell(worth, by_value if worth else "", group.outcomes if worth else 0),
        ]


def drawn(owner: User, when: str, first: str) -> str:
    """What connections/insights.html shows of all this."""
    context = {"insights": Insights(owner, when, first)}
    return render_to_string("connections/parts/insight_sections.html", context)


def _step_bar(step: Step) -> Bar:
    went_on = step.reached - step.stand
    parts = [Part(went_on, step.tone), Part(step.stand, step.tone, False)]
    return Bar(step.stage.label.capitalize(), f"{step.reached:,}", parts)


def _labelled(
    labels: dict[str, str],
) -> Callable[[list[str]], dict[str, tuple[str, str]]]:
    return lambda keys: {key: (labels[key], "") for key in keys}


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _amount(value: Any) -> str:
    return f"{value:,.2f}".removesuffix(".00")
