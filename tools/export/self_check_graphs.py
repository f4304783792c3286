"""Checks of the ResNet graphs: every arrangement says what PyTorch says."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import onnx_file
import torch
from checkpoint import Checkpoint
from monai.networks.nets import ResNet
from multimodal import Choices, PredictionNetwork, build_multimodal
from prediction_graph import write_prediction_graph
from prediction_parity import MAX_RELATIVE_DIFFERENCE, compare_predictions
from tiny_networks import TINY_PLANES, seeded, task3_network

RECORD = 5

# Name, ResNet arguments, edge of the images, arrangement that the exporter should pick.
VARIANTS: list[tuple[str, dict[str, Any], int, str]] = [
    ("narrow", {}, 32, "fast"),
    ("very narrow", {"block_inplanes": [4, 8, 12, 16]}, 64, "fast"),
    ("wide enough for blocks", {"block_inplanes": [16, 24, 32, 272]}, 64, "fast"),
    ("ResNet-34, kernel 3", {"layers": [3, 4, 6, 3], "conv1_t_size": 3}, 32, "fast"),
    ("three channels", {"n_input_channels": 3}, 32, "fast"),
    ("odd size", {}, 40, "plain"),
    ("shortcut A", {"shortcut_type": "A"}, 32, "plain"),
    ("bottleneck", {"block": "bottleneck"}, 32, "plain"),
    ("first stride 2", {"conv1_t_stride": 2}, 32, "plain"),
    ("no pooling", {"no_max_pool": True, "conv1_t_stride": 2}, 32, "plain"),
    ("no bias in shortcuts", {"bias_downsample": False}, 32, "fast"),
]


def check_graphs(folder: pathlib.Path, check: Callable[[str, bool, str], None]) -> None:
    for name, changes, size, wanted in VARIANTS:
        torch.manual_seed(11)
        settings = {"block": "basic", "layers": [2, 2, 2, 2], "block_inplanes": [8, 16, 32, 64], "n_input_channels": 2}
        network = task3_network(RECORD, TINY_PLANES)
        network.img_model = ResNet(**{**settings, **changes}, feed_forward=False)
        with torch.inference_mode():
            width = network.img_model.eval()(torch.zeros(1, network.img_model.conv1.in_channels, 32, 32, 32)).shape[1]
        network.classifier[0] = torch.nn.Linear(width + 32, 128)
        seeded(network, 11)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm3d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 2)
        config = {k: v for k, v in changes.items() if k in ("conv1_t_stride", "no_max_pool")}
        checkpoint = Checkpoint(pathlib.Path(name), "", network.state_dict(), config)
        built = build_multimodal(checkpoint, "task3", Choices())
        file = folder / "graph.onnx"
        picked = write_prediction_graph(built, size, "fast", file, {})
        worst = max(r.max_relative_difference for r in compare_predictions(built, file, size, None))
        right = picked == wanted and worst < MAX_RELATIVE_DIFFERENCE / 5
        check(f"graph of {name}", right, f"{picked}, {worst:.1e}")
    check_weights_beside(built, folder / "large.onnx", check)


def check_weights_beside(network: PredictionNetwork, file: pathlib.Path, check: Callable[[str, bool, str], None]) -> None:
    """A model above the limit, which no quick check has, keeps its weights in a second file."""
    limit, onnx_file.MAX_BYTES_INSIDE = onnx_file.MAX_BYTES_INSIDE, 1000
    try:
        write_prediction_graph(network, 32, "fast", file, {})
    finally:
        onnx_file.MAX_BYTES_INSIDE = limit
    beside = file.with_name("large.onnx.data")
    worst = max(r.max_relative_difference for r in compare_predictions(network, file, 32, None))
    smaller = beside.exists() and file.stat().st_size < beside.stat().st_size
    right = smaller and onnx_file.bytes_of(file) > beside.stat().st_size and worst < MAX_RELATIVE_DIFFERENCE / 5
    check("weights beside a large model", right, f"{sorted(p.name for p in file.parent.iterdir())}, {worst:.1e}")
