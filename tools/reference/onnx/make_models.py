"""Small ONNX models, good and bad, with golden outputs for libs/onnx.

Writes libs/onnx/golden/. Opset 17 and IR version 8, so that every onnxruntime in use reads them.

    python tools/reference/onnx/make_models.py
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "onnx" / "golden"
SHAPE = [1, 2, 3, 4, 5]


def value(name: str, shape: list, kind: int = TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def model(nodes, inputs, outputs, initialisers=()) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "test", inputs, outputs, list(initialisers))
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="hecktor"
    )


def point_convolution(weight_name: str = "weight", batch: int | str = 1) -> onnx.ModelProto:
    weight = np.array([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]], np.float32).reshape(3, 2, 1, 1, 1)
    return model(
        [helper.make_node("Conv", ["input", weight_name, "bias"], ["logits"])],
        [value("input", [batch, *SHAPE[1:]])],
        [value("logits", [batch, 3, *SHAPE[2:]])],
        [numpy_helper.from_array(weight, weight_name),
         numpy_helper.from_array(np.array([0.1, -0.2, 0.3], np.float32), "bias")],
    )


def external(location: str) -> onnx.ModelProto:
    result = point_convolution()
    tensor = result.graph.initializer[0]
    size = len(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in (("location", location), ("offset", "0"), ("length", str(size))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, text
    return result


def external_in_attribute(location: str) -> onnx.ModelProto:
    """The same weights as the attribute of a Constant node inside the branches of an If node."""
    tensor = external(location).graph.initializer[0]
    branches = [
        helper.make_graph(
            [helper.make_node("Constant", [], [name], value=tensor)],
            name, [], [value(name, [3, 2, 1, 1, 1])],
        )
        for name in ("yes", "no")
    ]
    return model(
        [helper.make_node("If", ["flag"], ["weight"], then_branch=branches[0],
                          else_branch=branches[1]),
         helper.make_node("Conv", ["input", "weight"], ["logits"])],
        [value("input", SHAPE)], [value("logits", [1, 3, *SHAPE[2:]])],
        [numpy_helper.from_array(np.array(True), "flag")],
    )


def models() -> dict[str, onnx.ModelProto]:
    identity = helper.make_node("Identity", ["input"], ["output"])
    half = TensorProto.FLOAT16
    zero = numpy_helper.from_array(np.array(0, np.float32), "zero")
    return {
        "identity": model([identity], [value("input", SHAPE)], [value("output", SHAPE)]),
        "conv": point_convolution(),
        "dynamic-batch": point_convolution(batch="batch"),
        "two-outputs": model(
            [helper.make_node("Neg", ["input"], ["negative"]),
             helper.make_node("Abs", ["input"], ["absolute"])],
            [value("input", SHAPE)], [value("negative", SHAPE), value("absolute", SHAPE)],
        ),
        "two-inputs": model(
            [helper.make_node("Add", ["image", "clinical"], ["sum"])],
            [value("image", [1, 4]), value("clinical", [1, 4])], [value("sum", [1, 4])],
        ),
        "float16": model(
            [identity], [value("input", SHAPE, half)], [value("output", SHAPE, half)]
        ),
        "int64-output": model(
            [helper.make_node("Cast", ["input"], ["output"], to=TensorProto.INT64)],
            [value("input", SHAPE)], [value("output", SHAPE, TensorProto.INT64)],
        ),
        "divides-by-zero": model(
            [helper.make_node("Div", ["input", "zero"], ["output"])],
            [value("input", SHAPE)], [value("output", SHAPE)], [zero],
        ),
        "wrong-at-run-time": model(
            [helper.make_node("Reshape", ["input", "shape"], ["output"])],
            [value("input", ["n", 2])], [value("output", [7])],
            [numpy_helper.from_array(np.array([7], np.int64), "shape")],
        ),
        "external": external("external.onnx.data"),
        "external-missing": external("absent.onnx.data"),
        "external-outside": external("../outside.data"),
        "external-absolute": external("/etc/hostname"),
        "external-nested": external_in_attribute("../outside.data"),
    }


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    made = models()
    for name, proto in made.items():
        (GOLDEN / f"{name}.onnx").write_bytes(proto.SerializeToString(deterministic=True))
    weight = point_convolution().graph.initializer[0].raw_data
    (GOLDEN / "external.onnx.data").write_bytes(weight)
    unknown = model(
        [helper.make_node("NoSuchOperator", ["input"], ["output"], domain="elsewhere")],
        [value("input", SHAPE)], [value("output", SHAPE)],
    )
    unknown.opset_import.append(helper.make_opsetid("elsewhere", 1))
    (GOLDEN / "unknown-operator.onnx").write_bytes(unknown.SerializeToString(deterministic=True))

    data = ((np.arange(np.prod(SHAPE)) % 17) / 8 - 1).astype(np.float32).reshape(SHAPE)
    outputs = {}
    for name in ("identity", "conv", "two-outputs", "external"):
        session = onnxruntime.InferenceSession(str(GOLDEN / f"{name}.onnx"))
        names = [output.name for output in session.get_outputs()]
        results = session.run(None, {"input": data})
        outputs[name] = {n: r.ravel().tolist() for n, r in zip(names, results)}
    document = {
        "versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__,
                     "numpy": np.__version__},
        "input": {"dims": SHAPE, "data": data.ravel().tolist()}, "outputs": outputs,
    }
    (GOLDEN / "outputs.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
