"""MONAI's SegResNetDS, the SegResNet of Auto3DSeg, rebuilt from the shapes of its weights."""

from __future__ import annotations

import re
from typing import Any

import torch
from monai.networks.nets import SegResNetDS

DEFAULTS: dict[str, Any] = {
    "input_channels": 2,
    "num_classes": 3,
    "init_filters": 32,
    "blocks_down": (1, 2, 2, 4, 4),
    "blocks_up": (1, 1, 1, 1),
    "dsdepth": 4,
    "norm": "instance",
    "act": "relu",
    "upsample_mode": "deconv",
    "resolution": None,
}


def build(settings: dict[str, Any]) -> torch.nn.Module:
    """The network; only its last output is used, those of deep supervision are not written."""
    names = ("init_filters", "blocks_down", "blocks_up", "dsdepth", "norm", "act", "upsample_mode", "resolution")
    ends = {"in_channels": settings["input_channels"], "out_channels": settings["num_classes"]}
    return SegResNetDS(spatial_dims=3, **ends, **{name: settings[name] for name in names})


def infer(state: dict[str, torch.Tensor]) -> dict[str, Any]:
    """What the weights show: widths, depths, heads, the kind of norm and of upsampling."""
    first = state.get("encoder.conv_init.weight")
    heads = sorted(int(m[1]) for key in state if (m := re.match(r"up_layers\.(\d+)\.head\.weight$", key)))
    if first is None or not heads:
        return {}
    ups = max(heads) + 1
    batch = any(key.endswith("running_mean") for key in state)
    deconv = any(".upsample.deconv." in key for key in state)
    return {
        "input_channels": int(first.shape[1]),
        "init_filters": int(first.shape[0]),
        "num_classes": int(state[f"up_layers.{heads[-1]}.head.weight"].shape[0]),
        "blocks_down": _depths(state, r"encoder\.layers\.(\d+)\.blocks\.(\d+)\.conv1\."),
        "blocks_up": _depths(state, r"up_layers\.(\d+)\.blocks\.(\d+)\.conv1\."),
        "dsdepth": ups - heads[0],
        "norm": "batch" if batch else "instance",
        "upsample_mode": "deconv" if deconv else "nontrainable",
    }


def auto3dseg(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of an Auto3DSeg checkpoint's ``config`` in our words."""
    network = config.get("network")
    found = {k: v for k, v in (network if isinstance(network, dict) else {}).items() if k in ("act", "resolution")}
    if config.get("anisotropic_scales") and config.get("resample_resolution"):
        found["resolution"] = config["resample_resolution"]
    roi = config.get("roi_size")
    return {**found, **({"spatial_size": tuple(roi)} if isinstance(roi, (list, tuple)) else {})}


def _depths(state: dict[str, torch.Tensor], pattern: str) -> tuple[int, ...]:
    depths: dict[int, int] = {}
    for key in state:
        if match := re.match(pattern, key):
            depths[int(match[1])] = max(depths.get(int(match[1]), 0), int(match[2]) + 1)
    return tuple(depths[level] for level in sorted(depths))
