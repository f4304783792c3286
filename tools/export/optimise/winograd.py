"""3x3x3 convolutions with fewer multiplications along the slice axis.

Winograd's (Toom-Cook) minimal filtering F(m, 3) computes m outputs of a 3-tap filter with m + 2
multiplications instead of 3m; here each "multiplication" is a 2-D convolution of slices. Formulas:
Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015 (arXiv 1509.09308),
section 4, applied along one axis only, so that rounding grows little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .builder import GraphBuilder
from .volume_ops import Line, Phases, conv2d, scale, scale_add

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
    return convolve_parts(g, [volume], weight, bias)


def convolve_parts(
    g: GraphBuilder, parts: Sequence[Phases], weight: np.ndarray, bias: np.ndarray | None = None
) -> Phases:
    """The same of volumes whose channels lie one behind the other, without joining them."""
    step = 4 if parts[0].count % 4 == 0 else 2
    inputs, outputs = {2: (_two_inputs, _two_outputs), 4: (_four_inputs, _four_outputs)}[step]
    filters = np.einsum("kd,oidhw->koihw", FILTERS[step], weight.astype(np.float64))
    ends = np.cumsum([part.shape[0] for part in parts])
    own = np.split(filters, ends[:-1], axis=2)
    lines = [Line(g, part) for part in parts]
    tensors = []
    for first in range(0, parts[0].count, step):
        slices = [[line[first + i - 1] for i in range(step + 2)] for line in lines]
        transformed = [inputs(g, d, part.shape[0]) for d, part in zip(slices, parts)]

        def product(k: int, plus: str = "", bias: np.ndarray | None = None) -> str:
            # What is added is used by nothing else first: ONNX Runtime then adds within the convolution.
            for d, f in zip(transformed, own):
                done = conv2d(g, d[k], f[k], bias=bias)
                plus, bias = g("Add", done, plus) if plus else done, None
            return plus

        tensors += outputs(g, product, weight.shape[0], bias)
    return parts[0].like(tensors, weight.shape[0])


def _two_inputs(g: GraphBuilder, d: list[str], channels: int) -> list[str]:
    return [g("Sub", d[0], d[2]), g("Add", d[1], d[2]), g("Sub", d[2], d[1]), g("Sub", d[3], d[1])]


def _two_outputs(
    g: GraphBuilder, product: Callable[..., str], channels: int, bias: np.ndarray | None
) -> tuple[str, ...]:
    m2 = product(2)
    total = product(1, m2)
    difference = scale_add(g, -2, m2, total, channels)
    return product(0, total, bias), product(3, difference, bias)


def _four_inputs(g: GraphBuilder, d: list[str], channels: int) -> list[str]:
    def add(factor: float, a: str, b: str) -> str:
        return scale_add(g, factor, a, b, channels)

    # A sum stays in the blocked layout only if both parts are there: hence these two scaled copies.
    minus_d3, plus_d4 = scale(g, -1, d[3], channels), scale(g, 1, d[4], channels)
    u, v = add(-4, d[2], plus_d4), add(4, d[1], minus_d3)
    q, w = add(-1, d[2], plus_d4), add(1, d[1], minus_d3)
    first = add(4, d[0], add(-5, d[2], plus_d4))
    last = add(1, d[5], add(4, w, minus_d3))
    return [first, add(-1, v, u), g("Add", u, v), add(-2, w, q), add(2, w, q), last]


def _four_outputs(
    g: GraphBuilder, product: Callable[..., str], channels: int, bias: np.ndarray | None
) -> tuple[str, ...]:
    def add(factor: float, a: str, b: str, bias: np.ndarray | None = None) -> str:
        return scale_add(g, factor, a, b, channels, bias)

    m2 = product(2)
    s1 = product(1, m2)
    m4 = product(4)
    s3 = product(3, m4)
    s2, s4 = add(-2, m2, s1), add(-2, m4, s3)
    return (
        product(0, g("Add", s1, s3), bias),
        add(2, s4, s2, bias),
        add(4, s3, s1, bias),
        product(5, add(8, s4, s2), bias),
    )
