"""What the fits of stages share: features and their encoders, linear models as ONNX, the recipe."""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper, numpy_helper

FEATURES = json.loads((Path(__file__).parent / "features.json").read_text())


def arguments(description: str, cases: bool) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=Path, required=True, help="of measure.ts")
    if cases:
        parser.add_argument("--cases", type=Path, required=True, help="cases.csv of the network alone")
    parser.add_argument("--out", type=Path, required=True, help="the resources folder")
    return parser.parse_args()


def standardised(table: pd.DataFrame, names: list[str]):
    """The matrix of some features, and their encoders: missing values are the mean of training."""
    encoders, columns = [], []
    for name in names:
        mean, scale = float(table[name].mean()), float(table[name].std(ddof=0)) or 1.0
        encoders.append({"encode": "number", "of": name, "missing": mean, "mean": mean, "scale": scale})
        columns.append((table[name].fillna(mean) - mean) / scale)
    return np.stack(columns, 1).astype(np.float32), encoders


def linear_model(file: Path, weights: np.ndarray, bias: np.ndarray) -> dict:
    """Writes features (1, F) to logits (1, classes); gives the recipe's entry."""
    matrix = numpy_helper.from_array(weights.astype(np.float32), "weights")
    offset = numpy_helper.from_array(bias.astype(np.float32), "bias")
    value = lambda name, width: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, width])
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["features", "weights", "bias"], ["logits"], transB=1)],
        file.stem,
        [value("features", weights.shape[1])],
        [value("logits", weights.shape[0])],
        [matrix, offset],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, file)
    return {"file": file.name, "inputs": {"features": "features"}, "output": "logits"}


def write_json(file: Path, content: dict) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n")


def write_cox(file: Path, names: list[str], coefficients) -> dict:
    """Writes a Cox model; gives the recipe's head."""
    terms = [{"name": name, "coefficient": float(value)} for name, value in zip(names, coefficients)]
    write_json(file, {"version": 1, "kind": "cox", "features": terms})
    return {"kind": "cox", "files": [file.name]}


def add_stages(file: Path, later: list[dict]) -> None:
    """Puts stages behind the network of the recipe that the exporter wrote, which becomes `deep`."""
    recipe = json.loads(file.read_text())
    network = {"name": "deep", **{key: recipe.pop(key) for key in ("features", "models", "head")}}
    masks = {"segmentation": {"recipe": "segmentation/pipeline.json"}, "radiomics": FEATURES["radiomics"]}
    write_json(file, recipe | masks | {"stages": [network, *later]})
