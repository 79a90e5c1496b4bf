"""Forms that hand what was typed to a service: no view needs a `try`, no rule is written twice."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ServiceForm(forms.Form):
    """A form whose field names are the keywords of a service.

    A service refuses with ValidationError; what it says is shown at the field it names, or above the form.
    """

    result: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect):
                field.widget.attrs.setdefault("class", "input")

    def submit(self, service: Callable[..., Any], /, *args: Any, **kwargs: Any) -> bool:
        """Call the service with what was typed, keep what it returns as `result`, and say whether it went through."""
        if not self.is_valid():
            return False
        try:
            self.result = service(*args, **self.cleaned_data, **kwargs)
        except ValidationError as refusal:
            for name, errors in refusal.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, errors)
        return self.is_valid()
