"""The one error a user of the exporter can meet."""

from __future__ import annotations

import pathlib


class ExportError(Exception):
    """A mistake in what the user gave us: what is wrong, and what to do about it."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text}\n  fix: {self.fix}" if self.fix else text


def assert_file(path: pathlib.Path, fix: str) -> None:
    """Raises ExportError unless there is a file: reading a pipe would wait for its writer."""
    if path.is_file():
        return
    if path.exists() or path.is_symlink():
        raise ExportError(f"{path}: is no file, or a link that leads nowhere", "copy the file itself there")
    raise ExportError(f"{path}: no such file", fix)
