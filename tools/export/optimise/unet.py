"""nnU-Net's 3-D networks, and STU-Net, as graphs of 2-D convolutions over phases of slices."""

from __future__ import annotations

import numpy as np
import onnx
from torch import nn

from . import direct, winograd
from .builder import GraphBuilder
from .ends import classify, slices_of
from .folding import array
from .group_norm import normalise
from .unet_layers import Block, Layer, UNet, Unsupported, Upsampling, read
from .volume_ops import Phases, conv2d, regroup, scale

# Below it a transformed copy of the volume costs more than the multiplications that it saves.
MIN_WINOGRAD_CHANNELS = 16
# Above it the transformed filters, twice the size, would double the file for little time.
MAX_WINOGRAD_CHANNELS = 256
# Tensors that stay in the caches: sums and scaled copies of them take half the time.
MAX_TENSOR_BYTES = 8_400_000

Size = tuple[int, int, int]


def build(network: nn.Module, size: Size, metadata: dict[str, str]) -> onnx.ModelProto | None:
    """The network for windows [1, channels, *size]: ``input`` to ``logits``.

    ``network`` is a PlainConvUNet, ResidualEncoderUNet or ResidualUNet of dynamic_network_architectures,
    or a STU-Net, in evaluation mode; None if it or the size has no fast form.
    """
    try:
        layers = read(network)
        g = GraphBuilder()
        first = layers.encoder[0][0].layers[0].conv
        channels = first.in_channels
        x = walk(g, arrange(g, slices_of(g, "input", channels, size), first.out_channels), layers)
        logits = classify(g, x, array(layers.head.weight), _bias(layers.head))
        outputs = {logits: (1, layers.head.out_channels, *size)}
        return g.model({"input": (1, channels, *size)}, outputs, metadata)
    except (Unsupported, onnx.checker.ValidationError, onnx.shape_inference.InferenceError):
        return None


def walk(g: GraphBuilder, x: Phases, layers: UNet) -> Phases:
    """Down and up again; a skip and what comes from below stay two volumes."""
    skips = []
    for stage in layers.encoder:
        x = _stage(g, [x], stage)
        skips.append(x)
    skips.pop()
    for upsampling, stage in zip(layers.upsampling, layers.decoder):
        skip = skips.pop()
        x = _stage(g, [upsample(g, x, upsampling, skip.count), skip], stage)
    return x


def _stage(g: GraphBuilder, parts: list[Phases], stage: list[Block]) -> Phases:
    for block in stage:
        parts = [apply(g, parts, block)]
    return parts[0]


def apply(g: GraphBuilder, parts: list[Phases], block: Block) -> Phases:
    """A block's output; ``parts`` are its input's channels, one behind the other."""
    x = parts
    for layer in block.layers:
        x = [_layer(g, x, layer)]
    if not block.residual:
        return x[0]
    around = regroup(g, _shortcut(g, parts, block), x[0].count)
    total = x[0].like(g("Add", p, q) for p, q in zip(x[0].tensors, around.tensors))
    return activate(g, total, block.slope)


def _layer(g: GraphBuilder, parts: list[Phases], layer: Layer) -> Phases:
    """The bias before a norm goes with the mean."""
    bias = _bias(layer.conv) if layer.norm is None else None
    x = convolve(g, parts, array(layer.conv.weight), layer.conv.stride, bias)
    if layer.norm is not None:
        x = normalise(g, x, layer.norm, x.shape[0])
    return activate(g, x, layer.slope)


def convolve(
    g: GraphBuilder, parts: list[Phases], weight: np.ndarray, stride: Size, bias: np.ndarray | None
) -> Phases:
    """A convolution by the way that suits its kernel, stride and width."""
    out, inner, taps = weight.shape[:3]
    wide = inner >= MIN_WINOGRAD_CHANNELS and out <= MAX_WINOGRAD_CHANNELS
    if taps == 3 and set(stride) == {1} and wide and parts[0].count > 1:
        return winograd.convolve_parts(g, parts, weight, bias)
    parts = [_divisible(g, part, stride) for part in parts]
    return arrange(g, direct.convolve_parts(g, parts, weight, stride, bias))


def _shortcut(g: GraphBuilder, parts: list[Phases], block: Block) -> Phases:
    """Average pooling and a projection, where there are such."""
    if set(block.pool) != {1}:
        parts = [pool(g, parts[0], block.pool)]
    return parts[0] if block.project is None else _layer(g, parts, block.project)


def pool(g: GraphBuilder, x: Phases, stride: Size) -> Phases:
    """Average pooling, kernel = stride: within the slices, then over them."""
    x = _divisible(g, x, stride)
    inner = {"kernel_shape": list(stride[1:]), "strides": list(stride[1:])}
    flat = [g("AveragePool", t, **inner) if set(stride[1:]) != {1} else t for t in x.tensors]
    means = []
    for first in range(0, x.count, stride[0]):
        shares = [scale(g, 1 / stride[0], t, x.shape[0]) for t in flat[first : first + stride[0]]]
        total = shares[0]
        for share in shares[1:]:
            total = g("Add", share, total)
        means.append(total)
    return Phases(tuple(means), (x.shape[0], *(n // s for n, s in zip(x.shape[1:], stride))))


def upsample(g: GraphBuilder, x: Phases, upsampling: Upsampling, count: int) -> Phases:
    """A finer volume in ``count`` phases: of each coarse slice come as many fine ones as the stride."""
    deep, *within = upsampling.stride
    fine = []
    for tensor in regroup(g, x, max(1, count // deep)).tensors:
        if upsampling.weight.shape[2:] == upsampling.stride:
            fine += [_spread(g, tensor, upsampling.weight[:, :, i], upsampling.bias) for i in range(deep)]
        else:
            kernel = upsampling.weight[:, :, 0].transpose(1, 0, 2, 3)
            narrow = conv2d(g, tensor, kernel, bias=upsampling.bias)
            scales = np.array([1, 1, *within], dtype=np.float32)
            wide = g("Resize", narrow, "", scales, mode="nearest") if set(within) != {1} else narrow
            fine += [wide] * deep
    size = [n * s for n, s in zip(x.shape[1:], upsampling.stride)]
    return regroup(g, Phases(tuple(fine), (upsampling.weight.shape[1], *size)), count)


def _spread(g: GraphBuilder, tensor: str, kernel: np.ndarray, bias: np.ndarray | None) -> str:
    """A transposed convolution of slices, kernel = stride."""
    size = list(kernel.shape[2:])
    more = [] if bias is None else [bias]
    return g("ConvTranspose", tensor, kernel, *more, kernel_shape=size, strides=size)


def activate(g: GraphBuilder, x: Phases, slope: float | None) -> Phases:
    if slope is None:
        return x
    return x.like(g("LeakyRelu", t, alpha=slope) if slope else g("Relu", t) for t in x.tensors)


def arrange(g: GraphBuilder, x: Phases, channels: int = 0) -> Phases:
    """A volume in phases small enough, and a multiple of four of them where its depth allows for it.

    ``channels`` is the width that is to come, if not the volume's own.
    """
    own, depth, height, width = x.shape
    if depth % 4 or depth < 8:
        return regroup(g, x, 2 if depth % 2 == 0 else 1)
    slices = MAX_TENSOR_BYTES // (4 * (channels or own) * height * width)
    wanted = min(n for n in range(4, depth + 1, 4) if depth % n == 0 and (depth // n <= slices or n == depth))
    return x if x.count in (wanted, 2 * wanted) else regroup(g, x, wanted)


def _divisible(g: GraphBuilder, x: Phases, stride: Size) -> Phases:
    if any(n % s for n, s in zip(x.shape[1:], stride)):
        raise Unsupported(f"{x.shape} by {stride}")
    return x if x.count % stride[0] == 0 else regroup(g, x, stride[0])


def _bias(conv: nn.Conv3d) -> np.ndarray | None:
    return None if conv.bias is None else array(conv.bias)
