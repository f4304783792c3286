"""A trained model folder: plans.json, dataset.json and fold_*/checkpoint_*.pth."""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass
from typing import Any

from architectures import Network
from checkpoint import Checkpoint, checkpoint_from
from errors import ExportError, assert_file
from json_file import read_object
from nnunet.names import Labels, channels_of, labels_of
from nnunet.network import build_fold
from nnunet.plans import AGAIN, Configuration, read_configuration, reason
from torch_archive import load_torch_archive

CHECKPOINTS = ("final", "best", "latest")
FOLD = re.compile(r"fold_(\d+|all)")


@dataclass(frozen=True)
class Fold:
    """One trained network."""

    name: str
    checkpoint: Checkpoint
    network: Network


@dataclass(frozen=True)
class Trained:
    """A whole folder, read and checked."""

    path: pathlib.Path
    configuration: Configuration
    channels: tuple[str, ...]
    labels: Labels
    trainer: str
    mirroring: tuple[int, ...]
    folds: tuple[Fold, ...]


@dataclass(frozen=True)
class Choices:
    """What the user asked for; None: as the folder says."""

    folds: list[str] | None
    checkpoint: str
    channels: list[str] | None
    labels: dict[str, list[str]] | None
    trust: bool


def read_folder(path: pathlib.Path, choices: Choices) -> Trained:
    """Reads a trained model folder, whatever it is called.

    Raises ExportError when something is missing, damaged, or computes what the recipe cannot say.
    """
    if not (path / "plans.json").is_file():
        raise ExportError(f"{path}: has no plans.json", _where(path))
    dataset_file = path / "dataset.json"
    dataset = read_object(dataset_file, AGAIN)
    channels = channels_of(dataset_file, dataset, choices.channels)
    labels = labels_of(dataset_file, dataset, choices.labels)
    files = _fold_files(path, choices)
    first: tuple[Any, ...] | None = None
    folds = []
    for file in files:
        checkpoint, said = _read_checkpoint(file, choices.trust)
        if first is None:
            first = said
            configuration = read_configuration(path / "plans.json", said[1])
            if len(configuration.schemes) != len(channels):
                raise ExportError(
                    f"{path}: plans.json has {len(configuration.schemes)} channels, dataset.json {len(channels)}",
                    "both must be of the same training",
                )
        elif said[1:] != first[1:]:
            raise ExportError(
                f"{file}: is of {said[1]} and mirrors {said[2]}, {files[0].parent.name} of {first[1]} and {first[2]}",
                "export folds of one training",
            )
        stacked = len([v for v in labels.values if v]) if configuration.previous else 0
        network = build_fold(checkpoint, said[0], configuration, len(channels) + stacked, labels.count)
        folds.append(Fold(file.parent.name, checkpoint, network))
    return Trained(path, configuration, channels, labels, first[0], first[2], tuple(folds))


def _where(path: pathlib.Path) -> str:
    """Where the folder probably is: below or above the one that was passed."""
    near = [
        *sorted(p.parent for p in path.glob("*/plans.json")),
        *(p for p in path.parents if (p / "plans.json").is_file()),
    ]
    return f"pass {near[0]}" if near else "pass the folder that nnUNetv2_train wrote, with plans.json and fold_0"


def _fold_files(path: pathlib.Path, choices: Choices) -> list[pathlib.Path]:
    """The checkpoints of the folds asked for; by default of all that have one, as nnU-Net does."""
    name = f"checkpoint_{choices.checkpoint}.pth"
    there = sorted((p for p in path.glob("fold_*") if FOLD.fullmatch(p.name)), key=lambda p: (len(p.name), p.name))
    if choices.folds is None:
        wanted = [p for p in there if p.name != "fold_all"] or there
        found = [p / name for p in wanted if (p / name).exists() or (p / name).is_symlink()]
        for folder in wanted:
            if found and folder / name not in found:
                print(f"note: {folder.name} has no {name} and is left out")
    else:
        found = [path / f"fold_{fold}" / name for fold in dict.fromkeys(choices.folds)]
    for file in found or [path / "fold_*" / name]:
        assert_file(file, _others(path))
    return found


def _others(path: pathlib.Path) -> str:
    files = [f"{p.parent.name}/{p.name}" for p in sorted(path.glob("fold_*/checkpoint_*.pth")) if p.is_file()]
    return f"choose with --folds and --checkpoint; there are {', '.join(files) or 'no checkpoints'}"


def _name(value: Any) -> str:
    """A name of Python or of plans; what else a file may hold there takes years to print."""
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise ValueError(f"a {type(value).__name__} in the place of a name")
    return value


def _read_checkpoint(file: pathlib.Path, trust: bool) -> tuple[Checkpoint, tuple[str, str, tuple[int, ...]]]:
    """The weights, and of which trainer, configuration and mirroring they are."""
    loaded = load_torch_archive(file, trust)
    try:
        weights = loaded["network_weights"]
        axes = loaded.get("inference_allowed_mirroring_axes") or ()
        trainer, name = loaded["trainer_name"], loaded["init_args"]["configuration"]
        said = (_name(trainer), _name(name), tuple(int(a) for a in axes))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ExportError(
            f"{file}: is no checkpoint of nnU-Net v2 ({reason(error)})", "pass one that nnUNetv2_train wrote"
        ) from error
    if any(a not in (0, 1, 2) for a in said[2]) or len(set(said[2])) < len(said[2]):
        raise ExportError(
            f"{file}: mirrors along the axes {said[2][:6]}, expected some of 0, 1, 2, each once",
            "copy the checkpoint again",
        )
    return checkpoint_from(file, {"model_state_dict": weights}), said
