"""Checks of the fast graphs of nnU-Net's networks and STU-Net against PyTorch in double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet, ResidualUNet
from dynamic_network_architectures.building_blocks.residual import BottleneckD
from nnunet.stunet import STUNet
from optimise import unet
from torch import nn

# Relative to the largest logit. Rounding shows most where a window is nearly constant.
LIMITS = {"noise": 1e-5, "half padding": 1e-5, "far from zero": 1e-4, "padding": 1e-4}
FLAT, DEEP = [1, 3, 3], [3, 3, 3]
BOTTLENECK = {"block": BottleneckD, "bottleneck_channels": [8, 8, 16]}
ANISOTROPIC = {"kernel_sizes": [FLAT, FLAT, DEEP], "strides": [[1, 1, 1], [1, 2, 2], [2, 2, 2]]}
LAST_AXIS = {"kernel_sizes": [[3, 3, 1], DEEP, DEEP], "strides": [[1, 1, 1], [2, 2, 1], [1, 2, 2]]}

# Name, class, changes to the arguments, window.
VARIANTS: list[tuple[str, type[nn.Module], dict[str, Any], tuple[int, int, int]]] = [
    ("PlainConvUNet", PlainConvUNet, {}, (32, 24, 16)),
    ("odd bottleneck", PlainConvUNet, {}, (28, 20, 12)),
    ("odd depth", PlainConvUNet, {"strides": [[1, 1, 1], [1, 2, 2], [1, 2, 2]]}, (5, 20, 12)),
    ("wide", PlainConvUNet, {"features_per_stage": [32, 48, 300]}, (16, 16, 16)),
    ("narrow", PlainConvUNet, {"features_per_stage": [6, 10, 20]}, (16, 16, 16)),
    ("one image", PlainConvUNet, {"input_channels": 1}, (16, 12, 20)),
    ("twenty images", PlainConvUNet, {"input_channels": 20}, (16, 12, 20)),
    ("anisotropic", PlainConvUNet, ANISOTROPIC, (20, 16, 24)),
    ("anisotropic, last axis", PlainConvUNet, LAST_AXIS, (20, 16, 24)),
    ("strides of three", PlainConvUNet, {"strides": [[1, 1, 1], [3, 3, 3], [2, 2, 2]]}, (12, 24, 24)),
    ("strides of four", ResidualEncoderUNet, {"strides": [[1, 1, 1], [2, 2, 2], [4, 4, 4]]}, (24, 16, 16)),
    ("a whole number for the slope", PlainConvUNet, {"nonlin_kwargs": {"negative_slope": 2}}, (16, 16, 16)),
    ("ReLU, no bias", PlainConvUNet, {"nonlin": nn.ReLU, "conv_bias": False}, (16, 16, 16)),
    ("no norm", PlainConvUNet, {"norm_op": None}, (16, 16, 16)),
    ("ResidualEncoderUNet", ResidualEncoderUNet, {}, (24, 16, 12)),
    ("ResidualEncoderUNet, anisotropic", ResidualEncoderUNet, ANISOTROPIC, (20, 16, 24)),
    ("ResidualEncoderUNet, same width", ResidualEncoderUNet, {"features_per_stage": [16, 16, 16]}, (24, 16, 12)),
    ("bottleneck", ResidualEncoderUNet, BOTTLENECK, (24, 16, 12)),
    ("ResidualUNet", ResidualUNet, {}, (24, 16, 12)),
]
PLAIN: list[tuple[str, type[nn.Module], dict[str, Any], tuple[int, int, int]]] = [
    ("batch norm", PlainConvUNet, {"norm_op": nn.BatchNorm3d}, (16, 16, 16)),
    ("norm behind the activation", PlainConvUNet, {"nonlin_first": True}, (16, 16, 16)),
    ("another activation", PlainConvUNet, {"nonlin": nn.GELU, "nonlin_kwargs": {}}, (16, 16, 16)),
    ("a size that strides do not divide", PlainConvUNet, {}, (16, 18, 16)),
]


def check_unets(check: Callable[[str, bool, str], None]) -> None:
    for name, kind, changes, size in VARIANTS:
        _compare(name, _network(kind, changes), size, check)
    whole, unet.MAX_TENSOR_BYTES = unet.MAX_TENSOR_BYTES, 33_000
    for kind in (PlainConvUNet, ResidualEncoderUNet):
        for depth in (56, 64):
            network = _network(kind, {"features_per_stage": [16, 32, 64]})
            _compare(f"{kind.__name__} in many phases, depth {depth}", network, (depth, 16, 16), check)
    unet.MAX_TENSOR_BYTES = whole
    levels = [16, 32, 48, 48, 48, 48]
    strides = [[2, 2, 2], [1, 2, 2], [2, 2, 1], [1, 1, 1], [1, 1, 1]]
    _compare("STU-Net", _seeded(STUNet(2, 3, levels, [1, 2, 1, 1, 1, 1], strides)), (20, 24, 16), check)
    activate = unet.activate
    unet.activate = lambda g, x, slope: x.like(g("LeakyRelu", tensor, alpha="a fault") for tensor in x.tensors)
    check("plain graph where the fast one has a fault", unet.build(_network(PlainConvUNet, {}), (16, 16, 16), {}) is None)
    unet.activate = activate
    for name, kind, changes, size in PLAIN:
        check(f"plain graph: {name}", unet.build(_network(kind, changes), size, {}) is None, "fast")


def _compare(name: str, network: nn.Module, size: tuple[int, int, int], check: Callable[[str, bool, str], None]) -> None:
    model = unet.build(network, size, {})
    if model is None:
        check(f"fast graph: {name}", False, "plain")
        return
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    channels = session.get_inputs()[0].shape[1]
    noise = np.random.default_rng(3).standard_normal((1, channels, *size), dtype=np.float32)
    half = noise.copy()
    half[..., size[-1] // 2 :] = 0
    windows = {"noise": noise, "half padding": half, "far from zero": 50 + noise / 10, "padding": 0 * noise}
    network.double()
    for kind, window in windows.items():
        with torch.inference_mode():
            expected = network(torch.from_numpy(window).double()).numpy()
        (actual,) = session.run(["logits"], {"input": window})
        worst = float(np.abs(actual - expected).max() / np.abs(expected).max())
        check(f"fast graph: {name}, {kind}", worst < LIMITS[kind], f"{worst:.1e}")


def _network(kind: type[nn.Module], changes: dict[str, Any]) -> nn.Module:
    depths = "n_conv_per_stage" if kind is PlainConvUNet else "n_blocks_per_stage"
    arguments = {
        "input_channels": 2, "num_classes": 3, "n_stages": 3, "features_per_stage": [16, 24, 32],
        "kernel_sizes": [DEEP] * 3, "strides": [[1, 1, 1], [2, 2, 2], [2, 2, 2]], "n_conv_per_stage_decoder": [1, 2],
        depths: [1, 2, 2], "conv_op": nn.Conv3d, "conv_bias": True, "norm_op": nn.InstanceNorm3d,
        "norm_op_kwargs": {"eps": 1e-5, "affine": True}, "nonlin": nn.LeakyReLU, "nonlin_kwargs": {"inplace": True},
        "deep_supervision": False,
    }  # fmt: skip
    return _seeded(kind(**{**arguments, **changes}))


def _seeded(network: nn.Module) -> nn.Module:
    torch.manual_seed(11)
    for parameter in network.parameters():
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter, 0.5, 0.2)
        else:
            torch.nn.init.kaiming_normal_(parameter)
    return network.eval()
