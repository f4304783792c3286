#!/usr/bin/env python3
"""Golden clinical vectors, made with pandas and scikit-learn.

    pip install -r tools/reference/clinical/requirements.txt
    python tools/reference/clinical/make_clinical.py

Writes libs/clinical/golden/clinical.json: preprocessors fitted as the training of Tasks 2 and 3 fits
them, on tables whose numbers are float64 (some missing) or integers; records as JSON texts, since
`1` and `1.0` are different categories; and the vectors of both tasks (float32). Where the libraries
fail on a record or give NaN the vector is null: there the project imputes instead.
"""

from __future__ import annotations

import json
import math
import pathlib
import platform
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder, StandardScaler

OUT = pathlib.Path(__file__).parents[3] / "libs/clinical/golden/clinical.json"
SEED = 20251
TEXTS_2 = ["Gender", "Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage", "Treatment"]
TEXTS_3 = ["Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage"]
FIELDS = ["Age", *TEXTS_2]
MISSING = ["null", "NaN", '"Unknown"']


def training_table(random: np.random.Generator, whole: bool) -> pd.DataFrame:
    """With missing values numbers are float64 and their texts `1.0`; without, they are `1`."""
    count = 300
    table = pd.DataFrame(
        {
            "Age": random.integers(38, 88, count),
            "Gender": random.integers(0, 2, count),
            "Tobacco Consumption": random.integers(0, 2, count),
            "Alcohol Consumption": random.integers(0, 2, count),
            "Performance Status": random.integers(0, 5, count),
            "M-stage": random.choice(["M0", "M1"], count, p=[0.95, 0.05]),
            "Treatment": random.integers(0, 2, count),
        }
    )
    if whole:
        return table
    for name in ("Age", "Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage", "Treatment"):
        table[name] = table[name].where(random.random(count) > 0.2)
    return table


def texts(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Missing values become "Unknown", all others the text of the value in its column."""
    return pd.DataFrame({n: frame[n].astype(object).where(frame[n].notna(), "Unknown").astype(str) for n in names})


def fit_task2(table: pd.DataFrame) -> dict:
    ages = table[["Age"]].astype(float)
    median = float(ages["Age"].median())
    return {
        "median": median,
        "scaler": StandardScaler().fit(ages.fillna(median)),
        "columns": list(pd.get_dummies(texts(table, TEXTS_2), prefix=TEXTS_2).columns),
    }


def fit_task3(table: pd.DataFrame) -> dict:
    numbers = table[["Age", "Gender"]].astype(float).fillna(0.0).to_numpy()
    encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    return {"scaler": StandardScaler().fit(numbers), "encoder": encoder.fit(texts(table, TEXTS_3).to_numpy())}


def vector_task2(record: dict, fitted: dict) -> np.ndarray:
    row = pd.DataFrame({name: [record.get(name)] for name in FIELDS})
    age = fitted["scaler"].transform(row[["Age"]].astype(float).fillna(fitted["median"]))
    dummies = pd.get_dummies(texts(row, TEXTS_2), prefix=TEXTS_2).reindex(columns=fitted["columns"], fill_value=0)
    return np.concatenate([age.ravel(), dummies.to_numpy(dtype=np.float64).ravel()]).astype(np.float32)


def vector_task3(record: dict, fitted: dict) -> np.ndarray:
    row = pd.DataFrame([{"Age": record.get("Age", 0), **{n: record.get(n) for n in ["Gender", *TEXTS_3]}}])
    numbers = fitted["scaler"].transform(row[["Age", "Gender"]].to_numpy().astype(float))
    columns = fitted["encoder"].transform(texts(row, TEXTS_3).to_numpy())
    return np.hstack([numbers, columns]).astype(np.float32).ravel()


def scaler_entry(scaler: StandardScaler, index: int, name: str, missing: float) -> dict:
    mean, scale = float(scaler.mean_[index]), float(scaler.scale_[index])
    return {"encode": "number", "of": name, "missing": missing, "mean": mean, "scale": scale}


def one_hot(name: str, categories: list[str]) -> dict:
    entry = {"encode": "one-hot", "of": name, "categories": categories, "missing": "Unknown"}
    return {**entry, "numbers": "as-written"}


def encoders_task2(fitted: dict) -> list[dict]:
    groups = {n: [c[len(n) + 1 :] for c in fitted["columns"] if c.startswith(n + "_")] for n in TEXTS_2}
    return [
        scaler_entry(fitted["scaler"], 0, "Age", fitted["median"]),
        *(one_hot(name, categories) for name, categories in groups.items()),
    ]


def encoders_task3(fitted: dict) -> list[dict]:
    return [
        scaler_entry(fitted["scaler"], 0, "Age", 0.0),
        scaler_entry(fitted["scaler"], 1, "Gender", float(fitted["scaler"].mean_[1])),
        *(one_hot(n, [str(c) for c in cats]) for n, cats in zip(TEXTS_3, fitted["encoder"].categories_)),
    ]


def spelling(random: np.random.Generator, value: int) -> str:
    return random.choice([str(value), f"{value}.0", f"{value}e0", f'"{value}"', f'"{value}.0"'], p=[0.5, 0.2, 0.1, 0.1, 0.1])


def record_text(random: np.random.Generator) -> str:
    """One record in the writing of some exporter: a value, a number in an odd form, or none."""
    parts = []
    for name in FIELDS:
        draw = random.random()
        if draw < 0.12:
            continue
        if draw < 0.2:
            parts.append(f'"{name}": {random.choice(MISSING)}')
        elif name == "M-stage":
            parts.append(f'"{name}": "{random.choice(["M0", "M1", "MX"])}"')
        elif name == "Age":
            age = random.integers(30, 90)
            parts.append(f'"{name}": {random.choice([str(age), f"{age}.0", f"{age}.25", f"{age / 10}e1"])}')
        else:
            parts.append(f'"{name}": {spelling(random, int(random.integers(0, 5 if name.startswith("Perf") else 2)))}')
    return "{" + ", ".join(parts) + "}"


def vector_or_none(make, record: dict, fitted: dict) -> list | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            vector = make(record, fitted)
    except (ValueError, TypeError):
        return None
    return None if np.isnan(vector).any() else [float(v) for v in vector]


def python_texts(random: np.random.Generator) -> list:
    tokens = ["0", "-0", "-0.0", "1", "1.0", "10", "1e0", "1e5", "1E-5", "0.0001", "0.00001", "123456789012345678901234567890"]
    tokens += ["1e15", "1e16", "1.5e16", "1e22", "0.1", "1e-7", "2.50", "-3.25e-10", "12345678901234567.0", "1e400", "-1e400"]
    tokens += [repr(float(v)) for v in random.normal(size=60) * 10.0 ** random.integers(-12, 25, 60)]
    return [[token, str(json.loads(token))] for token in tokens]


def main() -> None:
    random = np.random.default_rng(SEED)
    records = [record_text(random) for _ in range(240)]
    fits = []
    for name, whole in (("numbers with missing values", False), ("whole numbers", True)):
        table = training_table(random, whole)
        task2, task3 = fit_task2(table), fit_task3(table)
        parsed = [json.loads(text) for text in records]
        fits.append(
            {
                "name": name,
                "task2": {
                    "encoders": encoders_task2(task2),
                    "vectors": [vector_or_none(vector_task2, record, task2) for record in parsed],
                },
                "task3": {
                    "encoders": encoders_task3(task3),
                    "vectors": [vector_or_none(vector_task3, record, task3) for record in parsed],
                },
            }
        )
    assert all(not math.isnan(v) for fit in fits for v in fit["task2"]["vectors"][0])
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(
        json.dumps(
            {
                "versions": {
                    "python": platform.python_version(),
                    **{name: version(name) for name in ("pandas", "scikit-learn", "numpy")},
                },
                "seed": SEED,
                "records": records,
                "fits": fits,
                "pythonTexts": python_texts(random),
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
