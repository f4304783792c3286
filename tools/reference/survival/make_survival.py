#!/usr/bin/env python3
"""Golden predictions of ICARE models, made with the icare package itself.

    pip install -r tools/reference/survival/requirements.txt
    python tools/reference/survival/make_survival.py

Writes libs/survival/golden/survival.json: fitted models as plain numbers, feature vectors (float32,
null for NaN) and what the package predicts for them; combinations of folds and sums by NumPy.
"""

from __future__ import annotations

import json
import pathlib
import platform
from importlib.metadata import version

import numpy as np
from icare.survival import BaggedIcareSurvival, IcareSurvival

OUT = pathlib.Path(__file__).parents[3] / "libs/survival/golden/survival.json"
SEED = 20250


def outcome(random: np.random.Generator, count: int) -> np.ndarray:
    table = np.zeros(count, dtype=[("event", "?"), ("time", "f8")])
    table["event"] = random.random(count) < 0.5
    table["time"] = random.exponential(800.0, count) + 20
    return table


def estimator(model: IcareSurvival) -> dict:
    used = [int(name) for name in model.used_features_]
    return {
        "usedFeatures": used,
        "weights": [float(v) for v in np.asarray(model.weights_)] if used else [],
        "mean": [float(v) for v in np.asarray(model.mean_f_, dtype=np.float32)] if used else [],
        "std": [float(v) for v in np.asarray(model.std_f_, dtype=np.float32)] if used else [],
        "meanPrediction": float(model.mean_pred_) if used else 0.0,
        "stdPrediction": float(model.std_pred_) if used else 1.0,
    }


def numbers(values: np.ndarray) -> list:
    return [None if np.isnan(v) else float(v) for v in values]


def bag_case(random: np.random.Generator, name: str, size: int, bagged: int, method: str, settings: dict) -> dict:
    """Features of very different scales, some constant beside their spread, as networks give them."""
    features = (random.normal(size=(90, size)) * random.lognormal(0, 2, size) + random.normal(size=size)).astype(
        np.float32
    )
    model = BaggedIcareSurvival(
        n_estimators=bagged, parameters_sets=[settings], aggregation_method=method, random_state=SEED
    ).fit(features, outcome(random, len(features)))
    rows = features[:6] + random.normal(size=(6, size)).astype(np.float32)
    rows[3, random.random(size) < 0.3] = np.nan
    rows[4, random.random(size) < 0.9] = np.nan
    rows[5] *= np.float32(1e6)
    with np.errstate(all="ignore"):
        singles = [[float(one.predict(row[None])[0]) for one in model.estimators_] for row in rows]
        return {
            "name": name,
            "bag": {
                "aggregation": method,
                "features": size,
                "estimators": [estimator(one) for one in model.estimators_],
            },
            "rows": [numbers(row) for row in rows],
            "estimators": [numbers(np.array(row)) for row in singles],
            "predictions": numbers(np.array([model.predict(row[None])[0] for row in rows])),
        }


def combinations(random: np.random.Generator) -> list:
    cases = []
    for count in (1, 2, 5, 6, 21):
        risks, weights = random.normal(size=count), random.uniform(0.4, 0.8, count)
        cases.append(
            {
                "risks": risks.tolist(),
                "weights": weights.tolist(),
                "median": float(np.median(risks)),
                "mean": float(np.mean(risks)),
                "weighted-mean": float(np.average(risks, weights=weights / np.sum(weights))),
                "best": float(risks[np.argmax(weights)]),
            }
        )
    return cases


def sums(random: np.random.Generator) -> list:
    """Of values so unlike that the order of the additions shows."""
    counts = (1, 7, 8, 9, 16, 127, 128, 129, 143, 300)
    drawn = (random.normal(size=count) * 10.0 ** random.integers(-3, 4, count) for count in counts)
    return [{"values": values.tolist(), "sum": float(np.sum(values))} for values in drawn]


def main() -> None:
    random = np.random.default_rng(SEED)
    plain = {"rho": 0.9, "cmin": 0.5, "max_features": 1.0, "sign_method": "harrell"}
    some = {"rho": 0.5, "cmin": 0.55, "max_features": 0.5, "sign_method": "harrell,tAUC"}
    cases = [
        bag_case(random, "ten estimators, mean", 32, 10, "mean", plain),
        bag_case(random, "ten estimators, median", 128, 10, "median", plain),
        bag_case(random, "an odd number, few features", 16, 7, "median", some),
        bag_case(random, "one estimator", 20, 1, "mean", plain),
        bag_case(random, "256 features", 256, 4, "mean", some),
        bag_case(random, "no feature used", 12, 3, "mean", {**plain, "cmin": 0.99}),
        bag_case(random, "140 estimators, mean", 4, 140, "mean", plain),
    ]
    assert all(not one["usedFeatures"] for one in cases[-2]["bag"]["estimators"])
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(
        json.dumps(
            {
                "versions": {
                    "python": platform.python_version(),
                    **{name: version(name) for name in ("icare", "scikit-learn", "numpy", "pandas")},
                },
                "seed": SEED,
                "cases": cases,
                "combinations": combinations(random),
                "sums": sums(random),
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
