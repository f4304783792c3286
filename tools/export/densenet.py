"""MONAI's DenseNet121 on the images alone, for tasks 2 and 3, rebuilt from the shapes of its weights."""

from __future__ import annotations

import re

import torch
from monai.networks.nets import DenseNet

from architectures import assert_fits
from checkpoint import Checkpoint
from errors import ExportError
from multimodal import PredictionNetwork

MARK = "features.conv0.weight"
NAMES = {(6, 12, 24, 16): "DenseNet121", (6, 12, 32, 32): "DenseNet169", (6, 12, 48, 32): "DenseNet201"}
ENDS = {"task2": ("risk", 1), "task3": ("logits", 2)}


class ImageNetwork(torch.nn.Module):
    """A network that takes no record, called as those that do."""

    def __init__(self, image: torch.nn.Module) -> None:
        super().__init__()
        self.image = image

    def forward(self, image: torch.Tensor, _record: torch.Tensor) -> torch.Tensor:
        return self.image(image)


def is_densenet(checkpoint: Checkpoint) -> bool:
    """Whether a DenseNet is in it, perhaps beside other parts."""
    return any(key.endswith(MARK) for key in checkpoint.state)


def build_densenet(checkpoint: Checkpoint, task: str) -> PredictionNetwork:
    """The network whose weights these are, every key and shape matching.

    Raises ExportError when it is no plain DenseNet or its outputs are not those of the task.
    """
    path = checkpoint.path
    found = next(key for key in checkpoint.state if key.endswith(MARK))
    prefix = found.removesuffix(MARK)
    state = {k.removeprefix(prefix): v for k, v in checkpoint.state.items() if k.startswith(prefix)}
    others = [key for key in checkpoint.state if not key.startswith(prefix)]
    if others or "class_layers.out.weight" not in state:
        raise ExportError(
            f"{path}: holds a DenseNet and {', '.join(others[:3]) or 'no class_layers.out'}",
            "only a plain DenseNet is rebuilt; write the ONNX file of the whole yourself and pass it with --onnx",
        )
    first, last = state[MARK], state["class_layers.out.weight"]
    if first.dim() != 5 or last.dim() != 2:
        raise ExportError(f"{path}: its first layer has {first.dim() - 2} axes", "a 3-D DenseNet is needed")
    output, wanted = ENDS[task]
    if last.shape[0] != wanted:
        raise ExportError(
            f"{path}: gives {last.shape[0]} numbers, {task} needs {wanted} ({output})", "train it with these outputs"
        )
    depths = _depths(state)
    one = state.get("features.denseblock1.denselayer1.layers.conv1.weight", last)
    growth = state.get("features.denseblock1.denselayer1.layers.conv2.weight", last).shape[0]
    network = DenseNet(
        spatial_dims=3, in_channels=first.shape[1], out_channels=last.shape[0], init_features=first.shape[0],
        growth_rate=growth, block_config=depths, bn_size=max(1, one.shape[0] // growth),
    )  # fmt: skip
    name = NAMES.get(depths, f"DenseNet {'-'.join(map(str, depths))}")
    assert_fits(checkpoint, network, state, name, "other norms and activations are not rebuilt")
    network.load_state_dict(state)
    return PredictionNetwork(
        module=ImageNetwork(network.eval()),
        architecture=name,
        channels=int(first.shape[1]),
        clinical=0,
        outputs=wanted,
        output=output,
        notes=("dropout, where training had it, is off; the activation is ReLU, as MONAI's default",),
    )


def _depths(state: dict[str, torch.Tensor]) -> tuple[int, ...]:
    depths: dict[int, int] = {}
    for key in state:
        if match := re.match(r"features\.denseblock(\d+)\.denselayer(\d+)\.layers\.conv1\.", key):
            depths[int(match[1])] = max(depths.get(int(match[1]), 0), int(match[2]))
    return tuple(depths[block] for block in sorted(depths))
