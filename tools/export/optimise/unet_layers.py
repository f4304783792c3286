"""nnU-Net's networks, and STU-Net, as plain layers.

The classes of dynamic_network_architectures and of STU-Net are known by the names of their parts, which
are those of a checkpoint's keys.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


class Unsupported(Exception):
    """The network holds something that has no fast form here."""


@dataclass(frozen=True)
class Layer:
    """A convolution, a norm and a (leaky) ReLU; ``slope`` is None without one, 0 for a ReLU."""

    conv: nn.Conv3d
    norm: nn.Module | None = None
    slope: float | None = None


@dataclass(frozen=True)
class Block:
    """Layers, and in residual blocks the way around them: ``pool`` by that stride, ``project``."""

    layers: list[Layer]
    residual: bool = False
    pool: tuple[int, int, int] = (1, 1, 1)
    project: Layer | None = None
    slope: float | None = None


@dataclass(frozen=True)
class Upsampling:
    """``weight`` [in, out, *stride or 1, 1, 1]: the kernel of a transposed convolution, or of one of size
    1 before every voxel is repeated."""

    weight: np.ndarray
    bias: np.ndarray | None
    stride: tuple[int, int, int]


@dataclass(frozen=True)
class UNet:
    """Stages from the top down, then the way up again."""

    encoder: list[list[Block]]
    upsampling: list[Upsampling]
    decoder: list[list[Block]]
    head: nn.Conv3d


def read(network: nn.Module) -> UNet:
    """The network's layers; raises Unsupported."""
    if hasattr(network, "conv_blocks_context"):
        ups = [_repeating(m) for m in network.upsample_layers]
        context, localization = network.conv_blocks_context, network.conv_blocks_localization
        return UNet([blocks(m) for m in context], ups, [blocks(m) for m in localization], network.seg_outputs[-1])
    encoder, decoder = getattr(network, "encoder", None), getattr(network, "decoder", None)
    if not (hasattr(encoder, "stages") and hasattr(decoder, "transpconvs")):
        raise Unsupported(type(network).__name__)
    stages = [blocks(stage) for stage in encoder.stages]
    if getattr(encoder, "stem", None) is not None:
        stages[0] = blocks(encoder.stem) + stages[0]
    ups = [_transposed(m) for m in decoder.transpconvs]
    return UNet(stages, ups, [blocks(m) for m in decoder.stages], decoder.seg_layers[-1])


def blocks(module: nn.Module) -> list[Block]:
    """The blocks of a stage, in order."""
    if hasattr(module, "all_modules"):
        return [Block([_layer(module)])]
    if hasattr(module, "nonlin2") or hasattr(module, "nonlin3"):
        return [_residual(module)]
    if hasattr(module, "norm1"):
        return [_stu_block(module)]
    for inner in ("convs", "blocks"):
        module = getattr(module, inner, module)
    if not isinstance(module, nn.Sequential):
        raise Unsupported(type(module).__name__)
    return [block for child in module for block in blocks(child)]


def _layer(module: nn.Module) -> Layer:
    conv, *rest = (m for m in module.all_modules if not isinstance(m, nn.modules.dropout._DropoutNd))
    norm = rest.pop(0) if rest and hasattr(rest[0], "eps") else None
    slope = _slope(rest.pop(0)) if rest else None
    if rest:
        raise Unsupported("a norm behind the activation")
    return Layer(_checked(conv), _instance(norm), slope)


def _residual(module: nn.Module) -> Block:
    if module.apply_se:
        raise Unsupported("squeeze and excitation")
    names = [name for name in ("conv1", "conv2", "conv3") if hasattr(module, name)]
    last = module.nonlin3 if "conv3" in names else module.nonlin2
    pool, project = (1, 1, 1), None
    for part in module.skip if isinstance(module.skip, nn.Sequential) else ():
        if isinstance(part, nn.AvgPool3d):
            pool = _triple(part.stride)
        else:
            project = _layer(part)
    return Block([_layer(getattr(module, name)) for name in names], True, pool, project, _slope(last))


def _stu_block(module: nn.Module) -> Block:
    layers = [
        Layer(_checked(module.conv1), _instance(module.norm1), _slope(module.act1)),
        Layer(_checked(module.conv2), _instance(module.norm2)),
    ]
    project = None if module.conv3 is None else Layer(_checked(module.conv3))
    return Block(layers, residual=True, project=project, slope=_slope(module.act2))


def _transposed(module: nn.Module) -> Upsampling:
    stride = _triple(module.stride)
    if _triple(module.kernel_size) != stride:
        raise Unsupported("a transposed convolution that overlaps")
    return Upsampling(_array(module.weight), _array(module.bias), stride)


def _repeating(module: nn.Module) -> Upsampling:
    weight = _array(_checked(module.conv).weight).transpose(1, 0, 2, 3, 4)
    return Upsampling(weight, _array(module.conv.bias), _triple(module.pool_op_kernel_size))


def _checked(conv: nn.Module) -> nn.Conv3d:
    same = isinstance(conv, nn.Conv3d) and conv.groups == 1 and set(_triple(conv.dilation)) == {1}
    if not same or any(k % 2 == 0 or p != k // 2 for k, p in zip(conv.kernel_size, _triple(conv.padding))):
        raise Unsupported(str(conv))
    return conv


def _instance(norm: nn.Module | None) -> nn.Module | None:
    if norm is not None and not (isinstance(norm, nn.InstanceNorm3d) and not norm.track_running_stats):
        raise Unsupported(str(norm))
    return norm


def _slope(activation: nn.Module) -> float:
    if isinstance(activation, nn.ReLU):
        return 0.0
    if isinstance(activation, nn.LeakyReLU):
        return float(activation.negative_slope)
    raise Unsupported(str(activation))


def _triple(value) -> tuple[int, int, int]:
    return tuple(int(v) for v in np.broadcast_to(value, 3))


def _array(tensor: torch.Tensor | None) -> np.ndarray | None:
    return None if tensor is None else tensor.detach().float().numpy()
