"""Group and instance normalisation in three passes over the data."""

from __future__ import annotations

import numpy as np
import torch

from .builder import GraphBuilder
from .volume_ops import Phases, regroup

# E[x²] - E[x]² loses digits when the spread is small beside the mean, as in windows of padding.
SMALL_SPREAD = np.float32(0.02)


def group_norm_relu(g: GraphBuilder, volume: Phases, norm: torch.nn.GroupNorm) -> Phases:
    """ReLU(norm(x))."""
    x = normalise(g, volume, norm, norm.num_groups)
    return x.like(g("Relu", t) for t in x.tensors)


def normalise(g: GraphBuilder, volume: Phases, norm: torch.nn.Module, groups: int) -> Phases:
    """A sum, a sum of squares, and one scaled-and-shifted copy.

    The copy is a depthwise 1x1 convolution with computed weights: ONNX Runtime applies weight, bias
    and the ReLU or leaky ReLU behind them in a single pass on all threads.
    """
    channels = volume.shape[0]
    mean, variance = _moments(g, volume, (volume.pack, groups, channels // groups))
    deviation = g("Sqrt", g("Add", variance, np.float32(norm.eps)))
    gamma, beta = (np.full(channels, fill, dtype=np.float32) if p is None else p.detach().numpy()
                   for p, fill in ((norm.weight, 1), (norm.bias, 0)))
    scale = g("Div", gamma.reshape(1, groups, -1), deviation)
    offset = g("Sub", beta.reshape(1, groups, -1), g("Mul", mean, scale))
    lanes = channels * volume.pack
    weight = g.reshape(_repeat(g, scale, volume.pack), (lanes, 1, 1, 1))
    bias = g.reshape(_repeat(g, offset, volume.pack), (lanes,))
    return volume.like(g("Conv", t, weight, bias, kernel_shape=[1, 1], group=lanes) for t in volume.tensors)


def _moments(g: GraphBuilder, volume: Phases, inside: tuple[int, int, int]) -> list[str]:
    """Mean and variance of each group, [1, groups, 1]."""
    lane_mean, lane_square = _lane_moments(g, volume)
    mean, square = _over_group(g, lane_mean, inside), _over_group(g, lane_square, inside)
    quick = g("Sub", square, g("Mul", mean, mean))
    doubt = g("Less", g("ReduceMin", g("Sub", quick, g("Mul", square, SMALL_SPREAD)), keepdims=0), np.float32(0))
    return g.choose(
        g.reshape(doubt, (1,)),
        lambda: _centred_moments(g, volume, lane_mean, inside),
        lambda: (mean, quick),
        2,
    )


def _centred_moments(
    g: GraphBuilder, volume: Phases, lane_mean: str, inside: tuple[int, int, int]
) -> tuple[str, str]:
    """The same from values around each lane's mean: one more copy of the data, no lost digits.

    In few tensors: it is rare, and a session opens the sooner the fewer nodes it holds.
    """
    volume = regroup(g, volume, min(volume.count, 4))
    lanes = volume.phase_shape[1]
    one = np.ones((lanes, 1, 1, 1), dtype=np.float32)
    minus = g("Neg", lane_mean)
    centred = volume.like(
        g("Conv", t, one, minus, kernel_shape=[1, 1], group=lanes) for t in volume.tensors
    )
    rest, square = _lane_moments(g, centred)
    within = g("Sub", square, g("Mul", rest, rest))
    exact = g("Add", lane_mean, rest)
    mean = _over_group(g, exact, inside)
    apart = g("Sub", g.reshape(exact, inside), mean)
    between = g("Mul", apart, apart)
    total = g("Add", g.reshape(within, inside), between)
    return mean, g("Relu", _over_group(g, total, inside))


def _lane_moments(g: GraphBuilder, volume: Phases) -> tuple[str, str]:
    """[lanes] each: the mean and the mean square of each physical channel.

    Each tensor's two sums are joined at once, so that both are taken while it lies in the caches.
    """
    depth, lanes, height, width = volume.phase_shape
    parts = []
    for tensor in volume.tensors:
        mean = g("ReduceMean", tensor, np.array([0, 2, 3]), keepdims=0)
        # A row times itself, for each slice and channel.
        rows = g.reshape(tensor, (depth * lanes, 1, height * width))
        product = g("MatMul", rows, g("Transpose", rows, perm=[0, 2, 1]))
        square = g("ReduceMean", g.reshape(product, (depth, lanes)), np.array([0]), keepdims=0)
        parts.append(g("Concat", mean, square, axis=0))
    both = g.reshape(parts[0] if len(parts) == 1 else g("Mean", *parts), (2, lanes))
    mean, square = (g.reshape(g("Gather", both, np.array([i])), (lanes,)) for i in (0, 1))
    return mean, g("Mul", square, np.float32(1 / (height * width)))


def _repeat(g: GraphBuilder, tensor: str, times: int) -> str:
    return tensor if times == 1 else g("Concat", *[tensor] * times, axis=0)


def _over_group(g: GraphBuilder, per_lane: str, inside: tuple[int, int, int]) -> str:
    """[1, groups, 1] from lanes that lie as (slice of a pair, group, channel of a group)."""
    return g("ReduceMean", g.reshape(per_lane, inside), np.array([0, 2]), keepdims=1)
