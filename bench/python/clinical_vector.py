"""Clinical vectors of Tasks 2 and 3 with the libraries of the challenge's own containers."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pandas as pd

TEXTS_2 = ["Gender", "Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage", "Treatment"]
TEXTS_3 = ["Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage"]


def read_record(path: str) -> dict:
    return json.loads(pathlib.Path(path).read_text())


def vector_task2(record: dict, parts: dict) -> np.ndarray:
    age = record.get("Age")
    age = parts["age_median"] if age is None else age
    scaled = parts["age_scaler"].transform(pd.DataFrame({"Age": [age]}))
    texts = pd.DataFrame([{name: record.get(name) for name in TEXTS_2}]).astype(object)
    texts = texts.where(texts.notna(), "Unknown").astype(str)
    columns = pd.get_dummies(texts, prefix=TEXTS_2).reindex(columns=parts["categorical_columns"], fill_value=0)
    return np.concatenate([scaled.ravel(), columns.to_numpy(dtype=np.float64).ravel()]).astype(np.float32)


def vector_task3(record: dict, scaler, encoder) -> np.ndarray:
    numbers = scaler.transform([[record.get("Age", 0), record.get("Gender", 0)]])
    texts = encoder.transform([[str(record.get(name, "Unknown")) for name in TEXTS_3]])
    return np.hstack([numbers, texts]).astype(np.float32).ravel()
