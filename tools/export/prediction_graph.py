"""The networks of tasks 2 and 3 as ONNX graphs, batch norms folded into the convolutions."""

from __future__ import annotations

import pathlib

import numpy as np
import torch
from monai.networks.nets import DenseNet, ResNet

from errors import ExportError
from multimodal import PredictionNetwork
from onnx_file import save_model
from optimise import resnet
from optimise.builder import GraphBuilder
from optimise.folding import array, fold


def write_prediction_graph(
    network: PredictionNetwork, size: int, wanted: str, path: pathlib.Path, metadata: dict[str, str]
) -> str:
    """Writes inputs ``image`` [1, channels, n, n, n] and ``clinical`` [1, features], and one output.

    Returns the arrangement used: ``fast`` (2-D convolutions over slices) or ``plain`` (3-D ones).
    """
    module = network.module
    if network.clinical == 0:
        _write_image_network(network, size, path, {**metadata, "graph": "plain"})
        return "plain"
    fast = wanted == "fast" and resnet.supports(module.image, size)
    arrangement = "fast" if fast else "plain"
    g = GraphBuilder()
    seen = resnet.features(g, "image", module.image, size) if fast else plain_resnet(g, "image", module.image)
    if module.image.fc is not None:
        seen = linear(g, seen, module.image.fc)
    both = g("Concat", seen, perceptron(g, "clinical", module.clinical), axis=1)
    parts = [module.fusion] if module.risk is None else [module.fusion, module.risk]
    result = both
    for part in parts:
        result = perceptron(g, result, part)
    g("Identity", result, outputs=[network.output])
    model = g.model(
        {"image": (1, network.channels, size, size, size), "clinical": (1, network.clinical)},
        {network.output: (1, network.outputs)},
        {**metadata, "graph": arrangement},
    )
    save_model(model, path)
    return arrangement


def _write_image_network(network: PredictionNetwork, size: int, path: pathlib.Path, metadata: dict[str, str]) -> None:
    dense: DenseNet = network.module.image
    blocks = sum(name.startswith("denseblock") for name, _ in dense.features.named_children())
    if size < 2 ** (blocks + 1):
        raise ExportError(
            f"images of {size}^3 are too small for {network.architecture}", f"at least {2 ** (blocks + 1)}"
        )
    g = GraphBuilder()
    g("Identity", plain_densenet(g, "image", dense), outputs=[network.output])
    ends = {"image": (1, network.channels, size, size, size)}, {network.output: (1, network.outputs)}
    save_model(g.model(*ends, metadata), path)


def plain_densenet(g: GraphBuilder, x: str, network: DenseNet) -> str:
    """[1, channels, a, b, c] to [1, outputs]; norms behind a convolution are folded into it."""
    parts = dict(network.features.named_children())
    x = g("Relu", _conv3d(g, x, parts["conv0"], parts["norm0"]))
    x = g("MaxPool", x, kernel_shape=[3] * 3, strides=[2] * 3, pads=[1] * 6)
    for name, part in parts.items():
        if name.startswith("denseblock"):
            for layer in part:
                steps = layer.layers
                inner = g("Relu", _norm3d(g, x, steps.norm1))
                inner = g("Relu", _conv3d(g, inner, steps.conv1, steps.norm2))
                x = g("Concat", x, g("Conv", inner, array(steps.conv2.weight), pads=[1] * 6), axis=1)
        elif name.startswith("transition"):
            x = g("Conv", g("Relu", _norm3d(g, x, part.norm)), array(part.conv.weight))
            x = g("AveragePool", x, kernel_shape=[2] * 3, strides=[2] * 3)
    x = g("Relu", _norm3d(g, x, parts["norm5"]))
    return linear(g, g("Flatten", g("GlobalAveragePool", x), axis=1), network.class_layers.out)


def _norm3d(g: GraphBuilder, x: str, norm: torch.nn.BatchNorm3d) -> str:
    numbers = (array(v) for v in (norm.weight, norm.bias, norm.running_mean, norm.running_var))
    return g("BatchNormalization", x, *numbers, epsilon=norm.eps)


def perceptron(g: GraphBuilder, x: str, part: torch.nn.Sequential) -> str:
    """Linear layers, ReLUs and batch norms of [1, n]."""
    for layer in part:
        if isinstance(layer, torch.nn.Linear):
            x = linear(g, x, layer)
        elif isinstance(layer, torch.nn.ReLU):
            x = g("Relu", x)
        elif isinstance(layer, torch.nn.BatchNorm1d):
            x = batch_norm(g, x, layer)
    return x


def linear(g: GraphBuilder, x: str, layer: torch.nn.Linear) -> str:
    bias = [] if layer.bias is None else [array(layer.bias)]
    return g("Gemm", x, array(layer.weight), *bias, transB=1)


def batch_norm(g: GraphBuilder, x: str, norm: torch.nn.BatchNorm1d) -> str:
    """After a ReLU it cannot be folded into the layer before, and a vector costs nothing."""
    scale = 1 / np.sqrt(array(norm.running_var).astype(np.float64) + norm.eps)
    if norm.affine:
        scale = scale * array(norm.weight)
    offset = -array(norm.running_mean) * scale + (array(norm.bias) if norm.affine else 0)
    return g("Add", g("Mul", x, scale.astype(np.float32)[None]), offset.astype(np.float32)[None])


def plain_resnet(g: GraphBuilder, x: str, network: ResNet) -> str:
    """[1, channels, a, b, c] to [1, width], layer by layer as PyTorch computes it."""
    x = g("Relu", _conv3d(g, x, network.conv1, network.bn1))
    if not network.no_max_pool:
        x = g("MaxPool", x, kernel_shape=[3] * 3, strides=[2] * 3, pads=[1] * 6)
    for layer in (network.layer1, network.layer2, network.layer3, network.layer4):
        for block in layer:
            x = _block(g, x, block)
    return g("Flatten", g("GlobalAveragePool", x), axis=1)


def _block(g: GraphBuilder, x: str, block: torch.nn.Module) -> str:
    inner = g("Relu", _conv3d(g, x, block.conv1, block.bn1))
    inner = _conv3d(g, inner, block.conv2, block.bn2)
    if hasattr(block, "conv3"):
        inner = _conv3d(g, g("Relu", inner), block.conv3, block.bn3)
    return g("Relu", g("Add", inner, _shortcut(g, x, block)))


def _shortcut(g: GraphBuilder, x: str, block: torch.nn.Module) -> str:
    if block.downsample is None:
        return x
    if isinstance(block.downsample, torch.nn.Sequential):
        return _conv3d(g, x, *block.downsample)
    # Shortcut A: every stride-th voxel, further channels zero.
    last = block.conv3 if hasattr(block, "conv3") else block.conv2
    missing = last.out_channels - block.conv1.in_channels
    if block.stride != 1:
        axes = np.array([2, 3, 4])
        most = np.full(3, np.iinfo(np.int64).max)
        x = g("Slice", x, np.zeros(3, np.int64), most, axes, np.full(3, block.stride))
    return g("Pad", x, np.array([0, 0, 0, 0, 0, 0, missing, 0, 0, 0])) if missing else x


def _conv3d(g: GraphBuilder, x: str, conv: torch.nn.Conv3d, norm: torch.nn.Module) -> str:
    weight, bias = fold(conv, norm)
    pads = list(conv.padding) * 2
    return g("Conv", x, weight, bias, kernel_shape=list(conv.kernel_size), strides=list(conv.stride), pads=pads)
