"""Writes the tiny networks that the tests of libs/pipeline run: a few operators each.

    python tools/reference/pipeline/make_models.py

Every network takes (N, 2, a, b, c) float32, CT then PET, and gives (N, classes, a, b, c) logits.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OUT = Path(__file__).resolve().parents[3] / "libs/pipeline/golden/models"
# PET values, after z-scoring, above which a voxel is called a lesion.
THRESHOLD = 6.0


def convolution(weights: np.ndarray, bias: np.ndarray) -> list[onnx.TensorProto]:
    """Initialisers of a 1x1x1 convolution that mixes channels only."""
    return [
        numpy_helper.from_array(weights.astype(np.float32)[:, :, None, None, None], "weights"),
        numpy_helper.from_array(bias.astype(np.float32), "bias"),
    ]


def save(name: str, nodes: list[onnx.NodeProto], initialisers: list[onnx.TensorProto], classes: int) -> None:
    """Checks a network and writes it with free batch and window sizes."""
    def value(label: str, channels: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(label, TensorProto.FLOAT, ["n", channels, "a", "b", "c"])

    graph = helper.make_graph(nodes, name, [value("input", 2)], [value("logits", classes)], initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="tests")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    OUT.mkdir(parents=True, exist_ok=True)
    onnx.save(model, OUT / f"{name}.onnx")


def main() -> None:
    """Writes all networks and the versions they were made with."""
    convolve = helper.make_node("Conv", ["input", "weights", "bias"], ["logits"])
    rows = {
        # Class 1 where PET exceeds the threshold, class 2 never.
        "threshold": ([[0, 0], [0, 1], [0, 0]], [0, -THRESHOLD, -1000]),
        # The same with other logits: the mean with `threshold` is a threshold of twice that height.
        "threshold-high": ([[0, 0], [0, 1], [0, 0]], [0, -3 * THRESHOLD, -1000]),
        "four-classes": ([[0, 0], [0, 1], [0, 0], [0, 0]], [0, -THRESHOLD, -1000, -1000]),
    }
    for name, (weights, bias) in rows.items():
        save(name, [convolve], convolution(np.array(weights), np.array(bias)), len(bias))
    # The logarithm of a negative number.
    save(
        "not-a-number",
        [helper.make_node("Conv", ["input", "weights", "bias"], ["x"]), helper.make_node("Log", ["x"], ["logits"])],
        convolution(np.zeros((3, 2)), np.full(3, -1.0)),
        3,
    )
    facts = {"threshold": THRESHOLD, "versions": {"onnx": onnx.__version__, "numpy": np.__version__}}
    (OUT / "models.json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
