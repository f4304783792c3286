"""JSON files, read and written."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from errors import ExportError, assert_file


def read_object(path: pathlib.Path, fix: str) -> dict[str, Any]:
    """The object that a JSON file holds; ``fix`` says where such a file comes from."""
    assert_file(path, fix)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ExportError(f"{path}: is not JSON ({error})", fix) from error
    if not isinstance(found, dict):
        raise ExportError(f"{path}: holds a {type(found).__name__}, expected an object", fix)
    return found


def write_json(path: pathlib.Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
