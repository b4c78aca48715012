"""What we draw ourselves is what Django's templates draw."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from networkcrm.forms import FormRenderer
from networkcrm.widgets import DRAWN

ODD = [
    None,
    "",
    "0",
    0,
    1234567,
    1234.5,
    True,
    "Ben & “Co” <b>'x'</b>",
    mark_safe("&amp; safe"),
    gettext_lazy("Yes"),
    date(2026, 11, 22),
    " \n lines \n ",
]
ATTRS = [
    {},
    {"id": "id_x", "class": 'a "b"', "required": True, "disabled": False},
    {"min": 1, "data-x": 12345, "placeholder": "<", "maxlength": "200", "title": None},
]
CHOICES = [
    ("", "Any & all"),
    (1234567, 1234567),
    ("Group <1>", [("a", "A"), ("b", mark_safe("<i>B</i>"))]),
    (None, gettext_lazy("No")),
    (True, "Yes"),
]
WIDGETS = [
    forms.TextInput(),
    forms.TextInput(attrs={"type": "search"}),
    forms.NumberInput(),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(format="%Y-%m-%d"),
    forms.CheckboxInput(),
    forms.Textarea(),
    forms.Select(choices=CHOICES),
    forms.NullBooleanSelect(),
    forms.SelectMultiple(choices=CHOICES),
    forms.RadioSelect(choices=CHOICES),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda w: type(w).__name__)
def test_to_the_letter(widget):
    for value in ODD:
        for attrs in ATTRS:
            drawn, told = (
                widget.render("a_name", value, attrs, renderer=renderer)
                for renderer in (FormRenderer(), TemplatesSetting())
            )
            assert drawn == told


def test_those_are_drawn_by_us():
    ours = {type(w) for w in WIDGETS if w.template_name in DRAWN}
    assert {type(w) for w in WIDGETS} - ours == {forms.RadioSelect}


class Asked(forms.Form):
    name = forms.CharField()


@pytest.mark.parametrize("data", [None, {}, {"name": "Ada"}])
def test_what_is_wrong_is_still_said(data):
    form = Asked(data, renderer=FormRenderer())

    assert ("This field is required" in str(form["name"].errors)) == (data == {})
    assert str(Asked().errors) == ""
