"""The one error a user of the exporter can meet."""

from __future__ import annotations


class ExportError(Exception):
    """A mistake in what the user gave us: what is wrong, and what to do about it."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text}\n  fix: {self.fix}" if self.fix else text
