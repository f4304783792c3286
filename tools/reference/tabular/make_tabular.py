#!/usr/bin/env python3
"""Golden answers of tabular models, by the libraries that fitted them, on 200 records with missing values.

    pip install -r tools/export/requirements-tabular.txt
    python tools/reference/tabular/make_tabular.py

Writes the models of tools/export/tabular_zoo.py as tabular.py exports them, and with them the vectors they
get (float32, null for a missing value) and what the libraries predict:
libs/survival/golden/tabular.json, *.trees and *.cox.json, and libs/onnx/golden/tabular/.
"""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tools/export"))

import tabular  # noqa: E402
import tabular_zoo as zoo  # noqa: E402

PACKAGES = ("scikit-learn", "scikit-survival", "lifelines", "xgboost-cpu", "lightgbm", "catboost", "skl2onnx",
            "onnxmltools", "numpy")  # fmt: skip


def numbers(rows: np.ndarray) -> list:
    return [[None if np.isnan(value) else float(value) for value in row] for row in rows]


def write(folder: pathlib.Path, models: dict, patients: pathlib.Path) -> None:
    """Each model's file and one tabular.json; vectors that several models get are there once."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors: list[list] = []
    cases = []
    for name, model in models.items():
        with tempfile.TemporaryDirectory() as temporary:
            path = zoo.save(model, pathlib.Path(temporary), name)
            options = tabular.parse_arguments([str(path), "--table", str(patients), "--out", str(folder)])
            made = tabular.export(options, pathlib.Path(temporary))
            (folder / made.file.name).write_bytes(made.file.read_bytes())
        rows = numbers(made.rows)
        if rows not in vectors:
            vectors.append(rows)
        cases.append({"name": name, "file": made.file.name, "vectors": vectors.index(rows),
                      "predictions": made.expected.tolist()})  # fmt: skip
    document = {"versions": tabular.versions_of(*PACKAGES), "vectors": vectors, "cases": cases}
    (folder / "tabular.json").write_text(json.dumps(document) + "\n")


def main() -> None:
    table = zoo.make_table()
    with tempfile.TemporaryDirectory() as temporary:
        patients = pathlib.Path(temporary) / "patients.csv"
        table.to_csv(patients, index=False)
        write(ROOT / "libs/survival/golden", {**zoo.cox_models(table), **zoo.survival_trees(table)}, patients)
        write(ROOT / "libs/onnx/golden/tabular", zoo.classifiers(table), patients)


if __name__ == "__main__":
    main()
