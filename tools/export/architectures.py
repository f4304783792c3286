"""The networks of the challenge's baselines and SegResNetDS, rebuilt from a checkpoint's settings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from monai.networks.nets import UNETR, SegResNet, SwinUNETR, UNet

import segresnet_ds
from checkpoint import Checkpoint
from errors import ExportError

DEFAULT_ROI = (128, 128, 128)


@dataclass(frozen=True)
class Architecture:
    """How one kind of network is recognised and built."""

    name: str
    prefix: str
    mark: str
    defaults: dict[str, Any]
    build: Callable[[dict[str, Any]], torch.nn.Module]
    infer: Callable[[dict[str, torch.Tensor]], dict[str, Any]]
    multiple: Callable[[dict[str, Any]], int]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """A network with its weights, ready to trace."""

    architecture: str
    module: torch.nn.Module
    settings: dict[str, Any]
    roi: tuple[int, int, int]
    notes: tuple[str, ...]


def build_network(
    checkpoint: Checkpoint, name: str = "auto", roi: tuple[int, int, int] | None = None
) -> Network:
    """Builds the checkpoint's network and loads its weights, every key and shape matching.

    Raises ExportError when the architecture is not recognised or the weights do not fit.
    """
    architecture = choose_architecture(checkpoint, name)
    state = strip_prefix(checkpoint.state, architecture.prefix)
    notes: list[str] = []
    if not checkpoint.config:
        notes.append("no model_config in the checkpoint: settings read off the weights")
    settings = {**architecture.defaults, **architecture.infer(state)}
    known = set(settings) | {"input_channels", "num_classes"}
    settings.update({k: v for k, v in checkpoint.config.items() if k in known})
    size = choose_roi(checkpoint, roi, architecture, settings, notes)
    try:
        module = architecture.build({**settings, "img_size": size})
    except (ValueError, TypeError, AssertionError) as error:
        raise ExportError(
            f"{checkpoint.path}: its model_config does not describe a {architecture.name}: {error}",
            "compare model_config with the settings used in training",
        ) from error
    assert_fits(checkpoint, module, state, architecture.name)
    module.load_state_dict(state)
    return Network(architecture.name, module.eval(), settings, size, tuple(notes))


def choose_architecture(checkpoint: Checkpoint, name: str) -> Architecture:
    """The named architecture, or with ``auto`` the one whose keys the checkpoint holds."""
    if name != "auto":
        return ARCHITECTURES[name]
    for candidate in ARCHITECTURES.values():
        if any(key.startswith(candidate.prefix) for key in checkpoint.state):
            return candidate
    experiment = str(checkpoint.config.get("experiment_name", "")).replace("\\", "/").rsplit("/", 1)[-1]
    for candidate in ARCHITECTURES.values():
        if experiment in (candidate.name, *candidate.aliases):
            return candidate
    for candidate in ARCHITECTURES.values():
        if any(key.startswith(candidate.mark) for key in checkpoint.state):
            return candidate
    first = ", ".join(list(checkpoint.state)[:3])
    raise ExportError(
        f"{checkpoint.path}: cannot tell the architecture from its keys (first: {first})",
        f"name it with --architecture {'|'.join(ARCHITECTURES)}",
    )


def strip_prefix(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    """Removes the attribute name under which a training wrapper kept the network."""
    if not any(key.startswith(prefix) for key in state):
        return dict(state)
    return {key.removeprefix(prefix): value for key, value in state.items()}


def choose_roi(checkpoint, asked, architecture, settings, notes) -> tuple[int, int, int]:
    """The window size: as asked, else the checkpoint's ``spatial_size``, else 128³."""
    given = asked or checkpoint.config.get("spatial_size")
    if given is None:
        notes.append(f"no spatial_size in the checkpoint: window {DEFAULT_ROI} assumed")
        given = DEFAULT_ROI
    given = (given,) * 3 if isinstance(given, int) else given
    valid = isinstance(given, (tuple, list)) and len(given) == 3
    if not valid or not all(isinstance(n, int) and 0 < n <= 512 for n in given):
        raise ExportError(
            f"{checkpoint.path}: spatial_size is {given!r}, expected three whole numbers up to 512",
            "pass the window of training with --roi",
        )
    step = architecture.multiple(settings)
    if any(n % step for n in given):
        raise ExportError(
            f"window {tuple(given)} does not suit this {architecture.name}: "
            f"every side must be a multiple of {step}",
            "pass the window of training with --roi",
        )
    return (given[0], given[1], given[2])


MISFIT = "choose another --architecture, or correct model_config in the checkpoint"


def assert_fits(checkpoint, module, state, name, fix: str = MISFIT) -> None:
    """Raises ExportError naming the first keys and shapes that differ."""
    wanted = module.state_dict()
    missing = [key for key in wanted if key not in state]
    unexpected = [key for key in state if key not in wanted]
    shapes = [
        f"{key} is {tuple(state[key].shape)}, expected {tuple(wanted[key].shape)}"
        for key in wanted
        if key in state and state[key].shape != wanted[key].shape
    ]
    faults = [
        f"{title} ({len(items)}): {'; '.join(items[:3])}"
        for title, items in (("missing", missing), ("unexpected", unexpected), ("shape", shapes))
        if items
    ]
    if faults:
        raise ExportError(
            f"{checkpoint.path}: does not fit {name}\n  " + "\n  ".join(faults),
            fix,
        )
    bad = [key for key in wanted if not torch.isfinite(state[key].float()).all()]
    if bad:
        raise ExportError(
            f"{checkpoint.path}: {bad[0]} holds NaN or infinity", "use a checkpoint saved earlier"
        )


def _pass(factory: Callable, settings: dict[str, Any], **renamed: Any) -> torch.nn.Module:
    accepted = inspect.signature(factory).parameters
    return factory(**renamed, **{k: v for k, v in settings.items() if k in accepted})


def _ends(config: dict[str, Any]) -> dict[str, Any]:
    return {"in_channels": config["input_channels"], "out_channels": config["num_classes"]}


def _only(config: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: config[name] for name in names}


def _channels(state, first: str, last: str) -> dict[str, Any]:
    found = {}
    if first in state:
        found["input_channels"] = int(state[first].shape[1])
    if last in state:
        found["num_classes"] = int(state[last].shape[0])
    return found


def _infer_segresnet(state) -> dict[str, Any]:
    found = _channels(state, "convInit.conv.weight", "conv_final.2.conv.weight")
    if "convInit.conv.weight" in state:
        found["init_filters"] = int(state["convInit.conv.weight"].shape[0])

    def blocks(group: str, skip: int) -> tuple[int, ...]:
        seen: dict[int, set[int]] = {}
        for key in state:
            match = re.match(rf"{group}\.(\d+)\.(\d+)\.conv1\.", key)
            if match:
                seen.setdefault(int(match[1]), set()).add(int(match[2]))
        return tuple(len(seen[level]) for level in sorted(seen))

    down, up = blocks("down_layers", 1), blocks("up_layers", 0)
    return {**found, **({"blocks_down": down} if down else {}), **({"blocks_up": up} if up else {})}


def _infer_unet(state) -> dict[str, Any]:
    found = _channels(state, "model.0.conv.unit0.conv.weight", "")
    lasts = [k for k in state if re.fullmatch(r"model\.2\.\d+\.conv\.(unit\d+\.)?conv\.weight", k)]
    if lasts:
        found["num_classes"] = int(state[sorted(lasts)[-1]].shape[0])
    return found


def _infer_unetr(state) -> dict[str, Any]:
    return _channels(state, "encoder1.layer.conv1.conv.weight", "out.conv.conv.weight")


ARCHITECTURES: dict[str, Architecture] = {
    "segresnet": Architecture(
        name="segresnet",
        prefix="segresnet.",
        mark="convInit.",
        defaults={
            "input_channels": 2,
            "num_classes": 3,
            "init_filters": 16,
            "blocks_down": (1, 2, 2, 4),
            "blocks_up": (1, 1, 1),
            "dropout_prob": 0.2,
        },
        build=lambda c: SegResNet(
            **_ends(c), **_only(c, "init_filters", "blocks_down", "blocks_up", "dropout_prob")
        ),
        infer=_infer_segresnet,
        multiple=lambda c: 2 ** (len(c["blocks_down"]) - 1),
    ),
    "segresnetds": Architecture(
        name="segresnetds",
        prefix="segresnetds.",
        mark="encoder.conv_init.",
        aliases=("segresnet_ds",),
        defaults=segresnet_ds.DEFAULTS,
        build=segresnet_ds.build,
        infer=segresnet_ds.infer,
        multiple=lambda c: 2 ** (len(c["blocks_down"]) - 1),
    ),
    "unet": Architecture(
        name="unet",
        prefix="unet.",
        mark="model.",
        aliases=("unet3d",),
        defaults={
            "input_channels": 2,
            "num_classes": 3,
            "channels": (16, 32, 64, 128, 256),
            "strides": (2, 2, 2, 2),
            "kernel_size": 3,
            "up_kernel_size": 3,
            "dropout": 0.0,
            "num_res_units": 2,
        },
        build=lambda c: UNet(
            spatial_dims=3,
            **_ends(c),
            **_only(c, "channels", "strides", "kernel_size", "up_kernel_size"),
            **_only(c, "dropout", "num_res_units"),
        ),
        infer=_infer_unet,
        multiple=lambda c: 2 ** len(c["strides"]),
    ),
    "unetr": Architecture(
        name="unetr",
        prefix="unetr.",
        mark="vit.",
        defaults={
            "input_channels": 2,
            "num_classes": 3,
            "feature_size": 16,
            "hidden_size": 768,
            "mlp_dim": 3072,
            "num_heads": 12,
            "dropout_rate": 0.0,
            "norm_name": "instance",
            "res_block": True,
            "conv_block": True,
        },
        build=lambda c: _pass(UNETR, {**c, "spatial_dims": 3}, **_ends(c)),
        infer=_infer_unetr,
        multiple=lambda c: 16,
    ),
    "swinunetr": Architecture(
        name="swinunetr",
        prefix="swinunetr.",
        mark="swinViT.",
        aliases=("swin_unetr",),
        defaults={
            "input_channels": 2,
            "num_classes": 3,
            "feature_size": 48,
            "depths": (2, 2, 2, 2),
            "num_heads": (3, 6, 12, 24),
            "drop_rate": 0.0,
            "attn_drop_rate": 0.0,
            "dropout_path_rate": 0.0,
            "normalize": True,
        },
        build=lambda c: _pass(SwinUNETR, {**c, "spatial_dims": 3}, **_ends(c)),
        infer=_infer_unetr,
        multiple=lambda c: 32,
    ),
}
