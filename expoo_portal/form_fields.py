"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms


class LineField(forms.CharField):
    """Text whose line ends count as one character, as in the browser."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")
