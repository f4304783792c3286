"""Fitted ICARE survival models as plain numbers (survival.json)."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np

from errors import ExportError
from inert import Record, as_array

AGGREGATIONS = ("mean", "median")


def bag_of(path: pathlib.Path, fold: Any, model: Any, features: int) -> dict[str, Any]:
    """A bag of estimators over ``features`` features; a lone estimator is a bag of one.

    Raises ExportError when the model is not fitted, or for another number of features.
    """
    where = f"{path}: the survival model of fold {fold}"
    if _get(model, "estimators_") is not None:
        aggregation, estimators = _get(model, "aggregation_method"), _get(model, "estimators_")
    elif _get(model, "used_features_") is not None:
        aggregation, estimators = "mean", [model]
    else:
        kind = model.qualified if isinstance(model, Record) else type(model).__name__
        raise ExportError(f"{where} is a {kind} that is not fitted", "fit it before saving the ensemble")
    if aggregation not in AGGREGATIONS:
        raise ExportError(f"{where} combines its estimators by {aggregation!r}", "use mean or median")
    count = _get(model, "n_features_in_")
    if count != features:
        raise ExportError(
            f"{where} takes {count} features, the network gives {features}", "save models that were fitted together"
        )
    try:
        found = [_estimator(estimator, features) for estimator in estimators]
    except (ValueError, TypeError) as error:
        raise ExportError(f"{where}: {error}", "fit it with the icare package on the network's features") from error
    if not found:
        raise ExportError(f"{where} has no estimators", "fit it before saving the ensemble")
    return {"aggregation": aggregation, "features": features, "estimators": found}


def _estimator(estimator: Any, features: int) -> dict[str, Any]:
    names = [str(n) for n in _flat(as_array(_get(estimator, "used_features_")))]
    if not all(name.isdigit() and int(name) < features for name in names):
        raise ValueError(f"features are named {', '.join(names[:3])}, expected numbers below {features}")
    columns = {
        "weights": as_array(_get(estimator, "weights_")).astype(np.float64),
        "mean": as_array(_get(estimator, "mean_f_")).astype(np.float32),
        "std": as_array(_get(estimator, "std_f_")).astype(np.float32),
    }
    for key, values in columns.items():
        if values.shape != (len(names),):
            raise ValueError(f"{len(names)} features but {values.size} of {key}")
        if not np.isfinite(values).all():
            raise ValueError(f"{key} holds NaN or infinity")
    mean, std = (float(as_array(_get(estimator, key)).reshape(())) for key in ("mean_pred_", "std_pred_"))
    if names and not (np.isfinite(mean) and np.isfinite(std)):
        raise ValueError("an estimator predicts NaN for every patient")
    return {
        "usedFeatures": [int(name) for name in names],
        **{key: [float(v) for v in values] for key, values in columns.items()},
        "meanPrediction": mean if np.isfinite(mean) else 0.0,
        "stdPrediction": std if np.isfinite(std) else 1.0,
    }


def predict_bag(bag: dict[str, Any], features: np.ndarray) -> float:
    """The risk of one patient, by the published arithmetic; for the parity report."""
    features = features.astype(np.float32)
    risks = []
    for e in bag["estimators"]:
        if not e["usedFeatures"]:
            risks.append(1.0)
            continue
        x = features[e["usedFeatures"]]
        z = (x - np.array(e["mean"], np.float32)) / np.array(e["std"], np.float32)
        risks.append((np.nanmean(z * np.array(e["weights"])) - e["meanPrediction"]) / e["stdPrediction"])
    return float((np.nanmedian if bag["aggregation"] == "median" else np.nanmean)(risks))


def _flat(values: np.ndarray) -> list[Any]:
    """Names; ICARE keeps a single one inside a further list."""
    flat: list[Any] = []
    for value in values.reshape(-1).tolist():
        try:
            inner = as_array(value) if isinstance(value, (Record, np.ndarray, list)) else None
        except ValueError:
            inner = None
        flat.extend([value] if inner is None else _flat(inner))
    return flat


def _get(model: Any, name: str) -> Any:
    return model.get(name) if isinstance(model, Record) else getattr(model, name, None)
