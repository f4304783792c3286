"""Tracing a network into ONNX, and writing it."""

from __future__ import annotations

import contextlib
import io
import logging
import pathlib
import warnings

import onnx
import torch

from centred_norm import with_centred_norms
from errors import ExportError

OPSET = 20

# ONNX Runtime maps weights that lie in a file of their own into memory. Those within the .onnx file it
# copies twice, which for large networks takes as long as all else in opening them. Small networks are
# handier in one file.
MAX_BYTES_INSIDE = 64_000_000


def save_model(model: onnx.ModelProto, path: pathlib.Path) -> None:
    """Writes a model to ``path``, the weights of a large one to ``path`` + ``.data``."""
    weights = sum(len(tensor.raw_data) for tensor in model.graph.initializer)
    if weights <= MAX_BYTES_INSIDE:
        onnx.save(model, str(path))
    else:
        beside = f"{path.name}.data"
        onnx.save(model, str(path), save_as_external_data=True, location=beside, size_threshold=1024)


def bytes_of(path: pathlib.Path) -> int:
    """Of a model and the weights beside it."""
    beside = path.with_name(f"{path.name}.data")
    return path.stat().st_size + (beside.stat().st_size if beside.exists() else 0)


def write_onnx(
    module: torch.nn.Module,
    shape: tuple[int, ...],
    path: pathlib.Path,
    metadata: dict[str, str],
) -> None:
    """Writes ``module`` with input ``input`` and output ``logits``.

    ``shape`` is [1, channels, a, b, c]; the batch axis stays free.
    """
    # A batch of two keeps the tracer from treating "one" as a constant.
    example = torch.zeros((2, *shape[1:]))
    axes = ({0: torch.export.Dim("batch")},)
    network = with_centred_norms(module)
    # SwinUNETR checks sizes with NumPy, which cannot be traced; the window is checked before.
    if hasattr(network, "_check_input_size"):
        network._check_input_size = lambda shape: None
    logging.getLogger("torch").setLevel(logging.CRITICAL)
    chatter = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(chatter), contextlib.redirect_stderr(chatter):
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                network,
                (example,),
                dynamo=True,
                dynamic_shapes=axes,
                input_names=["input"],
                output_names=["logits"],
                opset_version=OPSET,
                verbose=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise ExportError(f"the network cannot be traced: {reason}") from error
    model = program.model_proto
    strip_source(model)
    onnx.helper.set_model_props(model, metadata)
    model.producer_name, model.producer_version = "hecktor-export", "1"
    onnx.checker.check_model(model)
    save_model(model, path)


def strip_source(model: onnx.ModelProto) -> None:
    """Drops the tracer's notes: they hold source lines and paths of the exporting machine."""
    model.doc_string = ""
    graph = model.graph
    graph.doc_string = ""
    del graph.metadata_props[:]
    for item in (*graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        item.doc_string = ""
        del item.metadata_props[:]
