"""Which arrangement of a network goes into the file."""

from __future__ import annotations

import pathlib

import onnx

from architectures import Network
from onnx_file import save_model, write_onnx
from optimise import segresnet, unet


def write_graph(network: Network, wanted: str, path: pathlib.Path, metadata: dict[str, str]) -> str:
    """Writes the network and returns the arrangement used: ``fast`` or ``plain``.

    ``fast`` is an equal graph arranged for CPUs; it takes one window at a time. Networks without
    such a graph, and all networks if ``wanted`` is ``plain``, are traced as they are.
    """
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
