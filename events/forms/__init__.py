from events.forms.attendances import AttendanceForm
from events.forms.events import EventFilterForm, EventForm
from events.forms.goals import GoalForm

__all__ = ["AttendanceForm", "EventFilterForm", "EventForm", "GoalForm"]
