"""MONAI's 3-D ResNet as a graph of 2-D convolutions over slices."""

from __future__ import annotations

import numpy as np
import torch
from monai.networks.nets import ResNet

from . import direct, winograd
from .builder import GraphBuilder
from .folding import fold
from .volume_ops import Phases, conv2d, interleave, packed, regroup, scale_add, shift

# The kernels compute 16 channels at once; volumes of fewer are kept as pairs of slices.
MIN_BLOCKED_CHANNELS = 16
# Above it the transformed filters, twice the size, would double the file for little time.
MAX_WINOGRAD_CHANNELS = 256


def supports(network: torch.nn.Module, size: int) -> bool:
    """True for basic blocks of batch norms, a first layer of stride 1 and a pooling behind it."""
    first = network.conv1
    cubic = len(set(first.kernel_size)) == 1 and first.kernel_size[0] % 2 == 1
    basic = not any(hasattr(m, "conv3") for m in network.modules())
    projected = all(
        m.downsample is None or isinstance(m.downsample, torch.nn.Sequential)
        for layer in _layers(network)
        for m in layer
    )
    return cubic and basic and projected and set(first.stride) == {1} and not network.no_max_pool and size % 32 == 0


def features(g: GraphBuilder, image: str, network: ResNet, size: int) -> str:
    """The network's features [1, width] of ``image`` [1, channels, size, size, size]."""
    weight, bias = fold(network.conv1, network.bn1)
    narrow = weight.shape[0] < MIN_BLOCKED_CHANNELS
    x = (narrow_stem if narrow else stem)(g, image, size, weight, bias)
    for layer in _layers(network):
        for block in layer:
            x = residual_block(g, x, block)
    means = [g("ReduceMean", t, np.array([0, 2, 3]), keepdims=0) for t in x.tensors]
    mean = means[0] if len(means) == 1 else g("Mean", *means)
    return g("ReduceMean", g.reshape(mean, (x.pack, x.shape[0])), np.array([0]), keepdims=1)


def stem(g: GraphBuilder, image: str, size: int, weight: np.ndarray, bias: np.ndarray) -> Phases:
    """The wide first convolution, ReLU and max pooling (3, stride 2), straight into phases.

    A slice's neighbours lie beside it as channels, so that one 2-D convolution does the work; every
    n-th slice is computed at a time, which keeps the tensors small.
    """
    out, channels, taps = weight.shape[:3]
    half = size // 2
    count = 2 * phases_for(half)
    slices = padded_slices(g, image, size, channels, taps // 2)
    flat = []
    for first in range(count):
        stacked = neighbours_as_channels(g, slices, first, size, count, taps)
        flat.append(pooled(g, stacked, direct.stack(weight), bias))
    # After the ReLU nothing is negative, so the zero slice that shift() adds never wins.
    before = [shift(g, flat[-1], 1), *flat[1:-1:2]]
    tensors = [largest(g, out, *three) for three in zip(flat[0::2], flat[1::2], before)]
    return Phases(tuple(tensors), (out, half, half, half))


def narrow_stem(g: GraphBuilder, image: str, size: int, weight: np.ndarray, bias: np.ndarray) -> Phases:
    """The same for few channels: two slices at once fill the kernels' lanes."""
    out, channels, taps = weight.shape[:3]
    half = size // 2
    slices = padded_slices(g, image, size, channels, taps // 2)
    both = np.zeros((2 * out, (taps + 1) * channels, *weight.shape[3:]), dtype=np.float32)
    both[:out, : taps * channels] = both[out:, channels:] = direct.stack(weight)
    stacked = neighbours_as_channels(g, slices, 0, size, 2, taps + 1)
    flat = pooled(g, stacked, both, np.tile(bias, 2))
    most = np.array([np.iinfo(np.int64).max])
    even = g("Slice", flat, np.array([0]), np.array([out]), np.array([1]))
    odd = g("Slice", flat, np.array([out]), most, np.array([1]))
    return packed(g, g("Max", even, odd, shift(g, odd, 1)), (out, half, half, half))


def padded_slices(g: GraphBuilder, image: str, size: int, channels: int, reach: int) -> str:
    """[1, channels, D, H, W] as slices [D + 2 reach, channels, H, W], zeros at both ends."""
    wide = g("Pad", image, np.array([0, 0, reach, 0, 0, 0, 0, reach, 0, 0]))
    return g.reshape(g("Transpose", wide, perm=[0, 2, 1, 3, 4]), (size + 2 * reach, channels, size, size))


def neighbours_as_channels(g: GraphBuilder, slices: str, first: int, size: int, step: int, taps: int) -> str:
    """``taps`` slices from every ``step``-th on, side by side: [size / step, taps * channels, H, W]."""

    def every(start: int) -> str:
        bounds = [np.array([v]) for v in (start, start + size - step + 1, 0, step)]
        return g("Slice", slices, *bounds)

    return g("Concat", *[every(first + tap) for tap in range(taps)], axis=1)


def pooled(g: GraphBuilder, stacked: str, weight: np.ndarray, bias: np.ndarray) -> str:
    """Convolution, ReLU and max pooling within the slices."""
    seen = g("Relu", conv2d(g, stacked, weight, bias=bias))
    return g("MaxPool", seen, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])


def largest(g: GraphBuilder, channels: int, first: str, *others: str) -> str:
    """The largest of each voxel: a + ReLU(b - a) stays in the blocked layout, Max does not."""
    for other in others:
        first = g("Add", first, g("Relu", scale_add(g, -1, first, other, channels)))
    return first


def residual_block(g: GraphBuilder, x: Phases, block: torch.nn.Module) -> Phases:
    """Two convolutions with their norms, plus the input (projected where the size changes)."""
    weight, bias = fold(block.conv1, block.bn1)
    strided = block.stride != 1
    inner = arrange(g, direct.downsample(g, x, weight, bias)) if strided else convolve(g, x, weight, bias)
    outer = convolve(g, _relu(g, inner), *fold(block.conv2, block.bn2))
    same = x if block.downsample is None else project(g, x, *fold(*block.downsample), block.stride)
    return _relu(g, outer.like(g("Add", p, q) for p, q in zip(outer.tensors, arrange(g, same).tensors)))


def convolve(g: GraphBuilder, x: Phases, weight: np.ndarray, bias: np.ndarray) -> Phases:
    """A 3x3x3 convolution by the way that suits the width."""
    winding = x.pack == 1 and x.count > 1 and weight.shape[0] <= MAX_WINOGRAD_CHANNELS
    return (winograd if winding else direct).convolve(g, x, weight, bias)


def project(g: GraphBuilder, x: Phases, weight: np.ndarray, bias: np.ndarray, stride: int) -> Phases:
    """A 1x1x1 convolution of every stride-th voxel."""
    kernel = weight[:, :, 0]
    if x.pack == 2:
        # Of each pair of slices the first.
        kernel = np.concatenate([kernel, np.zeros_like(kernel)], axis=1)
    tensors = [conv2d(g, t, kernel, stride=stride, bias=bias) for t in x.tensors[::stride]]
    _, depth, height, width = x.shape
    return Phases(tuple(tensors), (weight.shape[0], depth // stride, height // stride, width // stride))


def arrange(g: GraphBuilder, x: Phases) -> Phases:
    """A volume laid out as its level is computed: in phases, or in pairs of slices."""
    if x.shape[0] < MIN_BLOCKED_CHANNELS:
        return x if x.pack == 2 else packed(g, interleave(g, list(x.tensors), x.phase_shape), x.shape)
    return regroup(g, x, phases_for(x.shape[1]))


def phases_for(depth: int) -> int:
    """How many phases a level with these slices is kept in."""
    return 4 if depth % 4 == 0 and depth >= 8 else 2


def _relu(g: GraphBuilder, x: Phases) -> Phases:
    return x.like(g("Relu", t) for t in x.tensors)


def _layers(network: ResNet) -> tuple:
    return (network.layer1, network.layer2, network.layer3, network.layer4)
