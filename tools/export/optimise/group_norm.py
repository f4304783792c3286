"""Group normalisation followed by a ReLU, in three passes over the data."""

from __future__ import annotations

import numpy as np
import torch

from .builder import GraphBuilder
from .volume_ops import Phases


def group_norm_relu(g: GraphBuilder, volume: Phases, norm: torch.nn.GroupNorm) -> Phases:
    """ReLU(norm(x)): a sum, a sum of squares, and one scaled-and-shifted copy.

    The sums run over single slices first and are combined afterwards, which also rounds less than
    one long sum. The copy is a depthwise 1x1 convolution with computed weights: ONNX Runtime
    applies weight, bias and ReLU in a single pass on all threads.
    """
    channels = volume.shape[0]
    groups = norm.num_groups
    means = [_mean(g, g("ReduceMean", t, np.array([2, 3]), keepdims=0), channels) for t in volume.tensors]
    squares = [_mean(g, _mean_square(g, t, volume), channels) for t in volume.tensors]
    mean = _over_groups(g, _average(g, means), groups)
    square = _over_groups(g, _average(g, squares), groups)
    variance = g("Relu", g("Sub", square, g("Mul", mean, mean)))
    deviation = g("Sqrt", g("Add", variance, np.float32(norm.eps)))
    gamma = norm.weight.detach().numpy().reshape(groups, -1)
    beta = norm.bias.detach().numpy().reshape(groups, -1)
    scale = g("Div", gamma, deviation)
    offset = g("Sub", beta, g("Mul", mean, scale))
    weight = g.reshape(scale, (channels, 1, 1, 1))
    bias = g.reshape(offset, (channels,))
    tensors = tuple(
        g("Relu", g("Conv", t, weight, bias, kernel_shape=[1, 1], group=channels))
        for t in volume.tensors
    )
    return Phases(tensors, volume.shape)


def _mean_square(g: GraphBuilder, tensor: str, volume: Phases) -> str:
    """[slices, C]: the mean square of each slice, as a row times itself."""
    depth, channels, height, width = volume.phase_shape
    rows = g.reshape(tensor, (depth * channels, 1, height * width))
    product = g("MatMul", rows, g("Transpose", rows, perm=[0, 2, 1]))
    flat = g.reshape(product, (depth, channels))
    return g("Mul", flat, np.float32(1 / (height * width)))


def _mean(g: GraphBuilder, per_slice: str, channels: int) -> str:
    return g("ReduceMean", per_slice, np.array([0]), keepdims=0)


def _average(g: GraphBuilder, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else g("Mean", *parts)


def _over_groups(g: GraphBuilder, per_channel: str, groups: int) -> str:
    """[groups, 1]"""
    return g("ReduceMean", g.reshape(per_channel, (groups, -1)), np.array([1]), keepdims=1)
