"""The preprocessing steps of a scikit-learn pipeline as encoders of a recipe's features."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from errors import ExportError


@dataclass(frozen=True)
class Column:
    """A number that a model sees: (value - mean) / scale, or 1 where the value is the category."""

    of: str
    missing: float | str | None = None
    mean: float = 0.0
    scale: float = 1.0
    category: str | None = None

    def scaling(self) -> tuple[float, float]:
        """Mean and scale that an encoder of the recipe cannot state: those of a category."""
        return (0.0, 1.0) if self.category is None else (self.mean, self.scale)

    def then(self, mean: float, scale: float) -> Column:
        """Standardised once more."""
        if not np.isfinite([mean, scale]).all() or not scale > 0:
            raise ExportError(f"the scale of {self.of} is {scale}", "leave the column out of the model")
        return replace(self, mean=self.mean + self.scale * float(mean), scale=self.scale * float(scale))


class Unknown(Exception):
    """A step that encoders cannot stand for."""


def split(model: Any, names: list[str]) -> tuple[list[Column], Any]:
    """The columns that a pipeline hands to its last step, and that step.

    Raises Unknown for a step that is none of imputer, scaler, one-hot encoder or selection of columns.
    """
    columns = [Column(name) for name in names]
    while _kind(model) == "Pipeline":
        *steps, (_, model) = model.steps
        for _, step in steps:
            columns = _through(step, columns)
    return columns, model


def _kind(step: Any) -> str:
    return step if isinstance(step, str) else type(step).__name__


def _through(step: Any, columns: list[Column]) -> list[Column]:
    kind = _kind(step)
    if step is None or kind == "passthrough" or (kind == "FunctionTransformer" and step.func is None):
        return columns
    if kind == "drop":
        return []
    if kind == "Pipeline":
        for _, inner in step.steps:
            columns = _through(inner, columns)
        return columns
    if kind == "ColumnTransformer":
        parts = [_through(inner, _chosen(columns, wanted)) for _, inner, wanted in step.transformers_]
        return [column for part in parts for column in part]
    if hasattr(step, "get_support"):
        return [column for column, kept in zip(columns, step.get_support()) if kept]
    if kind == "SimpleImputer" and not step.add_indicator:
        return _imputed(step, columns)
    if kind == "OneHotEncoder" and type(step).__module__.startswith("sklearn"):
        return _one_hot(step, columns)
    if kind in ("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler"):
        means, scales = _affine(step, kind)
        count = len(columns)
        return [
            column.then(mean, scale)
            for column, mean, scale in zip(columns, _filled(means, 0.0, count), _filled(scales, 1.0, count))
        ]
    raise Unknown(kind)


def _affine(step: Any, kind: str) -> tuple[Any, Any]:
    """What a scaler subtracts and divides by; None where it does not."""
    if kind == "StandardScaler":
        return step.mean_, step.scale_
    if kind == "RobustScaler":
        return step.center_, step.scale_
    if kind == "MaxAbsScaler":
        return None, step.scale_
    if step.clip:
        raise Unknown("MinMaxScaler(clip=True)")
    return -step.min_ / step.scale_, 1 / step.scale_


def _filled(values: Any, neutral: float, count: int) -> list[float]:
    return [neutral] * count if values is None else [float(value) for value in values]


def _chosen(columns: list[Column], wanted: Any) -> list[Column]:
    """The columns that a ColumnTransformer names, by name, number, slice or mask."""
    names = [column.of for column in columns]
    wanted = [wanted] if isinstance(wanted, (str, int)) else wanted
    if isinstance(wanted, slice):
        return columns[wanted]
    wanted = list(wanted)
    if wanted and all(isinstance(item, (bool, np.bool_)) for item in wanted):
        return [column for column, kept in zip(columns, wanted) if kept]
    return [columns[names.index(item) if isinstance(item, str) else int(item)] for item in wanted]


def _imputed(step: Any, columns: list[Column]) -> list[Column]:
    found = []
    for column, value in zip(columns, step.statistics_):
        if isinstance(value, (float, np.floating)) and np.isnan(value) or value is None:
            continue  # nothing but missing values in training: the imputer drops the column
        known = column.missing is not None or column.category is not None
        raw = str(value) if isinstance(value, str) else float(value) * column.scale + column.mean
        found.append(column if known else replace(column, missing=raw))
    return found


def _one_hot(step: Any, columns: list[Column]) -> list[Column]:
    if getattr(step, "_infrequent_enabled", False):
        raise Unknown("OneHotEncoder with infrequent categories")
    dropped = [None] * len(columns) if step.drop_idx_ is None else step.drop_idx_
    found = []
    for column, categories, drop in zip(columns, step.categories_, dropped):
        if column.category is not None or (column.mean, column.scale) != (0.0, 1.0):
            raise Unknown("OneHotEncoder of scaled columns")
        for i, category in enumerate(categories):
            if drop is None or i != drop:
                found.append(replace(column, category=text_of(category)))
    return found


def text_of(value: Any) -> str:
    """A category as the recipe writes it."""
    if isinstance(value, (bool, np.bool_, str)) or value is None:
        return str(value)
    return str(int(value)) if float(value).is_integer() else str(float(value))


def encoders_of(columns: list[Column]) -> list[dict[str, Any]]:
    """The entries of a recipe's `features` that give these columns."""
    found: list[dict[str, Any]] = []
    for column in columns:
        if column.category is None:
            found.append(
                {"encode": "number", "of": column.of, "missing": column.missing,
                 "mean": column.mean, "scale": column.scale}  # fmt: skip
            )
        elif found and found[-1]["encode"] == "one-hot" and found[-1]["of"] == column.of:
            found[-1]["categories"].append(column.category)
        else:
            found.append(
                {"encode": "one-hot", "of": column.of, "categories": [column.category],
                 "missing": _missing_text(column), "numbers": "normalised"}  # fmt: skip
            )
    return found


def _missing_text(column: Column) -> str:
    if column.missing is None:
        return "nan"
    return column.missing if isinstance(column.missing, str) else text_of(column.missing)


def encode(columns: list[Column], table: Any) -> np.ndarray:
    """What the container makes of a table: one row per patient, float32."""
    found = np.zeros((len(table), len(columns)), dtype=np.float32)
    for i, column in enumerate(columns):
        values = table[column.of]
        if column.category is None:
            numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
            filled = np.where(np.isnan(numbers), np.nan if column.missing is None else column.missing, numbers)
            found[:, i] = ((filled - column.mean) / column.scale).astype(np.float32)
        else:
            missing = values.isna()
            texts = [_missing_text(column) if gone else text_of(value) for value, gone in zip(values, missing)]
            found[:, i] = [text == column.category for text in texts]
    return found
