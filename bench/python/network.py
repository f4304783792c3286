"""The baseline's network, its checkpoint and its sliding window."""

from __future__ import annotations

import pathlib

import torch
from monai.inferers import sliding_window_inference
from monai.networks.nets import SegResNet

SETTINGS = {
    "input_channels": 2,
    "num_classes": 3,
    "spatial_size": (128, 128, 128),
    "blocks_down": (1, 2, 2, 4),
    "blocks_up": (1, 1, 1),
    "init_filters": 16,
    "dropout_prob": 0.2,
    "experiment_name": "segresnet",
}
PREFIX = "segresnet."


def build(settings: dict) -> SegResNet:
    return SegResNet(
        blocks_down=tuple(settings["blocks_down"]),
        blocks_up=tuple(settings["blocks_up"]),
        init_filters=settings["init_filters"],
        in_channels=settings["input_channels"],
        out_channels=settings["num_classes"],
        dropout_prob=settings["dropout_prob"],
    )


def load(checkpoint: pathlib.Path) -> tuple[SegResNet, dict]:
    """The network of a checkpoint, ready to predict, and its settings."""
    content = torch.load(checkpoint, map_location="cpu", weights_only=True)
    settings = {**SETTINGS, **content["model_config"]}
    network = build(settings)
    state = content["model_state_dict"]
    network.load_state_dict({key.removeprefix(PREFIX): value for key, value in state.items()})
    return network.eval(), settings


def predict(network: SegResNet, tensor: torch.Tensor, settings: dict) -> torch.Tensor:
    """Classes (Y, X, Z) of a tensor (1, 2, Y, X, Z)."""
    with torch.no_grad():
        logits = sliding_window_inference(
            tensor,
            roi_size=settings["spatial_size"],
            sw_batch_size=4,
            predictor=network,
            overlap=0.5,
            mode="gaussian",
            sigma_scale=0.125,
        )
        return torch.softmax(logits, dim=1).argmax(dim=1)[0]
