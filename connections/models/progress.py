from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from networkcrm.owned import Owned
from networkcrm.partial_dates import PartialDate

# After so long a silence the owner is asked what to do.
SILENCE = timedelta(days=14)
# So long after an introduction the owner is asked whether they met.
UNTIL_THEY_MEET = timedelta(days=14)
# So long after a "not now" the owner may ask again.
NOT_NOW = timedelta(days=30)


class Stuck(ValidationError):
    """This step cannot be taken from where things stand; the message says why."""


class Step(NamedTuple):
    """One stop of the track: reached on `on`, left out, or not reached yet."""

    label: str
    on: PartialDate | None
    is_reached: bool
    is_skipped: bool = False


class Progress(Owned):
    """How far an introduction has come.

    The date of every change of state stands in its own column, so that going back
    one is always known. Each verb saves only these columns and raises Stuck where
    it makes no sense; the checks of the table refuse the same.
    """

    class State(models.TextChoices):
        IDEA = "idea", "Idea"
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"
        MADE = "made", "Made"
        MET = "met", "They met"
        CLOSED = "closed", "Closed"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "No answer"

    OPEN = (State.IDEA, State.ASKED, State.AGREED)
    # While in one of these, the same introducer cannot bring the same two together.
    CURRENT = (*OPEN, State.MADE, State.MET)
    WAY = (State.IDEA, State.ASKED, State.AGREED, State.MADE, State.MET, State.CLOSED)
    DATES = (
        *("asked_at", "agreed_at", "made_at", "met_at"),
        *("closed_at", "declined_at", "expired_at"),
    )
    COMES_AFTER = {
        State.ASKED: (State.IDEA, State.ASKED, State.EXPIRED),
        State.AGREED: (State.ASKED,),
        State.MADE: (State.IDEA, State.AGREED),
        State.MET: (State.MADE,),
        State.CLOSED: (State.MADE, State.MET),
        State.DECLINED: (State.ASKED, State.AGREED),
        State.EXPIRED: (State.ASKED,),
    }

    state = models.CharField(
        max_length=8, choices=State.choices, default=State.IDEA, editable=False
    )
    asked_at = models.DateTimeField(null=True, editable=False)
    agreed_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)
    met_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    expired_at = models.DateTimeField(null=True, editable=False)
    # When the owner is asked "what now?" or "did they meet?", by their calendar.
    ask_on = models.DateField(null=True, blank=True, editable=False)

    on: Any

    class Meta:
        abstract = True

    def ask(self) -> None:
        """Once more is fine: the silence is counted anew, the waiting is not."""
        again = self.state == self.State.ASKED
        asked_at = self.asked_at if again else None
        self.expired_at = self.agreed_at = None
        self._step(self.State.ASKED, self.today + SILENCE, asked_at)

    def agree(self) -> None:
        self._step(self.State.AGREED, self.today)

    def make(self) -> None:
        """From an idea too: "I introduced them already"."""
        self._step(self.State.MADE, self.today + UNTIL_THEY_MEET)

    def meet(self) -> None:
        self._step(self.State.MET)

    def close(self) -> None:
        self._step(self.State.CLOSED)

    def decline(self) -> None:
        self._step(self.State.DECLINED)

    def expire(self) -> None:
        self._step(self.State.EXPIRED)

    def ask_later(self, wait: timedelta = SILENCE) -> None:
        """The owner does not want to decide now."""
        if self.state not in (self.State.ASKED, self.State.AGREED, self.State.MADE):
            raise Stuck("There is nothing to be reminded of any more.")
        self.ask_on = self.today + wait
        self._save_progress()

    def step_back(self) -> None:
        """To the state before, which the dates tell."""
        if self.state == self.State.IDEA:
            raise Stuck("This is where it began: there is nothing to take back.")
        self._clear_date()
        self.state = next(
            state
            for state in reversed(self.WAY)
            if state == self.State.IDEA or getattr(self, f"{state}_at")
        )
        self.ask_on = self._asks_again_on()
        self._save_progress()

    def begin_as_made(self) -> None:
        """Written down afterwards, before its first save."""
        self.state, self.made_at = self.State.MADE, timezone.now()
        self.on = self.on or PartialDate.of(self.today)

    def may_become(self, to: State) -> bool:
        return self.state in self.COMES_AFTER[to]

    @property
    def today(self) -> date:
        """By the calendar of the owner, who may not be the one whose visit this is."""
        return timezone.localdate(timezone=self.owner.tz)

    @property
    def is_made(self) -> bool:
        return self.made_at is not None

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def made_on(self) -> PartialDate | None:
        """The day it took place; the day it was marked, where that is not known."""
        return (self.on or self._day("made_at")) if self.made_at else None

    @property
    def since(self) -> PartialDate | None:
        """Since when it stands where it stands."""
        if self.state == self.State.MADE:
            return self.made_on
        return self._day(
            f"{self.state}_at" if self.state != self.State.IDEA else "created_at"
        )

    @property
    def track(self) -> list[Step]:
        """The way it went, and what is still to come of it."""
        came = [state for state in self.WAY[1:] if getattr(self, f"{state}_at")]
        furthest = self.WAY.index(came[-1]) if came else 0
        steps = [Step("Idea", self._day("created_at"), is_reached=True)]
        for place, state in enumerate(self.WAY[1:], 1):
            on = self.made_on if state == self.State.MADE else self._day(f"{state}_at")
            skipped = on is None and place < furthest
            steps.append(Step(state.label, on, on is not None, skipped))
        if self.state in (self.State.DECLINED, self.State.EXPIRED):
            end = Step(self.State(self.state).label, self.since, is_reached=True)
            steps = [*(step for step in steps if step.is_reached), end]
        return steps

    def _step(self, to: State, ask_on: date | None = None, at: Any = None) -> None:
        if not self.may_become(to):
            raise Stuck(self._why_not(to))
        self.state, self.ask_on = to, ask_on
        setattr(self, f"{to}_at", at or timezone.now())
        if to == self.State.MADE:
            self.on = self.on or PartialDate.of(self.today)
        self._save_progress()

    def _why_not(self, to: State) -> str:
        if self.state == to:
            return "That is how it stands already."
        if to == self.State.MADE and self.state == self.State.ASKED:
            return (
                "Not everybody has said yes yet. Write down what they answered first."
            )
        stands = self.State(self.state).label.lower()
        return f"It stands at “{stands}” by now, so this step makes no sense any more."

    def _clear_date(self) -> None:
        if self.state == self.State.MADE and self.on == self._day("made_at"):
            self.on = None
        setattr(self, f"{self.state}_at", None)

    def _asks_again_on(self) -> date | None:
        match self.state:
            case self.State.ASKED:
                asked_on = timezone.localdate(self.asked_at, self.owner.tz)
                return max(asked_on + SILENCE, self.today)
            case self.State.AGREED:
                return self.today
            case self.State.MADE:
                return self.today + UNTIL_THEY_MEET
        return None

    def _day(self, column: str) -> PartialDate | None:
        moment = getattr(self, column)
        if moment is None:
            return None
        return PartialDate.of(timezone.localdate(moment, self.owner.tz))

    def _save_progress(self) -> None:
        columns = ["state", *self.DATES, "ask_on", "on", "updated_at"]
        try:
            with transaction.atomic():
                self.save(update_fields=columns)
        except IntegrityError as error:
            # Back among the current ones it meets another of the same people.
            raise Stuck(
                "The same introduction was written down once more since, and is under"
                " way. Go on with that one."
            ) from error
