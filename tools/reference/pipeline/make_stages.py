"""Makes the fitted models and answers that the tests of prediction stages and of the head `fusion` compare with.

    python tools/reference/pipeline/make_stages.py

scikit-survival fits and predicts the Cox model and the forest, scikit-learn the logistic regressions,
NumPy ranks, scales and averages. The deep stage is the recipe `icare` of make_predictions.py.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sksurv.ensemble import RandomSurvivalForest
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.util import Surv

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools/export"))

from json_file import write_json  # noqa: E402
from tabular_survival import cox_file, cox_numbers, write_trees  # noqa: E402

GOLDEN = ROOT / "libs/pipeline/golden"
OUT = GOLDEN / "stages"
# What libs/features measures in the case of make_predictions.py; None: there is no such lesion.
VALUES = {
    "Age": 71.0,
    "mask.GTVp.volume": 32.9,
    "mask.GTVp.SUVmax": 10.174551207069998,
    "mask.GTVn.SUVmax": None,
    "radiomics.pet.GTVp.original_glcm_JointEnergy": 0.1322160170973744,
    "radiomics.pet.GTVp.original_shape_Maximum3DDiameter": 47.24404724407086,
}
MISSING = {"mask.GTVn.SUVmax": -1.0}
CLASSES = ["T1", "T2", "T3"]
PATIENTS = 150


def entry(name: str, mean: float = 0.0, scale: float = 1.0) -> dict:
    return {"encode": "number", "of": name, "missing": MISSING.get(name, 0.0), "mean": mean, "scale": scale}


def linear_classifier(model: LogisticRegression, width: int) -> onnx.ModelProto:
    """A logistic regression as the operator that scikit-learn's exporters use."""
    coefficients, intercepts = model.coef_, model.intercept_
    if len(intercepts) == 1:  # of two classes scikit-learn keeps the second one's alone
        coefficients, intercepts = np.vstack([-coefficients, coefficients]), np.hstack([-intercepts, intercepts])
        post = "LOGISTIC"
    else:
        post = "SOFTMAX"
    node = helper.make_node(
        "LinearClassifier", ["features"], ["label", "probabilities"], domain="ai.onnx.ml",
        coefficients=coefficients.ravel().tolist(), intercepts=intercepts.tolist(),
        classlabels_ints=list(range(len(intercepts))), post_transform=post, multi_class=1,
    )  # fmt: skip
    graph = helper.make_graph(
        [node],
        "logistic",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", width])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["n"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", len(intercepts)]),
        ],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="tests")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    rng = np.random.default_rng(14)
    names = list(VALUES)
    patient = np.array([MISSING.get(name, value) if value is None else value for name, value in VALUES.items()])
    spread = np.maximum(np.abs(patient), 1) * 0.4
    table = patient + spread * rng.standard_normal((PATIENTS, len(names)))
    hazard = ((table - patient) / spread) @ np.array([0.3, 0.5, 0.2, 0.1, -0.4, 0.3])
    time = rng.exponential(np.exp(-hazard) * 900) + 1
    event = rng.random(PATIENTS) < 0.6
    mean, scale = table.mean(0), table.std(0)

    cox = CoxPHSurvivalAnalysis(alpha=0.5).fit((table - mean) / scale, Surv.from_arrays(event, time))
    forest = RandomSurvivalForest(n_estimators=20, max_depth=4, min_samples_leaf=8, random_state=3)
    forest.fit(table.astype(np.float32), Surv.from_arrays(event, time))
    stages = np.digitize(hazard + 0.5 * rng.standard_normal(PATIENTS), [-0.4, 0.4])
    classifier = LogisticRegression(C=0.5).fit((table - mean) / scale, stages)

    deep = json.loads((GOLDEN / "prediction/expected.json").read_text())["cases"][0]["icare"]["median"]
    row = ((patient - mean) / scale)[None]
    answers = {
        "deep": deep,
        "cox": float(cox.predict(row)[0]),
        "forest": float(forest.predict(patient.astype(np.float32)[None])[0]),
        "t": dict(zip(CLASSES, classifier.predict_proba(row.astype(np.float32))[0].tolist())),
    }
    # Out-of-fold answers of training, as they could be.
    tables = {name: np.sort(answers[name] + np.abs(answers[name]) * rng.standard_normal(60)) for name in ("cox", "forest")}
    deep_scale = {"mean": float(deep - 0.7), "scale": 1.3}

    stacked = np.stack([
        deep + rng.standard_normal(PATIENTS), cox.predict((table - mean) / scale),
        forest.predict(table.astype(np.float32)), classifier.predict_proba((table - mean) / scale)[:, 2],
    ], axis=1)  # fmt: skip
    centre, width = stacked.mean(0), stacked.std(0)
    stack = LogisticRegression().fit((stacked - centre) / width, event)
    numbers = np.array([answers["deep"], answers["cox"], answers["forest"], answers["t"]["T3"]])
    answers["stack"] = float(stack.predict_proba(((numbers - centre) / width)[None])[0, 1])

    inputs = [
        {"of": "deep", "scale": {"by": "z-score", **deep_scale}, "weight": 0.5},
        {"of": "cox", "scale": {"by": "quantiles", "table": tables["cox"].tolist(), "side": "left"}, "weight": 1.5},
        {"of": "forest", "scale": {"by": "quantiles", "table": tables["forest"].tolist(), "side": "right"}, "weight": 2},
        {"of": "stack", "weight": 1},
    ]
    scaled = [
        (deep - deep_scale["mean"]) / deep_scale["scale"],
        np.searchsorted(tables["cox"], answers["cox"], "left") / 60,
        np.searchsorted(tables["forest"], answers["forest"], "right") / 60,
        answers["stack"],
    ]
    answers["fused"] = float(np.average(scaled, weights=[one["weight"] for one in inputs]))

    OUT.mkdir(parents=True, exist_ok=True)
    write_json(OUT / "cox.json", cox_file(cox_numbers(cox, None, False), names, [(0.0, 1.0)] * len(names)))
    write_trees(OUT / "forest.trees", forest, names, False)
    onnx.save(linear_classifier(classifier, len(names)), OUT / "t.onnx")
    onnx.save(linear_classifier(stack, 4), OUT / "stack.onnx")
    standard = [entry(name, float(m), float(s)) for name, m, s in zip(names, mean, scale)]
    features_only = {"inputs": {"features": "features"}, "output": "probabilities"}
    recipe = {
        "stages": [
            {"name": "cox", "features": standard, "head": {"kind": "cox", "files": ["cox.json"]}},
            {"name": "forest", "features": [entry(name) for name in names],
             "head": {"kind": "survival-trees", "files": ["forest.trees"]}},
            {"name": "t", "features": standard, "models": [{"file": "t.onnx", **features_only}],
             "head": {"kind": "class", "classes": CLASSES, "gives": "probabilities", "decide": "argmax"}},
            {"name": "stack", "models": [{"file": "stack.onnx", **features_only}],
             "features": [entry(f"stage.{of}", float(m), float(s))
                          for of, m, s in zip(["deep", "cox", "forest", "t.T3"], centre, width)],
             "head": {"kind": "risk", "higherIs": "earlier", "column": 1}},
            {"name": "fused", "head": {"kind": "fusion", "inputs": inputs}},
        ],
        "radiomics": {"pet": {"image": "pet", "params": {"setting": {"binWidth": 0.5},
                                                         "featureClass": {"shape": [], "glcm": []}}}},
    }  # fmt: skip
    fusion = ranks(rng)
    packages = ("numpy", "scipy", "scikit-learn", "scikit-survival", "onnx")
    write_json(OUT / "expected.json", {
        "values": VALUES, "recipe": recipe, "answers": answers, "fusion": fusion,
        "versions": {name: version(name) for name in packages},
    })  # fmt: skip


def ranks(rng: np.random.Generator) -> dict:
    """Ranks, z-scores and softmax weights by themselves, ties and ends included."""
    table = np.sort(rng.integers(-5, 6, 40) / 2).tolist()
    values = [-9.0, table[0], -0.25, 0.0, 0.5, 1.0, table[-1], 9.0]
    weights = [0.62, 0.71, -0.4]
    numbers = [0.3, -1.2, 2.5]
    classes = rng.dirichlet([1, 2, 3, 1], 2)
    return {
        "table": table,
        "values": values,
        "left": (np.searchsorted(table, values, "left") / len(table)).tolist(),
        "right": (np.searchsorted(table, values, "right") / len(table)).tolist(),
        "weights": weights,
        "numbers": numbers,
        "softmaxMean": float(softmax(weights) @ numbers),
        "classes": classes.tolist(),
        "classMean": np.average(classes, axis=0, weights=[0.4, 0.6]).tolist(),
    }


if __name__ == "__main__":
    main()
