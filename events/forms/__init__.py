from events.forms.events import EventFilterForm, EventForm

__all__ = ["EventFilterForm", "EventForm"]
