#!/usr/bin/env python3
"""Fits two forests of 500 trees to seeded random patients; writes pickle, export and vectors of each."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import joblib
import numpy as np
import pandas
from sklearn.ensemble import RandomForestClassifier
from sksurv.ensemble import RandomSurvivalForest
from sksurv.util import Surv

PATIENTS, FEATURES, TREES = 500, 100, 500
EXPORTER = pathlib.Path(__file__).parents[2] / "tools/export/tabular.py"


def main() -> None:
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(2025)
    # Float32, as the container's features are.
    rows = random.normal(size=(PATIENTS, FEATURES)).astype(np.float32)
    risk = rows[:, :5].sum(axis=1)
    times = random.exponential(1000 * np.exp(-risk / 2))
    events = random.random(PATIENTS) < 0.4
    names = [f"feature_{i}" for i in range(FEATURES)]
    settings = {"n_estimators": TREES, "random_state": 2025, "n_jobs": -1}
    models = {
        "survival": RandomSurvivalForest(**settings).fit(rows, Surv.from_arrays(events, times)),
        "classifier": RandomForestClassifier(**settings).fit(rows, risk + random.normal(size=PATIENTS) > 0),
    }
    (out / "vectors.json").write_text(json.dumps(rows.tolist()), encoding="utf8")
    # The exporter compares its file with the library on these rows.
    table = out / "patients.csv"
    pandas.DataFrame(rows[:20], columns=names).to_csv(table, index=False)
    for name, model in models.items():
        joblib.dump(model, out / f"{name}.joblib")
        arguments = [out / f"{name}.joblib", "--table", table, "--out", out, "--columns", *names]
        subprocess.run([sys.executable, EXPORTER, *arguments], check=True)


if __name__ == "__main__":
    main()
