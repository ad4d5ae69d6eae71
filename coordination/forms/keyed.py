"""The form that makes something once. Knows nothing of what it makes."""

from uuid import uuid4

from django import forms


class KeyedForm(forms.Form):
    """A form that saves once, however often it is sent: its key goes along hidden."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
