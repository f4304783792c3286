"""Which arrangement of a network goes into the file."""

from __future__ import annotations

import pathlib

from architectures import Network
from onnx_file import save_model, write_onnx
from optimise import segresnet


def write_graph(network: Network, wanted: str, path: pathlib.Path, metadata: dict[str, str]) -> str:
    """Writes the network and returns the arrangement used: ``fast`` or ``plain``.

    ``fast`` is an equal graph arranged for CPUs; it takes one window at a time. Networks without
    such a graph, and all networks if ``wanted`` is ``plain``, are traced as they are.
    """
    fast = wanted == "fast" and segresnet.supports(network.module, network.roi)
    arrangement = "fast" if fast else "plain"
    metadata = {**metadata, "graph": arrangement}
    if fast:
        save_model(segresnet.build(network.module, network.roi, metadata), path)
    else:
        shape = (1, network.settings["input_channels"], *network.roi)
        write_onnx(network.module, shape, path, metadata)
    return arrangement
