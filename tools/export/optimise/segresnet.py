"""MONAI's SegResNet as a graph of 2-D convolutions over phases of slices."""

from __future__ import annotations

import numpy as np
import onnx
import torch
from monai.networks.nets import SegResNet

from . import direct, winograd
from .builder import GraphBuilder
from .ends import classify, slices_of
from .group_norm import group_norm_relu
from .upsample import upsample
from .volume_ops import Phases, conv2d, interleave, packed, regroup

# Below this many channels the blocked kernels would compute empty lanes.
MIN_WINOGRAD_CHANNELS = 16
# Half of it saves no more, and a session of more nodes opens later.
MAX_TENSOR_BYTES = 17_000_000


def supports(network: torch.nn.Module, roi: tuple[int, int, int]) -> bool:
    """True for the layout this module knows: ReLU, group norm, non-trainable upsampling."""
    if not isinstance(network, SegResNet) or network.spatial_dims != 3:
        return False
    levels = len(network.blocks_down)
    plain = network.upsample_mode.value == "nontrainable" and network.use_conv_final
    relu = all(isinstance(m, torch.nn.ReLU) for m in (network.act_mod,))
    return plain and relu and roi[0] % 2**levels == 0 and len(network.blocks_up) == levels - 1


def build(network: SegResNet, roi: tuple[int, int, int], metadata: dict[str, str]) -> onnx.ModelProto:
    """The whole network for windows [1, channels, *roi]."""
    g = GraphBuilder()
    x = arrange(g, slices_of(g, "input", network.in_channels, roi), network.init_filters)
    x = direct.convolve(g, x, _weight(network.convInit))
    skips = []
    for level, layer in enumerate(network.down_layers):
        if level:
            x = arrange(g, direct.downsample(g, x, _weight(layer[0])))
        for block in layer[1:]:
            x = residual_block(g, x, block)
        skips.append(x)
    skips.pop()
    for sample, layer in zip(network.up_samples, network.up_layers):
        skip = skips.pop()
        x = _add(g, upsample(g, narrow(g, x, _weight(sample[0])), skip), skip)
        for block in layer:
            x = residual_block(g, x, block)
    return finish(g, x, network, metadata)


def finish(g: GraphBuilder, x: Phases, network: SegResNet, metadata: dict[str, str]) -> onnx.ModelProto:
    """Last norm, ReLU and 1x1x1 convolution; slices back into one volume of logits."""
    norm, _, last = network.conv_final
    volume = classify(g, group_norm_relu(g, x, norm), _weight(last), last.conv.bias.detach().numpy())
    roi, classes = x.shape[1:], last.conv.out_channels
    return g.model({"input": (1, network.in_channels, *roi)}, {volume: (1, classes, *roi)}, metadata)


def residual_block(g: GraphBuilder, x: Phases, block: torch.nn.Module) -> Phases:
    """norm, ReLU, convolution, twice, plus the input."""
    inner = convolve(g, group_norm_relu(g, x, block.norm1), _weight(block.conv1))
    outer = convolve(g, group_norm_relu(g, inner, block.norm2), _weight(block.conv2))
    return _add(g, outer, x)


def convolve(g: GraphBuilder, x: Phases, weight: np.ndarray) -> Phases:
    """A 3x3x3 convolution by the way that suits the arrangement."""
    return direct.convolve(g, x, weight) if x.count == 1 else winograd.convolve(g, x, weight)


def narrow(g: GraphBuilder, x: Phases, weight: np.ndarray) -> Phases:
    """A 1x1x1 convolution."""
    return x.like([conv2d(g, t, weight[:, :, 0]) for t in x.tensors], weight.shape[0])


def arrange(g: GraphBuilder, x: Phases, width: int = 0) -> Phases:
    """A volume laid out for a level of ``width`` channels (default: its own)."""
    if (width or x.shape[0]) < MIN_WINOGRAD_CHANNELS:
        return packed(g, interleave(g, list(x.tensors), x.phase_shape), x.shape)
    return regroup(g, x, phases_for(width or x.shape[0], x.shape[1:]))


def phases_for(channels: int, size: tuple[int, int, int]) -> int:
    """How many phases a level is kept in: of small tensors fewer bytes wait for a convolution's sums."""
    depth, height, width = size
    if depth % 4 or depth < 8:
        return 2
    slices = MAX_TENSOR_BYTES // (4 * channels * height * width)
    return min(n for n in range(4, depth + 1, 4) if depth % n == 0 and (depth // n <= slices or n == depth))


def _add(g: GraphBuilder, a: Phases, b: Phases) -> Phases:
    return a.like(g("Add", p, q) for p, q in zip(a.tensors, b.tensors))


def _weight(layer: torch.nn.Module) -> np.ndarray:
    return layer.conv.weight.detach().numpy()
