"""Which arrangement of a network goes into the file."""

from __future__ import annotations

import pathlib

import onnx

from architectures import Network
from errors import ExportError
from onnx_file import save_model, write_onnx
from optimise import segresnet, unet

# The tools that write and check a graph hold it as one message, which cannot be larger.
MAX_WEIGHT_BYTES = 2_000_000_000


def write_graph(network: Network, wanted: str, path: pathlib.Path, metadata: dict[str, str]) -> str:
    """Writes the network and returns the arrangement used: ``fast`` or ``plain``.

    ``fast`` is an equal graph arranged for CPUs; it takes one window at a time. Networks without
    such a graph, and all networks if ``wanted`` is ``plain``, are traced as they are.
    """
    weights = 4 * sum(parameter.numel() for parameter in network.module.parameters())
    if weights > MAX_WEIGHT_BYTES:
        raise ExportError(f"{path.name}: {weights / 1e9:.1f} GB of weights, 2 are the most", "use a smaller network")
    fast = _fast(network, {**metadata, "graph": "fast"}) if wanted == "fast" else None
    if fast is not None:
        save_model(fast, path)
        return "fast"
    shape = (1, network.settings["input_channels"], *network.roi)
    write_onnx(network.module, shape, path, {**metadata, "graph": "plain"})
    return "plain"


def _fast(network: Network, metadata: dict[str, str]) -> onnx.ModelProto | None:
    if segresnet.supports(network.module, network.roi):
        return segresnet.build(network.module, network.roi, metadata)
    return unet.build(network.module, network.roi, metadata)
