"""The image-and-record networks of tasks 2 and 3, rebuilt from the shapes of their weights.

A 3-D ResNet reads the images, a small network the clinical vector; their features side by side go
through a third one. Task 2 has a fourth that turns the features into a risk.
"""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass
from typing import Any

import torch
from monai.networks.nets import ResNet

from architectures import assert_fits
from checkpoint import Checkpoint
from errors import ExportError


CONTRADICTION = "the sizes are read off the weights; these contradict each other"


@dataclass(frozen=True)
class Layout:
    """Under which names a task's training code keeps its parts, and whether a ReLU ends them."""

    image: str
    clinical: str
    fusion: str
    risk: str | None
    output: str


LAYOUTS = {
    "task2": Layout("imaging_backbone.", "clinical_processor.", "feature_fusion.", "risk_head.", "features"),
    "task3": Layout("img_model.", "clin_model.", "classifier.", None, "logits"),
}


@dataclass(frozen=True)
class Choices:
    """What the shapes of weights do not show; None: as the checkpoint's model_config, else MONAI."""

    conv1_stride: int | None = None
    max_pool: bool | None = None
    head: str = "auto"


class Multimodal(torch.nn.Module):
    """ResNet + clinical network -> fusion (-> risk)."""

    def __init__(self, image, clinical, fusion, risk=None) -> None:
        super().__init__()
        self.image, self.clinical, self.fusion, self.risk = image, clinical, fusion, risk

    def forward(self, image: torch.Tensor, clinical: torch.Tensor) -> torch.Tensor:
        both = torch.cat([self.image(image), self.clinical(clinical)], dim=1)
        fused = self.fusion(both)
        return fused if self.risk is None else self.risk(fused)


@dataclass(frozen=True)
class PredictionNetwork:
    """A network ready to write, with what was read off its weights; ``clinical`` 0: no record."""

    module: torch.nn.Module
    architecture: str
    channels: int
    clinical: int
    outputs: int
    output: str
    notes: tuple[str, ...]


def build_multimodal(checkpoint: Checkpoint, task: str, choices: Choices) -> PredictionNetwork:
    """Builds the network whose weights these are, every key and shape matching.

    Raises ExportError when a part is missing or of a kind that is not known.
    """
    layout = LAYOUTS[task]
    state = checkpoint.state
    parts = {name: _part(state, prefix) for name, prefix in _prefixes(layout).items()}
    for name in ("image", "clinical", "fusion"):
        if not parts[name]:
            raise ExportError(
                f"{checkpoint.path}: holds no {getattr(layout, name)}* weights (first keys: "
                f"{', '.join(list(state)[:3])})",
                f"is it a checkpoint of {task}? the names are those of the challenge's training code",
            )
    image, kind, notes = _resnet(checkpoint, parts["image"], choices)
    risk = None
    if choices.head == "risk":
        if not parts.get("risk"):
            raise ExportError(
                f"{checkpoint.path}: holds no {layout.risk or 'risk_head.'}* weights",
                "--head risk needs the risk head that training kept; use the survival model instead",
            )
        risk = _perceptron(checkpoint, layout.risk or "", parts["risk"], ends_in_relu=False)
    module = Multimodal(
        image,
        _perceptron(checkpoint, layout.clinical, parts["clinical"], ends_in_relu=True),
        _perceptron(checkpoint, layout.fusion, parts["fusion"], ends_in_relu=False),
        risk,
    )
    wanted = {k: v for name, part in parts.items() if name != "risk" or risk for k, v in _named(name, part)}
    foreign = {k: v for k, v in state.items() if not k.startswith(tuple(_prefixes(layout).values()))}
    assert_fits(checkpoint, module, {**wanted, **foreign}, kind, CONTRADICTION)
    module.load_state_dict(wanted)
    module.eval()
    network = PredictionNetwork(
        module=module,
        architecture=kind,
        channels=module.image.conv1.in_channels,
        clinical=_ends(module.clinical)[0],
        outputs=_ends(risk or module.fusion)[1],
        output="risk" if risk else layout.output,
        notes=tuple(notes),
    )
    _assert_joined(checkpoint.path, module, image)
    return network


def _prefixes(layout: Layout) -> dict[str, str]:
    found = {"image": layout.image, "clinical": layout.clinical, "fusion": layout.fusion}
    return {**found, "risk": layout.risk} if layout.risk else found


def _part(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def _named(name: str, part: dict[str, torch.Tensor]):
    return ((f"{name}.{key}", value) for key, value in part.items())


def _resnet(checkpoint: Checkpoint, state: dict[str, torch.Tensor], choices: Choices):
    """MONAI's ResNet with the depths and widths of these weights."""
    path, first = checkpoint.path, state.get("conv1.weight")
    if first is None or first.dim() != 5:
        raise ExportError(f"{path}: the image part is no 3-D ResNet", "its first layer should be conv1.weight")
    if "bn1.running_mean" not in state:
        raise ExportError(f"{path}: the ResNet has no batch norms", "other norms are not exported")
    depths: dict[int, int] = {}
    for key in state:
        match = re.match(r"layer(\d+)\.(\d+)\.conv1\.weight$", key)
        if match:
            depths[int(match[1])] = max(depths.get(int(match[1]), 0), int(match[2]) + 1)
    if sorted(depths) != [1, 2, 3, 4]:
        raise ExportError(f"{path}: the ResNet has layers {sorted(depths)}, expected 1 to 4", "use MONAI's ResNet")
    layers = [depths[i] for i in (1, 2, 3, 4)]
    bottleneck = "layer1.0.conv3.weight" in state
    stride, pool, notes = _unseen(checkpoint, choices)
    network = ResNet(
        block="bottleneck" if bottleneck else "basic",
        layers=layers,
        block_inplanes=[int(state[f"layer{i}.0.conv1.weight"].shape[0]) for i in (1, 2, 3, 4)],
        n_input_channels=int(first.shape[1]),
        conv1_t_size=tuple(int(n) for n in first.shape[2:]),
        conv1_t_stride=stride,
        no_max_pool=not pool,
        shortcut_type="B" if any(".downsample.0." in key for key in state) else "A",
        bias_downsample=any(key.endswith(".downsample.0.bias") for key in state),
        num_classes=int(state["fc.weight"].shape[0]) if "fc.weight" in state else 1,
        feed_forward="fc.weight" in state,
    )
    depth = 2 + sum(layers) * (3 if bottleneck else 2)
    widths = "-".join(str(int(state[f"layer{i}.0.conv1.weight"].shape[0])) for i in (1, 2, 3, 4))
    return network, f"resnet{depth} ({widths}) with clinical record", notes


def _unseen(checkpoint: Checkpoint, choices: Choices) -> tuple[int, bool, list[str]]:
    """Stride of the first layer and whether pooling follows it."""
    config, notes = checkpoint.config, []
    stride = choices.conv1_stride or config.get("conv1_t_stride", 1)
    stride = stride[0] if isinstance(stride, (list, tuple)) and len(set(stride)) == 1 else stride
    if stride not in (1, 2):
        raise ExportError(f"{checkpoint.path}: conv1_t_stride is {stride!r}", "pass --conv1-stride 1 or 2")
    pool = choices.max_pool if choices.max_pool is not None else not config.get("no_max_pool", False)
    if choices.conv1_stride is None and "conv1_t_stride" not in config:
        notes.append("stride of the first convolution 1, as MONAI's default (--conv1-stride)")
    return stride, pool, notes


def _perceptron(checkpoint, prefix: str, state: dict[str, torch.Tensor], ends_in_relu: bool):
    """A Sequential of linear layers, batch norms and ReLUs with its layers at the saved places.

    ReLUs have no weights: one follows every linear layer, but for the last one of a part whose
    output is not cut at zero.
    """
    places = sorted({int(key.split(".")[0]) for key in state if key.split(".")[0].isdigit()})
    linear = [i for i in places if state.get(f"{i}.weight") is not None and state[f"{i}.weight"].dim() == 2]
    odd = [k for k in state if not re.fullmatch(r"\d+\.(weight|bias|running_mean|running_var|num_batches_tracked)", k)]
    if not linear or odd:
        raise ExportError(
            f"{checkpoint.path}: {prefix}* is not a sequence of linear layers ({', '.join(odd[:3]) or 'none found'})",
            "only the challenge's own arrangement is exported",
        )
    layers: list[torch.nn.Module] = []
    for i in range(linear[-1] + 2 if ends_in_relu or places[-1] > linear[-1] else linear[-1] + 1):
        weight = state.get(f"{i}.weight")
        if i in linear:
            layers.append(torch.nn.Linear(weight.shape[1], weight.shape[0], bias=f"{i}.bias" in state))
        elif f"{i}.running_mean" in state:
            layers.append(torch.nn.BatchNorm1d(state[f"{i}.running_mean"].shape[0], affine=weight is not None))
        elif i - 1 in linear:
            layers.append(torch.nn.ReLU())
        else:
            layers.append(torch.nn.Identity())
    return torch.nn.Sequential(*layers)


def _ends(part: torch.nn.Sequential) -> tuple[int, int]:
    linear = [layer for layer in part if isinstance(layer, torch.nn.Linear)]
    return linear[0].in_features, linear[-1].out_features


def _assert_joined(path: pathlib.Path, module: Multimodal, image: Any) -> None:
    """The fusion takes exactly what the two others give; so does the risk head."""
    width = image.fc.out_features if image.fc is not None else _last_width(image)
    gives = width + _ends(module.clinical)[1]
    takes = _ends(module.fusion)[0]
    if gives != takes:
        raise ExportError(
            f"{path}: images give {width} features and the record {gives - width}, the fusion takes {takes}",
            "the checkpoint's parts do not belong together",
        )
    if module.risk is not None and _ends(module.fusion)[1] != _ends(module.risk)[0]:
        raise ExportError(f"{path}: the risk head does not take the fused features", "use another checkpoint")


def _last_width(image: Any) -> int:
    block = image.layer4[-1]
    return (block.conv3 if hasattr(block, "conv3") else block.conv2).out_channels
