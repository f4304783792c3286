#!/usr/bin/env python3
"""Writes both graphs of a full-size network with seeded weights: plain.onnx and fast.onnx.

    python bench/python/engine_graphs.py segresnet|unet|resenc-m|resnet18 <folder>

Needs the exporter's packages and dynamic_network_architectures.
"""

from __future__ import annotations

import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools" / "export"))

import network as baseline
import unet_graphs
from onnx_file import save_model, write_onnx
from optimise import resnet, segresnet, unet
from optimise.builder import GraphBuilder
from prediction_graph import plain_resnet
from prediction_networks import IMAGE_FEATURES, backbone

WINDOW = (1, 2, 128, 128, 128)
IMAGE = (1, 2, 96, 96, 96)


def write(name: str, folder: pathlib.Path) -> None:
    torch.manual_seed(2025)
    if name == "resnet18":
        module = backbone().eval()
        for way in ("plain", "fast"):
            g = GraphBuilder()
            seen = plain_resnet(g, "image", module) if way == "plain" else resnet.features(g, "image", module, 96)
            g("Identity", seen, outputs=["features"])
            save_model(g.model({"image": IMAGE}, {"features": (1, IMAGE_FEATURES)}, {}), folder / f"{way}.onnx")
        return
    if name == "segresnet":
        module = baseline.build(baseline.SETTINGS).eval()
        fast = segresnet.build(module, WINDOW[2:], {})
    else:
        module = unet_graphs.build({"unet": "plain"}.get(name, name))
        fast = unet.build(module, WINDOW[2:], {})
    save_model(fast, folder / "fast.onnx")
    write_onnx(module, WINDOW, folder / "plain.onnx", {})


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write(sys.argv[1], target)
