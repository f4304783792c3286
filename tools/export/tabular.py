#!/usr/bin/env python3
"""Turns a fitted tabular model into what a recipe's `models`, `cox` or `survival-trees` read.

    pip install -r tools/export/requirements-tabular.txt
    python tools/export/tabular.py forest.joblib --table patients.csv --out apps/task2/resources

Writes the model, what the recipe has to say about it, and a report that compares the file with the
Python library over the rows of the table. Nothing is written if they disagree. What files hold is not run.
"""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

import clinical
import tabular_onnx
import tabular_survival as survival
from errors import ExportError, assert_file
from inert import Record
from json_file import write_json
from tabular_encoders import Column, Unknown, encode, encoders_of, split
from tabular_pickle import Reviver, load_model

# Of the largest answer, at least of 1: rounding of float32 stays below it.
TOLERANCE = 1e-6
# Of the clinical record; all else a recipe's `of` has to name in another way.
FIELDS = frozenset({*clinical.CATEGORICAL, "Age", "HPV Status", "CenterID"})
VERSIONS = "install the versions of the libraries that saved it (tools/export/requirements-tabular.txt has ours)"


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tabular.py", description="a fitted tabular model -> resources of a recipe")
    add = parser.add_argument
    add("model", type=pathlib.Path, metavar="MODEL",
        help="pickle or joblib file; XGBoost .json or .ubj; LightGBM .txt; CatBoost .cbm")
    add("--table", required=True, type=pathlib.Path, metavar="CSV", help="patients, with the columns of the model")
    add("--out", required=True, type=pathlib.Path, help="the task's resources folder")
    add("--name", default="", help="of the files (default: that of MODEL)")
    add("--columns", nargs="+", metavar="NAME",
        help="the model's columns in its order, where the model does not know their names")
    add("--expected", metavar="NAME",
        help="a column of the table with what your training code predicts (default: the library installed here)")
    add("--alpha", type=float, help="Coxnet: the penalty (default: the last of the path)")
    add("--hazard", action="store_true", help="Cox: e to the power of the sum, as predict_partial_hazard")
    return parser.parse_args(arguments)


def read_model(path: pathlib.Path) -> tuple[Any, list[str]]:
    """The fitted model, and what is to be known of its file."""
    assert_file(path, "pass the path of a fitted model")
    kind = path.suffix.lower()
    try:
        if kind in (".json", ".ubj"):
            import xgboost

            booster = xgboost.Booster(model_file=str(path))
            best = booster.attr("best_iteration")  # as predict of the classifier and regressor stops there
            return booster if best is None else booster[: int(best) + 1], []
        if kind == ".txt":
            import lightgbm

            return lightgbm.Booster(model_file=str(path)), []
        if kind == ".cbm":
            import catboost

            return catboost.CatBoost().load_model(str(path)), []
    except ImportError as error:
        raise ExportError(f"{path}: needs {error.name}", f"pip install {error.name}") from error
    except Exception as error:
        raise ExportError(f"{path}: cannot be read ({str(error).splitlines()[0]})", "save the model again") from error
    record = load_model(path)
    if isinstance(record, Record) and record.qualified.startswith("lifelines."):
        return survival.lifelines_model(path, record), []
    reviver = Reviver(path)
    try:
        model = reviver.revive(record)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ExportError(f"{path}: cannot be read ({error})", VERSIONS) from error
    if not hasattr(model, "predict"):
        raise ExportError(f"{path}: holds no fitted model", "save the model itself, not what is around it")
    ours = version("scikit-learn")
    notes = [f"saved with scikit-learn {one}, read with {ours}" for one in sorted(reviver.versions) if one != ours]
    return model, notes


def columns_of(model: Any, table: Any, names: list[str] | None) -> list[str]:
    """Names of the model's columns in its order, all of them in the table."""
    if names is None and type(model).__name__ == "SemiParametricPHFitter":
        names = list(model.params_.index)
    for attribute in ("feature_names_in_", "feature_name_", "feature_names_", "feature_names", "feature_name"):
        if names is None:
            found = getattr(model, attribute, None)
            found = found() if callable(found) else found
            names = None if found is None or len(found) == 0 else [str(name) for name in found]
    if names is None:
        raise ExportError("the model does not know the names of its columns", "pass them in its order: --columns A B C")
    spaced = {column.replace(" ", "_"): column for column in table.columns}  # as LightGBM writes them
    names = [name if name in table.columns else spaced.get(name, name) for name in names]
    absent = [name for name in names if name not in table.columns]
    if absent:
        raise ExportError(f"the table has no column {', '.join(map(repr, absent[:5]))}", "pass the names with --columns")
    return names


def takes_missing(model: Any) -> bool:
    """Whether a model takes NaN."""
    if type(model).__module__.split(".")[0] in ("xgboost", "lightgbm", "catboost"):
        return True
    return hasattr(model, "__sklearn_tags__") and bool(model.__sklearn_tags__().input_tags.allow_nan)


def medians_of(columns: list[Column], table: Any) -> dict[str, float]:
    """What stands for the missing numbers of columns for which the model says nothing."""
    open_columns = [column.of for column in columns if column.category is None and column.missing is None]
    return {name: float(np.nanmedian(table[name].to_numpy(dtype=np.float64))) for name in open_columns}


def kind_of(model: Any) -> str:
    name = type(model).__name__
    if name in survival.COX or name == "SemiParametricPHFitter":
        return "cox"
    return "trees" if name in survival.FORESTS or name == survival.BOOSTED else "onnx"


def predict(model: Any, last: Any, rows: Any, options: argparse.Namespace) -> np.ndarray:
    """What the Python library predicts, (rows, numbers)."""
    if not hasattr(model, "feature_names_in_") and type(model).__name__ != "SemiParametricPHFitter":
        rows = rows.to_numpy()
    if kind_of(last) == "onnx":
        return tabular_onnx.predict(model, rows)
    if type(last).__name__ == "SemiParametricPHFitter":
        found = model.predict_log_partial_hazard(rows)
    elif type(last).__name__ == "CoxnetSurvivalAnalysis":
        found = model.predict(rows, alpha=options.alpha)
    else:
        last.n_jobs = 1  # several threads add in any order
        found = model.predict(rows)
    found = np.asarray(found, dtype=np.float64)
    return (np.exp(found) if options.hazard else found).reshape(-1, 1)


@dataclass(frozen=True)
class Exported:
    """A file that was written, and the table's vectors and answers."""

    file: pathlib.Path
    rows: np.ndarray
    expected: np.ndarray
    said: str


def answers(model: Any, last: Any, given: Any, table: Any, options: argparse.Namespace) -> np.ndarray:
    """What the file has to say of each row."""
    if options.expected is not None:
        return table[options.expected].to_numpy(dtype=np.float64).reshape(-1, 1)
    try:
        return predict(model, last, given, options)
    except Exception as error:
        raise ExportError(
            f"{options.model}: the library cannot use the model ({type(error).__name__}: {error})",
            f"{VERSIONS}, or pass with --expected a column of what it predicts there",
        ) from error


def read_table(options: argparse.Namespace) -> Any:
    import pandas

    try:
        table = pandas.read_csv(options.table)
    except ValueError as error:
        raise ExportError(f"{options.table}: is no table ({error})", "pass a CSV file with a line of names") from error
    if options.expected is not None and options.expected not in table.columns:
        raise ExportError(f"the table has no column {options.expected!r}", "pass another with --expected")
    return table


def columns_and_last(model: Any, names: list[str], table: Any) -> tuple[list[Column], Any]:
    """What a pipeline's last step gets, and that step; the pipeline itself where encoders cannot stand for it."""
    try:
        columns, last = split(model, names)
        if kind_of(last) != "cox" and any(column.scaling() != (0.0, 1.0) for column in columns):
            raise Unknown("scaler behind a one-hot encoder")
    except Unknown as step:
        columns, last = [Column(name) for name in names], model
        if kind_of(model.steps[-1][1]) != "onnx":
            raise ExportError(f"the pipeline has a {step}", "docs/tabular.md lists the steps that are read") from step
    for column in columns:
        if column.category is None and table[column.of].dtype.kind not in "biuf":
            raise ExportError(f"the column {column.of} holds texts", "encode it before the model, with a OneHotEncoder")
    return columns, last


def write(folder: pathlib.Path, last: Any, columns: list[Column], rows: np.ndarray, options: argparse.Namespace):
    """Writes a model; returns its file, what that says of the rows, and its part of the recipe."""
    labels = [column.of if column.category is None else f"{column.of}_{column.category}" for column in columns]
    name, kind = options.name or options.model.stem, kind_of(last)
    if kind == "cox":
        file = folder / f"{name}.cox.json"
        numbers = survival.cox_numbers(last, options.alpha, options.hazard)
        write_json(file, survival.cox_file(numbers, labels, [column.scaling() for column in columns]))
        return file, survival.predict_cox(file, rows), {"head": {"kind": "cox", "files": [file.name]}}
    if kind == "trees":
        file = folder / f"{name}.trees"
        header = survival.write_trees(file, last, labels, takes_missing(last))
        head = {"kind": "survival-trees", "files": [file.name]}
        later = {"higherIs": "later"} if header["link"] == "exp" else {}
        return file, survival.predict_trees(file, rows), {"head": {**head, **later}}
    file = folder / f"{name}.onnx"
    file.write_bytes(tabular_onnx.convert(last, len(columns)).SerializeToString(deterministic=True))
    found = tabular_onnx.run(file, rows)
    return file, found, tabular_onnx.recipe_part(last, file.name, found.shape[1])


def export(options: argparse.Namespace, folder: pathlib.Path) -> Exported:
    """Writes everything into a folder."""
    table = read_table(options)
    model, notes = read_model(options.model)
    names = columns_of(model, table, options.columns)
    columns, last = columns_and_last(model, names, table)
    given = table[names]
    if not takes_missing(last):
        medians = medians_of(columns, table)
        columns = [replace(c, missing=medians[c.of]) if c.of in medians else c for c in columns]
        given = given.fillna(medians)
        if medians:
            notes.append(f"a missing value becomes the table's median: {', '.join(medians)}")
    expected = answers(model, last, given, table, options)
    rows = encode(columns, table)
    file, found, part = write(folder, last, columns, rows, options)
    found = found.reshape(len(rows), -1)
    report = compare(found if options.expected is None else found[:, -1:], expected)
    report.update(rows=len(table), missing=int(table[names].isna().any(axis=1).sum()), notes=notes)
    name = options.name or options.model.stem
    write_reports(folder, name, type(last).__name__, report)
    write_json(folder / f"{name}.recipe.json", {"features": encoders_of(columns), **part})
    said = (
        f"{file.name}: {type(last).__name__} of {len(columns)} numbers, {file.stat().st_size} bytes; "
        f"differs by {report['maxDifference']:.1e} over {len(table)} rows"
    )
    unknown = [name for name in dict.fromkeys(column.of for column in columns) if name not in FIELDS]
    if unknown:
        said += (
            f"\nno field of the clinical record, rename `of` in {name}.recipe.json (docs/tabular.md): "
            f"{', '.join(unknown)}"
        )
    return Exported(file, rows, expected, said)


def compare(found: np.ndarray, expected: np.ndarray) -> dict[str, Any]:
    """The largest difference; raises ExportError where it is more than rounding explains."""
    if found.shape != expected.shape or not np.isfinite(expected).all():
        raise ExportError(
            f"the file gives {found.shape} numbers, the library {expected.shape}, "
            f"{(~np.isfinite(expected)).sum()} of them not finite",
            "look at the table: one row for each patient, numbers as in training",
        )
    difference = np.abs(found - expected)
    limit = TOLERANCE * max(1.0, float(np.abs(expected).max()))
    if not difference.max() <= limit:
        apart = int((difference.max(axis=1) > limit).sum())
        raise ExportError(
            f"the file disagrees with the library in {apart} of {len(found)} rows, by up to "
            f"{difference.max():.2e} (limit {limit:.0e})",
            "docs/tabular.md says where that comes from; nothing was written",
        )
    equal = (found.astype(np.float32) == expected.astype(np.float32)).all(axis=1)
    return {"maxDifference": float(difference.max()), "limit": limit, "equalInFloat32": int(equal.sum())}


def versions_of(*packages: str) -> dict[str, str]:
    """Of those that are installed."""
    found = {}
    for package in packages:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def write_reports(folder: pathlib.Path, name: str, kind: str, report: dict[str, Any]) -> None:
    versions = versions_of("scikit-learn", "scikit-survival", "lifelines", "xgboost", "xgboost-cpu", "lightgbm",
                           "catboost", "skl2onnx", "onnxmltools", "onnxruntime", "numpy")  # fmt: skip
    write_json(folder / f"{name}.parity.json", {"model": kind, **report, "versions": versions})
    lines = [
        f"# Parity report: {name}",
        "",
        f"- model: {kind}",
        f"- rows: {report['rows']}, {report['missing']} with missing values",
        f"- largest difference: {report['maxDifference']:.2e} (limit {report['limit']:.0e})",
        f"- equal in float32: {report['equalInFloat32']} rows",
        *(f"- {note}" for note in report["notes"]),
        f"- versions: {', '.join(f'{package} {number}' for package, number in versions.items())}",
    ]
    (folder / f"{name}.parity.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    options = parse_arguments(arguments)
    try:
        assert_file(options.table, "pass a CSV file of patients")
        options.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=options.out, prefix=".export-") as temporary:
            print(export(options, pathlib.Path(temporary)).said)
            for file in sorted(pathlib.Path(temporary).iterdir()):
                file.chmod(0o644)
                shutil.move(file, options.out / file.name)
    except ExportError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename or options.out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
