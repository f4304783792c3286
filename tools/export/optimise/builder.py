"""A small writer of ONNX graphs."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 10


class GraphBuilder:
    """Collects nodes and constants; a call adds one node and returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self._constants: dict[tuple, str] = {}
        self._count = 0

    def constant(self, value) -> str:
        """The name of a constant; equal constants are stored once."""
        array = np.ascontiguousarray(value)
        key = (array.tobytes(), array.dtype.str, array.shape)
        if key not in self._constants:
            name = f"constant_{len(self.initializers)}"
            self.initializers.append(numpy_helper.from_array(array, name))
            self._constants[key] = name
        return self._constants[key]

    def __call__(self, op: str, *inputs, outputs: list[str] | None = None, **attributes) -> str:
        names = [item if isinstance(item, str) else self.constant(item) for item in inputs]
        if outputs is None:
            outputs = [f"{op.lower()}_{self._count}"]
        self._count += 1
        self.nodes.append(helper.make_node(op, names, outputs, name=f"{op}_{self._count}", **attributes))
        return outputs[0]

    def reshape(self, tensor: str, shape: tuple[int, ...]) -> str:
        return self("Reshape", tensor, np.array(shape, dtype=np.int64))

    def take(self, tensor: str, start: int, step: int, axis: int = 0) -> str:
        """Every ``step``-th slice along an axis, from ``start`` on."""
        end = np.iinfo(np.int64).max
        bounds = [np.array([v], dtype=np.int64) for v in (start, end, axis, step)]
        return self("Slice", tensor, *bounds)

    def choose(self, condition: str, if_true, if_false, count: int) -> list[str]:
        """Outputs of one of two functions; each adds nodes and gives ``count`` tensor names."""
        branches = {"then_branch": self._branch(if_true), "else_branch": self._branch(if_false)}
        outputs = [f"if_{self._count}_{i}" for i in range(count)]
        self("If", condition, outputs=outputs, **branches)
        return outputs

    def _branch(self, body) -> onnx.GraphProto:
        outside, self.nodes = self.nodes, []
        results = [self("Identity", name) for name in body()]
        inside, self.nodes = self.nodes, outside
        values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in results]
        return helper.make_graph(inside, f"branch_{self._count}", [], values)

    def model(
        self,
        inputs: dict[str, tuple[int, ...]],
        outputs: dict[str, tuple[int, ...]],
        metadata: dict[str, str],
    ) -> onnx.ModelProto:
        """The finished, checked model."""

        def describe(items):
            return [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in items.items()]

        graph = helper.make_graph(
            self.nodes, "network", describe(inputs), describe(outputs), self.initializers
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        helper.set_model_props(model, metadata)
        model.producer_name, model.producer_version = "hecktor-export", "1"
        onnx.checker.check_model(model, full_check=True)
        # The program tells from the shapes in the file how much memory a run takes.
        return onnx.shape_inference.infer_shapes(model)
