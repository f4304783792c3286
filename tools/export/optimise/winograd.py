"""3x3x3 convolutions with fewer multiplications along the slice axis.

Winograd's (Toom-Cook) minimal filtering F(m, 3) computes m outputs of a 3-tap filter with m + 2
multiplications instead of 3m; here each "multiplication" is a 2-D convolution of slices. Formulas:
Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015 (arXiv 1509.09308),
section 4, applied along one axis only, so that rounding grows little.
"""

from __future__ import annotations

import numpy as np

from .builder import GraphBuilder
from .volume_ops import Phases, conv2d, neighbours, scale, scale_add

# Filter transforms: rows are the filters of the 2-D convolutions, columns the taps along D.
FILTERS = {
    2: np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]),
    4: np.array(
        [
            [1 / 4, 0, 0],
            [-1 / 6, -1 / 6, -1 / 6],
            [-1 / 6, 1 / 6, -1 / 6],
            [1 / 24, 1 / 12, 1 / 6],
            [1 / 24, -1 / 12, 1 / 6],
            [0, 0, 1],
        ]
    ),
}


def convolve(g: GraphBuilder, volume: Phases, weight: np.ndarray, bias: np.ndarray | None = None) -> Phases:
    """A 3x3x3 convolution, stride 1, zero padding; ``weight`` is [O, I, 3, 3, 3]."""
    filters = np.einsum("kd,oidhw->koihw", FILTERS[volume.count], weight.astype(np.float64))
    transform = {2: _two_phases, 4: _four_phases}[volume.count]
    tensors = transform(g, neighbours(g, volume), filters, bias)
    return volume.like(tensors, weight.shape[0])


def _two_phases(
    g: GraphBuilder, d: list[str], filters: np.ndarray, bias: np.ndarray | None
) -> tuple[str, ...]:
    channels = filters.shape[1]
    m2 = conv2d(g, g("Sub", d[2], d[1]), filters[2])
    total = g("Add", conv2d(g, g("Add", d[1], d[2]), filters[1]), m2)
    difference = scale_add(g, -2, m2, total, channels)
    m0 = conv2d(g, g("Sub", d[0], d[2]), filters[0], bias=bias)
    m3 = conv2d(g, g("Sub", d[3], d[1]), filters[3], bias=bias)
    return g("Add", m0, total), g("Add", m3, difference)


def _four_phases(
    g: GraphBuilder, d: list[str], filters: np.ndarray, bias: np.ndarray | None
) -> tuple[str, ...]:
    inputs, outputs = filters.shape[2], filters.shape[1]

    def inner(factor: float, a: str, b: str) -> str:
        return scale_add(g, factor, a, b, inputs)

    def outer(factor: float, a: str, b: str, bias: np.ndarray | None = None) -> str:
        return scale_add(g, factor, a, b, outputs, bias)

    # A sum stays in the blocked layout only if both parts are there: hence these two scaled copies.
    minus_d3, plus_d4 = scale(g, -1, d[3], inputs), scale(g, 1, d[4], inputs)
    u, v = inner(-4, d[2], plus_d4), inner(4, d[1], minus_d3)
    m2 = conv2d(g, g("Add", u, v), filters[2])
    s1 = g("Add", conv2d(g, inner(-1, v, u), filters[1]), m2)
    q, w = inner(-1, d[2], plus_d4), inner(1, d[1], minus_d3)
    m4 = conv2d(g, inner(2, w, q), filters[4])
    s3 = g("Add", conv2d(g, inner(-2, w, q), filters[3]), m4)
    m0 = conv2d(g, inner(4, d[0], inner(-5, d[2], plus_d4)), filters[0], bias=bias)
    m5 = conv2d(g, inner(1, d[5], inner(4, w, minus_d3)), filters[5], bias=bias)
    s2, s4 = outer(-2, m2, s1), outer(-2, m4, s3)
    return (
        g("Add", m0, g("Add", s1, s3)),
        outer(2, s4, s2, bias),
        outer(4, s3, s1, bias),
        g("Add", m5, outer(8, s4, s2)),
    )
