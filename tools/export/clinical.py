"""The clinical vector's encoders, from the preprocessors that training kept."""

from __future__ import annotations

import math
import pathlib
from typing import Any

import numpy as np

from errors import ExportError
from inert import Record, as_array

CATEGORICAL = (
    "Gender", "Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage", "Treatment",
)  # fmt: skip
TASK3_NUMBERS = ("Age", "Gender")
TASK3_CATEGORIES = ("Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage")
UNKNOWN = "Unknown"
# A standard deviation is positive; below this, dividing by it leaves what float32 can hold.
SMALLEST_SCALE = 1e-30


def width(encoders: list[dict[str, Any]]) -> int:
    """How many numbers the encoders give."""
    return sum(len(e["categories"]) if e["encode"] == "one-hot" else 1 for e in encoders)


def task2_encoders(path: pathlib.Path, preprocessors: Any, recipe: str) -> list[dict[str, Any]]:
    """Age, then the one-hot columns in the order of training."""
    if not isinstance(preprocessors, dict):
        raise _strange(path, f"holds a {_kind(preprocessors)}, expected a dictionary")
    missing = [k for k in ("age_median", "age_scaler", "categorical_columns") if k not in preprocessors]
    if missing:
        raise _strange(path, f"has no {', '.join(missing)}")
    mean, scale = _scaler(path, preprocessors["age_scaler"], 1)
    median = _number(path, "age_median", preprocessors["age_median"])
    age = _number_encoder("Age", median, mean[0], scale[0], recipe)
    columns = [str(c) for c in as_array(preprocessors["categorical_columns"]).tolist()]
    if len(set(columns)) != len(columns):
        raise _strange(path, "names a column twice in categorical_columns")
    return [age, *_columns(path, columns, recipe)]


def _columns(path: pathlib.Path, columns: list[str], recipe: str) -> list[dict[str, Any]]:
    """One encoder for the columns ``Feature_value`` of each feature."""
    groups: dict[str, list[str]] = {}
    last = None
    for column in columns:
        feature = max((f for f in CATEGORICAL if column.startswith(f + "_")), key=len, default=None)
        if feature is None:
            raise _strange(path, f"has the column {column!r}, which is of none of {', '.join(CATEGORICAL)}")
        if feature != last and feature in groups:
            raise _strange(path, f"does not keep the columns of {feature} next to each other")
        groups.setdefault(feature, []).append(column.removeprefix(feature + "_"))
        last = feature
    return [_one_hot(feature, categories, recipe) for feature, categories in groups.items()]


def task3_encoders(
    scaler_path: pathlib.Path, scaler: Any, encoder_path: pathlib.Path, encoder: Any, recipe: str
) -> list[dict[str, Any]]:
    """Age and Gender as numbers, then the one-hot columns of the fitted encoder."""
    mean, scale = _scaler(scaler_path, scaler, len(TASK3_NUMBERS))
    # The challenge's container takes a missing age for 0; the mean of training says "unknown" better.
    missing = [0.0 if recipe == "baseline" else mean[0], mean[1]]
    numbers = [
        _number_encoder(name, missing[i], mean[i], scale[i], recipe) for i, name in enumerate(TASK3_NUMBERS)
    ]
    return [*numbers, *_one_hots(encoder_path, encoder, recipe)]


def _number_encoder(name: str, missing: float, mean: float, scale: float, recipe: str) -> dict[str, Any]:
    """A number and the range outside of which training cannot have seen it.

    A scaler keeps no range: five standard deviations round the mean stand for it, and where the deviation
    is that of zeros and ones, these two.
    """
    encoder = {"encode": "number", "of": name, "missing": missing, "mean": mean, "scale": scale}
    if mean == 0.0 or scale == 1.0:  # a scaler that does not centre or does not scale says nothing
        return encoder
    binary = 0 < mean < 1 and abs(scale * scale - mean * (1 - mean)) < 1e-6
    low, high = (0, 1) if binary else (math.floor(mean - 5 * scale), math.ceil(mean + 5 * scale))
    # The challenge's container feeds whatever it is given.
    return {**encoder, "range": [low, high], "outOfRange": "keep" if recipe == "baseline" else "missing"}


def _one_hots(path: pathlib.Path, encoder: Any, recipe: str) -> list[dict[str, Any]]:
    _assert_class(path, encoder, "OneHotEncoder")
    if _attribute(encoder, "drop_idx_") is not None or _attribute(encoder, "infrequent_categories_") is not None:
        raise _strange(path, "drops or merges categories", "fit it with drop=None and no min_frequency")
    names = _attribute(encoder, "feature_names_in_")
    names = list(TASK3_CATEGORIES) if names is None else [str(n) for n in as_array(names)]
    categories = _attribute(encoder, "categories_")
    if categories is None:
        raise _strange(path, "is not fitted")
    if len(categories) != len(names):
        raise _strange(path, f"encodes {len(categories)} columns, expected {len(names)}: {', '.join(names)}")
    return [
        _one_hot(name, [_text(value) for value in as_array(values).tolist()], recipe)
        for name, values in zip(names, categories)
    ]


def _one_hot(feature: str, categories: list[str], recipe: str) -> dict[str, Any]:
    # Where training kept "1" and "1.0" apart, taking them as one would leave it open which is meant.
    distinct = len({_as_number(c) for c in categories}) == len(categories)
    # Training turned a missing value into the text "nan" with pandas 2; the container does not.
    nan = recipe != "baseline" and "nan" in categories and UNKNOWN not in categories
    return {
        "encode": "one-hot",
        "of": feature,
        "categories": categories,
        "missing": "nan" if nan else UNKNOWN,
        "numbers": "normalised" if recipe != "baseline" and distinct else "as-written",
    }


def _scaler(path: pathlib.Path, scaler: Any, count: int) -> tuple[list[float], list[float]]:
    """Means and scales of a fitted StandardScaler."""
    _assert_class(path, scaler, "StandardScaler")
    found = []
    for name, neutral in (("mean_", 0.0), ("scale_", 1.0)):
        value = _attribute(scaler, name)
        if value is None and _attribute(scaler, "n_features_in_") is None:
            raise _strange(path, "holds a StandardScaler that is not fitted")
        values = [neutral] * count if value is None else [float(v) for v in as_array(value)]
        if len(values) != count:
            raise _strange(path, f"holds a scaler of {len(values)} numbers, expected {count}")
        if not np.isfinite(values).all() or (name == "scale_" and min(values) < SMALLEST_SCALE):
            raise _strange(path, f"holds a scaler whose {name} is not usable")
        found.append(values)
    return found[0], found[1]


def _number(path: pathlib.Path, name: str, value: Any) -> float:
    try:
        number = float(as_array(value).reshape(()))
    except (ValueError, TypeError, OverflowError) as error:
        raise _strange(path, f"has a {name} that is no number") from error
    if not np.isfinite(number):
        raise _strange(path, f"has a {name} of {number}")
    return number


def _as_number(category: str) -> Any:
    try:
        return float(category) if category.strip().lower() not in ("nan", "inf", "infinity") else category
    except ValueError:
        return category


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _attribute(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Record) else getattr(value, name, None)


def _assert_class(path: pathlib.Path, value: Any, name: str) -> None:
    if _kind(value).rsplit(".", 1)[-1] != name:
        raise _strange(path, f"holds a {_kind(value)}, expected a {name}")


def _kind(value: Any) -> str:
    return value.qualified if isinstance(value, Record) else type(value).__name__


def _strange(path: pathlib.Path, what: str, fix: str = "pass the file that training wrote") -> ExportError:
    return ExportError(f"{path}: {what}", fix)
