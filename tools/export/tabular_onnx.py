"""Classifiers and regressors as ONNX files of one float32 input `features` and one float32 output."""

from __future__ import annotations

import contextlib
import json
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
import onnx
from onnx import TensorProto, helper

from errors import ExportError

# What the container's ONNX Runtime knows for certain.
OPSETS = {"": 18, "ai.onnx.ml": 3}
BOOSTED_OPSET = 15  # the latest that onnxmltools knows
INPUT = "features"


def is_classifier(model: Any) -> bool:
    if type(model).__name__ == "CatBoost":  # as it comes out of a .cbm file
        return len(model.classes_) > 0
    kind = objective(model)
    return kind.startswith(("binary", "multi")) if kind else hasattr(model, "predict_proba")


def output_of(model: Any) -> str:
    return "probabilities" if is_classifier(model) else "value"


def objective(model: Any) -> str:
    """What a booster without a scikit-learn wrapper was trained for."""
    if type(model).__name__ != "Booster":
        return ""
    if type(model).__module__.startswith("lightgbm"):
        return str(model.dump_model(num_iteration=1)["objective"])
    return str(json.loads(model.save_config())["learner"]["objective"]["name"])


def predict(model: Any, rows: Any) -> np.ndarray:
    """What the Python library says, (rows, classes) or (rows, 1)."""
    if type(model).__name__ == "CatBoost":
        found = model.predict(rows, prediction_type="Probability" if is_classifier(model) else "RawFormulaVal")
    elif type(model).__name__ != "Booster":
        found = model.predict_proba(rows) if is_classifier(model) else model.predict(rows)
    elif type(model).__module__.startswith("xgboost"):
        import xgboost

        found = model.predict(xgboost.DMatrix(np.asarray(rows), feature_names=model.feature_names))
    else:
        found = model.predict(rows)
    found = np.asarray(found, dtype=np.float64)
    if is_classifier(model) and found.ndim == 1:
        found = np.stack([1 - found, found], axis=1)
    return found.reshape(len(rows), -1)


def convert(model: Any, features: int) -> onnx.ModelProto:
    """The model as ONNX; output `probabilities` (N, classes) or `value` (N, 1).

    scikit-learn computes in float64, so that is tried first; not every operator has it.
    """
    reasons = []
    for double in (True, False):
        try:
            found = _with_float_ends(_convert(model, features, double), output_of(model))
            session(found.SerializeToString())
            return found
        except Exception as error:
            reasons.append(f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")
    raise ExportError(
        f"{type(model).__name__} cannot be written as ONNX: {reasons[-1]}",
        "docs/tabular.md lists the models that can",
    )


def _convert(model: Any, features: int, double: bool) -> onnx.ModelProto:
    package = type(model).__module__.split(".")[0]
    if package == "catboost":
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.onnx"
            model.save_model(str(path), format="onnx")
            return onnx.load(path)
    if package == "sklearn":
        from skl2onnx import convert_sklearn
        from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

        _register()
        if hasattr(model, "flatten_transform"):
            model.flatten_transform = False  # of VotingClassifier; of no use to a prediction
        types = [(INPUT, (DoubleTensorType if double else FloatTensorType)([None, features]))]
        options = {"zipmap": False} if is_classifier(model) else None
        with _missing_values(), np.errstate(over="ignore"):  # splits of the missing alone
            return convert_sklearn(model, initial_types=types, options=options, target_opset=OPSETS)
    import onnxmltools
    from onnxmltools.convert.common.data_types import FloatTensorType

    types = [(INPUT, FloatTensorType([None, features]))]
    if package == "lightgbm":
        return onnxmltools.convert_lightgbm(model, initial_types=types, target_opset=BOOSTED_OPSET, zipmap=False)
    booster = model if type(model).__name__ == "Booster" else model.get_booster()
    booster.feature_names = None  # the converter takes f0, f1, ... alone
    if objective(booster) == "survival:cox":
        # The converter does not know it; its answer, too, is e to the power of the sum.
        booster.set_param({"objective": "count:poisson"})
        model = booster
    return onnxmltools.convert_xgboost(model, initial_types=types, target_opset=BOOSTED_OPSET)


@contextlib.contextmanager
def _missing_values() -> Iterator[None]:
    """skl2onnx forgets where the trees of forests send a missing value; and those of others it writes as
    truth values, which ONNX refuses."""
    from skl2onnx.operator_converters import gradient_boosting, random_forest

    def mended(add: Callable) -> Callable:
        def added(pairs: dict, is_classifier: bool, tree: Any, *rest: Any, **named: Any) -> None:
            flags = pairs["nodes_missing_value_tracks_true"]
            start = len(flags)
            add(pairs, is_classifier, tree, *rest, **named)
            flags[start:] = [int(flag) for flag in getattr(tree, "missing_go_to_left", flags[start:])]

        return added

    with contextlib.ExitStack() as stack:
        for module in (gradient_boosting, random_forest):
            for name in ("add_tree_to_attribute_pairs", "add_tree_to_attribute_pairs_hist_gradient_boosting"):
                if hasattr(module, name):
                    stack.enter_context(mock.patch.object(module, name, mended(getattr(module, name))))
        yield


def _register() -> None:
    """XGBoost and LightGBM inside of scikit-learn's pipelines and stacks."""
    from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
    from skl2onnx import update_registered_converter
    from skl2onnx.common.shape_calculator import (
        calculate_linear_classifier_output_shapes,
        calculate_linear_regressor_output_shapes,
    )

    options = {"zipmap": [True, False, "columns"], "nocl": [True, False], "output_class_labels": [False, True]}
    for package, name, converter in (
        ("xgboost", "XGB", _without_names), ("lightgbm", "LGBM", convert_lightgbm),
    ):  # fmt: skip
        try:
            library = __import__(package)
        except ImportError:
            continue
        for suffix, shape, more in (
            ("Classifier", calculate_linear_classifier_output_shapes, options),
            ("Regressor", calculate_linear_regressor_output_shapes, {}),
        ):
            kind = getattr(library, name + suffix)
            update_registered_converter(kind, f"{name}{suffix}", shape, converter, options=more)


def _without_names(scope: Any, operator: Any, container: Any) -> None:
    from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost

    operator.raw_operator.get_booster().feature_names = None
    convert_xgboost(scope, operator, container)


def _with_float_ends(model: onnx.ModelProto, output: str) -> onnx.ModelProto:
    """Input `features` and the one output are float32, whatever lies between."""
    graph = model.graph
    given = graph.input[0]
    kind, inner = given.type.tensor_type.elem_type, "features_inside"
    for node in graph.node:
        node.input[:] = [inner if name == given.name else name for name in node.input]
    width = given.type.tensor_type.shape.dim[1].dim_value
    made = [info for info in graph.output if info.name not in ("label", "output_label")]
    (last,) = made if len(made) == 1 else made[-1:]
    zipped = [node for node in graph.node if node.op_type == "ZipMap"]
    source = zipped[0].input[0] if zipped else last.name
    for node in zipped:
        graph.node.remove(node)
    if output in {name for node in graph.node for name in node.output}:
        source = _renamed(graph, source)
    first = helper.make_node("Cast", [INPUT], [inner], to=kind)
    final = helper.make_node("Cast", [source], [output], to=TensorProto.FLOAT)
    nodes = [first, *graph.node, final]
    ends = (
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", width])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", None])],
    )
    made_graph = helper.make_graph(nodes, "tabular", *ends, initializer=list(graph.initializer))
    versions = {**OPSETS, **{item.domain: item.version for item in model.opset_import}}
    opsets = [helper.make_opsetid(domain, number) for domain, number in versions.items()]
    found = helper.make_model(made_graph, opset_imports=opsets, ir_version=8, producer_name="hecktor")
    onnx.checker.check_model(found)
    return found


def _renamed(graph: onnx.GraphProto, name: str) -> str:
    inner = f"{name}_inside"
    for node in graph.node:
        node.input[:] = [inner if one == name else one for one in node.input]
        node.output[:] = [inner if one == name else one for one in node.output]
    return inner


def recipe_part(model: Any, file: str, width: int) -> dict[str, Any]:
    """`models` and `head` of a recipe for a file that was written."""
    output = output_of(model)
    models = [{"file": file, "inputs": {"features": INPUT}, "output": output}]
    if output == "value":
        return {"models": models, "head": {"kind": "risk", "higherIs": "earlier"}}
    classes = {"positive": 1} if width == 2 else {"classes": [str(name) for name in getattr(model, "classes_", range(width))]}
    return {"models": models, "head": {"kind": "class", "gives": "probabilities", **classes, "decide": "argmax"}}


def session(model: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(path: pathlib.Path, rows: np.ndarray) -> np.ndarray:
    """What ONNX Runtime makes of each row."""
    (found,) = session(path.read_bytes()).run(None, {INPUT: rows.astype(np.float32)})
    return found.reshape(len(rows), -1)
