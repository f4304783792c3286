"""Fit the stages of hecktor26 on the rows of measure.ts; writes the models and their recipe.

T and N stage: multinomial logistic regression of scikit-learn on standardised features. Risk: a penalised
Cox model of lifelines on its own features and the probabilities of both stages, which are those of
folds that have not seen the patient. The regressions become one ONNX node each, as a linear model is a
matrix; the Cox model plain numbers.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from lifelines import CoxPHFitter
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

HERE = Path(__file__).parent
CLASSES = {"t": ["T1", "T2", "T3", "T4"], "n": ["N0", "N1", "N2", "N3"]}
SEED = 26


def standardised(table: pd.DataFrame, names: list[str]):
    """The matrix of some features, and their encoders: missing values are the mean of training."""
    encoders, columns = [], []
    for name in names:
        mean, scale = float(table[name].mean()), float(table[name].std(ddof=0)) or 1.0
        encoders.append({"encode": "number", "of": name, "missing": mean, "mean": mean, "scale": scale})
        columns.append((table[name].fillna(mean) - mean) / scale)
    return np.stack(columns, 1).astype(np.float32), encoders


def write_linear(file: Path, weights: np.ndarray, bias: np.ndarray, output: str) -> None:
    """features (1, F) to `output` (1, classes)."""
    matrix = numpy_helper.from_array(weights.astype(np.float32), "weights")
    offset = numpy_helper.from_array(bias.astype(np.float32), "bias")
    value = lambda name, width: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, width])
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["features", "weights", "bias"], [output], transB=1)],
        file.stem,
        [value("features", weights.shape[1])],
        [value(output, weights.shape[0])],
        [matrix, offset],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, file)


def write_json(file: Path, content: dict) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    table = pd.concat([pd.read_csv(path) for path in options.rows], ignore_index=True)
    wanted = json.loads((HERE / "features.json").read_text())
    stages, answers = [], {}
    for name, classes in CLASSES.items():
        x, encoders = standardised(table, wanted[name])
        y = table[name].map(classes.index).to_numpy()
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=5000)
        folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
        answers[name] = cross_val_predict(model, x, y, cv=folds, method="predict_proba")
        found = answers[name].argmax(1)
        recalls = [float((found[y == k] == k).mean()) for k in range(len(classes))]
        print(f"{name}: balanced accuracy of the folds {np.mean(recalls):.3f}, {np.round(recalls, 2)}")
        model.fit(x, y)
        write_linear(options.out / f"{name}-stage.onnx", model.coef_, model.intercept_, "logits")
        stages.append(
            {
                "name": name,
                "features": encoders,
                "models": [
                    {
                        "file": f"{name}-stage.onnx",
                        "inputs": {"features": "features"},
                        "output": "logits",
                    }
                ],
                "head": {"kind": "class", "classes": classes, "decide": "argmax"},
            }
        )
    # One class of each stage follows from the others.
    for name, classes in CLASSES.items():
        for k, one in enumerate(classes[1:], 1):
            table[f"stage.{name}.{one}"] = answers[name][:, k]
    names = wanted["rfs"] + [f"stage.{name}.{one}" for name, all_ in CLASSES.items() for one in all_[1:]]
    x, encoders = standardised(table, names)
    frame = pd.DataFrame(x, columns=names).assign(days=table["days"], relapse=table["relapse"])
    cox = CoxPHFitter(penalizer=0.05).fit(frame, "days", "relapse")
    print(f"rfs: C-index on the training patients {cox.concordance_index_:.3f}")
    terms = [{"name": name, "coefficient": float(cox.params_[name])} for name in names]
    write_json(options.out / "cox.json", {"version": 1, "kind": "cox", "features": terms})
    head = {"kind": "cox", "files": ["cox.json"], "higherIs": "earlier"}
    stages.append({"name": "rfs", "features": encoders, "head": head})
    recipe = {
        "$schema": "../../../docs/schema/pipeline.schema.json",
        "version": 1,
        "kind": "prediction",
        "name": "demo",
        "description": "mask, then T and N stage by logistic regression, then a Cox model of all of it",
        "segmentation": {"recipe": "segmentation/pipeline.json"},
        "radiomics": wanted["radiomics"],
        "stages": stages,
        "outputs": {
            "head-neck-tumor-segmentation": "segmentation",
            "t-stage": "t",
            "n-stage": "n",
            "rfs": "rfs",
        },
    }
    write_json(options.out / "pipeline.json", recipe)


if __name__ == "__main__":
    main()
