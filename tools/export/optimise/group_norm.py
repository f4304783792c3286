"""Group normalisation followed by a ReLU, in three passes over the data."""

from __future__ import annotations

import numpy as np
import torch

from .builder import GraphBuilder
from .volume_ops import Phases


def group_norm_relu(g: GraphBuilder, volume: Phases, norm: torch.nn.GroupNorm) -> Phases:
    """ReLU(norm(x)): a sum, a sum of squares, and one scaled-and-shifted copy.

    Squares are summed slice by slice, which rounds less than one long sum. The copy is a depthwise 1x1 convolution with computed weights: ONNX Runtime
    applies weight, bias and ReLU in a single pass on all threads.
    """
    channels, groups = volume.shape[0], norm.num_groups
    inside = (volume.pack, groups, channels // groups)
    means = [g("ReduceMean", t, np.array([0, 2, 3]), keepdims=0) for t in volume.tensors]
    squares = [_mean_square(g, t, volume) for t in volume.tensors]
    mean = _over_groups(g, _average(g, means), inside)
    square = _over_groups(g, _average(g, squares), inside)
    variance = g("Relu", g("Sub", square, g("Mul", mean, mean)))
    deviation = g("Sqrt", g("Add", variance, np.float32(norm.eps)))
    gamma = norm.weight.detach().numpy().reshape(1, groups, -1)
    beta = norm.bias.detach().numpy().reshape(1, groups, -1)
    scale = g("Div", gamma, deviation)
    offset = g("Sub", beta, g("Mul", mean, scale))
    lanes = channels * volume.pack
    weight = g.reshape(_repeat(g, scale, volume.pack), (lanes, 1, 1, 1))
    bias = g.reshape(_repeat(g, offset, volume.pack), (lanes,))
    return volume.like(
        g("Relu", g("Conv", t, weight, bias, kernel_shape=[1, 1], group=lanes))
        for t in volume.tensors
    )


def _mean_square(g: GraphBuilder, tensor: str, volume: Phases) -> str:
    """[C]: the mean square of each channel; for each slice as a row times itself."""
    depth, channels, height, width = volume.phase_shape
    rows = g.reshape(tensor, (depth * channels, 1, height * width))
    product = g("MatMul", rows, g("Transpose", rows, perm=[0, 2, 1]))
    per_slice = g.reshape(product, (depth, channels))
    mean = g("ReduceMean", per_slice, np.array([0]), keepdims=0)
    return g("Mul", mean, np.float32(1 / (height * width)))


def _repeat(g: GraphBuilder, tensor: str, times: int) -> str:
    return tensor if times == 1 else g("Concat", *[tensor] * times, axis=0)


def _average(g: GraphBuilder, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else g("Mean", *parts)


def _over_groups(g: GraphBuilder, per_channel: str, inside: tuple[int, int, int]) -> str:
    """[1, groups, 1] from channels that lie as (slice of a pair, group, channel of a group)."""
    return g("ReduceMean", g.reshape(per_channel, inside), np.array([0, 2]), keepdims=1)
