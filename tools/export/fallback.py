"""The answer of a recipe for a case that fails, from --fallback."""

from __future__ import annotations

import math
import pathlib
from typing import Any

from errors import ExportError
from json_file import read_object, write_json

# A ball of 6.6 cm: brain, heart and bladder are larger, nearly all tumours smaller.
MAX_VOLUME_MM3 = 150_000


def add_fallback(path: pathlib.Path, task: str, answer: str) -> None:
    """Adds ``onFailure`` and ``fallback`` to a recipe. No checkpoint knows a risk's median: it is the user's."""
    recipe = read_object(path, "export again")
    write_json(path, {**recipe, "onFailure": "fallback", "fallback": _fallback(task, answer)})


def _fallback(task: str, answer: str) -> dict[str, Any]:
    if task == "task1":
        if answer == "empty":
            return {"mask": "empty"}
        suv = _number(answer)
        if suv is not None and suv > 0:
            return {"mask": "suv-threshold", "suv": suv, "label": 1, "maxVolume": MAX_VOLUME_MM3}
        raise ExportError(f"--fallback {answer} is no answer of task1", "pass empty, or an SUV above 0")
    if task == "task3":
        if answer in ("true", "false"):
            return {"value": answer == "true"}
        raise ExportError(f"--fallback {answer} is no answer of task3", "pass true or false, the commoner class")
    risk = _number(answer)
    if risk is None:
        fix = "pass a number: the median risk of your training set, as `nx run task2:evaluate` gives it"
        raise ExportError(f"--fallback {answer} is no answer of task2", fix)
    return {"value": risk}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
