#!/usr/bin/env python3
"""Checks tabular.py on a small model of every kind, and on files that must be refused.

    pip install -r tools/export/requirements-tabular.txt
    python tools/export/self_check_tabular.py

Exits with 1 and says what failed. Takes about a minute.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import os
import pathlib
import pickle
import sys
import tempfile
import traceback

import joblib
import numpy as np
import tabular_zoo as zoo
from joblib.numpy_pickle_compat import NDArrayWrapper
from sklearn.preprocessing import FunctionTransformer
from tabular import main as tabular_main

failures: list[str] = []


def export(model: pathlib.Path, table: pathlib.Path, out: pathlib.Path, *more: object) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = tabular_main([str(part) for part in (model, "--table", table, "--out", out, *more)])
        except SystemExit as error:
            code = int(error.code or 0)
        except Exception:
            traceback.print_exc(file=said)
            code = 1
    return code, said.getvalue()


def check(name: str, holds: bool, said: str = "") -> None:
    print(("ok    " if holds else "FAILED") + f" {name}")
    if not holds:
        failures.append(name)
        print(said)


class Gadget:
    """Calls a function when it is unpickled, and may set a state."""

    def __init__(self, function: object, *arguments: object, state: object = None) -> None:
        self.reduced = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self) -> tuple:
        return self.reduced


def hostile(folder: pathlib.Path, table: pathlib.Path, forest: object) -> None:
    """Files that would run code, open others or misuse memory; none may leave the mark."""
    mark = folder / "mark"
    command = f"touch {mark}"
    system = Gadget(os.system, command)
    objects = np.empty(2, dtype=object)
    objects[:] = [system, 1]
    tree = forest.estimators_[0].tree_
    kind, arguments, state = tree.__reduce__()
    state["nodes"] = state["nodes"].copy()
    state["nodes"]["left_child"][0] = 2**40
    endless: list = []
    endless.append(endless)
    stump = copy.copy(forest.estimators_[0])
    stump.tree_ = Gadget(kind, *arguments, state=state)
    cases = {
        "os.system": (system, "posix.system"),
        "eval": (Gadget(eval, f"__import__('os').system('{command}')"), "builtins.eval"),
        "partial": (Gadget(functools.partial, os.system, command), "functools.partial"),
        "getattr": (Gadget(getattr, command, "format"), "builtins.getattr"),
        "an array of objects": (objects, "posix.system"),
        "an attribute": (changed(forest, base=system), "posix.system"),
        "FunctionTransformer": (FunctionTransformer(os.system), "posix.system"),
        "an array elsewhere": (Gadget(NDArrayWrapper, "mapped", np.ndarray), "NDArrayWrapper"),
        "a memory map": (np.memmap(folder / "mapped", dtype="f8", mode="w+", shape=(4,)), "no fitted model"),
        "a tree beyond its nodes": (changed(forest, estimators_=[stump]), "do not fit together"),
        "a tree of other columns": (changed(forest, n_features_in_=5), "do not fit together"),
        "a list in itself": (endless, "cannot be read"),
        "a text for a forest": (changed(forest, estimators_="trees"), "cannot use the model"),
        "no model": ({"weights": 1}, "no fitted model"),
    }
    for name, (value, wanted) in cases.items():
        for dump in (joblib.dump, lambda given, path: path.write_bytes(pickle.dumps(given))):
            path, out = folder / "bad.joblib", folder / "none"
            dump(value, path)
            code, said = export(path, table, out)
            clean = code == 2 and wanted in said and "Traceback" not in said and not list(out.glob("*.*"))
            check(f"refuses {name}", clean and not mark.exists(), said)


def changed(model: object, **attributes: object) -> object:
    made = copy.copy(model)
    vars(made).update(attributes)
    return made


def main() -> int:
    table = zoo.make_table()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        patients = folder / "patients.csv"
        table.to_csv(patients, index=False)
        models = {**zoo.classifiers(table), **zoo.cox_models(table), **zoo.survival_trees(table)}
        for kind, model in models.items():
            code, said = export(zoo.save(model, folder, kind), patients, folder / "out")
            check(f"exports {kind}", code == 0 and len(list((folder / "out").glob(f"{kind}.*"))) == 4, said)
        for kind in ("xgboost", "lightgbm", "catboost"):
            joblib.dump(models[kind], folder / "pickled.joblib", compress=3)
            code, said = export(folder / "pickled.joblib", patients, folder / "out")
            check(f"exports a pickled {kind}", code == 0, said)
        table["expected"] = models["rsf"].predict(table[zoo.NUMBERS]) + 0.1 * (table.index == 7)
        table.to_csv(folder / "other.csv", index=False)
        code, said = export(folder / "rsf.joblib", folder / "other.csv", folder / "none", "--expected", "expected")
        check("refuses a model that disagrees", code == 2 and "in 1 of 200 rows" in said, said)
        hostile(folder, patients, models["forest"])
    print(f"{len(failures)} failed" if failures else "all passed")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
