"""Cox models as plain numbers, survival trees as a compact file, and what both predict."""

from __future__ import annotations

import json
import pathlib
import struct
from typing import Any

import numpy as np

from errors import ExportError
from inert import Record, as_array

MAGIC = b"HKTREES1"
LEAF = 0xFFFF
MISSING_LEFT = 0x8000
COX = ("CoxPHSurvivalAnalysis", "CoxnetSurvivalAnalysis", "ComponentwiseGradientBoostingSurvivalAnalysis")
FORESTS = ("RandomSurvivalForest", "ExtraSurvivalTrees")
BOOSTED = "GradientBoostingSurvivalAnalysis"


def lifelines_model(path: pathlib.Path, record: Record) -> Any:
    """A CoxPHFitter built anew from the numbers of a saved one."""
    import pandas as pd
    from lifelines.fitters.coxph_fitter import SemiParametricPHFitter
    from lifelines.utils import CovariateParameterMappings

    inner = record.get("_model") if record.qualified.endswith(".CoxPHFitter") else record
    mappings = inner.get("regressors").get("mappings") if isinstance(inner, Record) else None
    names = mappings.get("beta_") if isinstance(mappings, dict) else None
    if not isinstance(names, list) or not inner.qualified.endswith(".SemiParametricPHFitter"):
        raise ExportError(
            f"{path}: is no Cox model on plain columns with a Breslow baseline",
            "fit it without formula, or with columns that are worked out before, and the default baseline",
        )
    fitter, index = SemiParametricPHFitter(), pd.Index([str(name) for name in names])
    for name in ("params_", "_norm_mean"):
        values = as_array(inner.get(name)).astype(np.float64).reshape(-1)
        setattr(fitter, name, pd.Series(values, index=index))
    fitter.regressors = CovariateParameterMappings({"beta_": list(index)}, pd.DataFrame(columns=index))
    return fitter


def cox_numbers(model: Any, alpha: float | None, hazard: bool) -> dict[str, Any]:
    """Coefficient and mean of each column, and the offset."""
    kind, offset = type(model).__name__, 0.0
    if kind == "SemiParametricPHFitter":
        coefficients, means = model.params_.to_numpy(), model._norm_mean.to_numpy()
    elif kind == "CoxnetSurvivalAnalysis":
        coefficients, subtracted = model._get_coef(alpha)
        means, offset = np.zeros(len(coefficients)), -float(subtracted)
    elif kind == "CoxPHSurvivalAnalysis":
        coefficients, means = model.coef_, np.zeros(len(model.coef_))
    else:
        if not model._predict_risk_score:
            raise ExportError("the loss of the model gives times, not hazards", "fit it with loss='coxph'")
        offset, coefficients = float(model.coef_[0]), np.asarray(model.coef_)[1:]
        means = np.zeros(len(coefficients))
    return {
        "coefficients": [float(v) for v in coefficients],
        "means": [float(v) for v in means],
        "offset": offset,
        "output": "hazard" if hazard else "log-hazard",
    }


def cox_file(numbers: dict[str, Any], names: list[str], scalings: list[tuple[float, float]]) -> dict[str, Any]:
    """The file of the head `cox`; scalings are those that the recipe's encoders cannot state."""
    features = [
        {"name": name, "coefficient": slope, "mean": mean + scale * centre, "scale": scale}
        for name, slope, centre, (mean, scale) in zip(names, numbers["coefficients"], numbers["means"], scalings)
    ]
    return {"version": 1, "kind": "cox", "features": features, "offset": numbers["offset"], "output": numbers["output"]}


def predict_cox(path: pathlib.Path, rows: np.ndarray) -> np.ndarray:
    """What a written file says of each row."""
    file = json.loads(path.read_text())
    terms = file["features"]
    coefficients, means, scales = (np.array([term[key] for term in terms]) for key in ("coefficient", "mean", "scale"))
    risk = ((rows.astype(np.float64) - means) / scales) @ coefficients + file["offset"]
    return np.exp(risk) if file["output"] == "hazard" else risk


def trees_of(model: Any) -> tuple[list[tuple[Any, np.ndarray]], dict[str, Any]]:
    """Each tree with the number of each of its nodes, and how the leaves become the answer."""
    if type(model).__name__ in FORESTS:
        trees = [(one.tree_, _cumulative_hazards(one)) for one in model.estimators_]
        return trees, {"base": 0.0, "divisor": float(len(trees)), "link": "identity"}
    scales = getattr(model, "_scale", np.ones(len(model.estimators_)))
    trees = [
        (one.tree_, model.learning_rate * scale * one.tree_.value[:, 0, 0])
        for one, scale in zip(model.estimators_[:, 0], scales)
    ]
    base = float(model._raw_predict_init(np.zeros((1, model.n_features_in_), dtype=np.float32))[0, 0])
    link = "identity" if model._predict_risk_score else "exp"
    return trees, {"base": base, "divisor": 1.0, "link": link}


def _cumulative_hazards(one: Any) -> np.ndarray:
    """What a survival tree's predict gives at each node: the cumulative hazard summed over the event times."""
    hazards = one.tree_.value[..., 0]
    return hazards[:, 0] if one.low_memory else hazards[:, one.is_event_time_].sum(1)


def write_trees(path: pathlib.Path, model: Any, names: list[str], missing: bool) -> dict[str, Any]:
    """Writes the file of the head `survival-trees` (format: docs/tabular.md) and returns its header."""
    trees, how = trees_of(model)
    if len(names) >= MISSING_LEFT:
        raise ExportError(f"the model takes {len(names)} features", "a survival tree may have 32766")
    values, right, split, roots = [], [], [], []
    for tree, numbers in trees:
        start = sum(len(part) for part in values)
        order, place = _preorder(tree)
        inner = tree.children_left[order] != -1
        roots.append(start)
        values.append(np.where(inner, tree.threshold[order], numbers[order]))
        right.append(np.where(inner, start + place[tree.children_right[order]], 0))
        to_left = np.where(tree.missing_go_to_left[order] != 0, MISSING_LEFT, 0)
        split.append(np.where(inner, tree.feature[order] + to_left, LEAF))
    nodes = np.concatenate(values)
    header = {"version": 1, "kind": "trees", "features": names, "missing": missing,
              "trees": len(trees), "nodes": len(nodes), **how}  # fmt: skip
    text = json.dumps(header, allow_nan=False).encode()
    parts = ((nodes, "<f8"), (np.array(roots), "<u4"), (np.concatenate(right), "<u4"), (np.concatenate(split), "<u2"))
    path.write_bytes(
        MAGIC + struct.pack("<I", len(text)) + text + b"".join(part.astype(kind).tobytes() for part, kind in parts)
    )
    return header


def _preorder(tree: Any) -> tuple[np.ndarray, np.ndarray]:
    """Nodes with each left child behind its parent, and the place of each node in that order."""
    order, stack = [], [0]
    while stack:
        node = stack.pop()
        order.append(node)
        if tree.children_left[node] != -1:
            stack += [tree.children_right[node], tree.children_left[node]]
    place = np.empty(tree.node_count, dtype=np.int64)
    place[order] = np.arange(len(order))
    return np.array(order), place


def predict_trees(path: pathlib.Path, rows: np.ndarray) -> np.ndarray:
    """What a written file says of each row."""
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<I", raw, len(MAGIC))
    at = len(MAGIC) + 4 + length
    header = json.loads(raw[len(MAGIC) + 4 : at])
    arrays = []
    for kind, count in (("<f8", "nodes"), ("<u4", "trees"), ("<u4", "nodes"), ("<u2", "nodes")):
        arrays.append(np.frombuffer(raw, kind, header[count], at))
        at += arrays[-1].nbytes
    values, roots, right, split = arrays
    rows = rows.astype(np.float32)
    total, every = np.full(len(rows), header["base"]), np.arange(len(rows))
    for root in roots:
        node = np.full(len(rows), root, dtype=np.int64)
        while (inner := split[node] != LEAF).any():
            given = rows[every, np.where(inner, split[node] & (MISSING_LEFT - 1), 0)]
            left = np.where(np.isnan(given), split[node] >= MISSING_LEFT, given <= values[node])
            node = np.where(inner, np.where(left, node + 1, right[node]), node)
        total += values[node]
    total = total / header["divisor"]
    return np.exp(total) if header["link"] == "exp" else total
