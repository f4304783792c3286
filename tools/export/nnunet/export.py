"""Exporting a trained model folder of nnU-Net v2, with that of a cascade's first stage where it has one."""

from __future__ import annotations

import argparse
import pathlib
import re

from errors import ExportError
from json_file import write_json
from nnunet.folder import CHECKPOINTS, Choices, Trained, read_folder
from nnunet.names import parse_labels
from nnunet.recipe import nnunet_recipe
from segmentation import Member, write_models, write_reports

# Trainers of the package itself. Those that change the network (BN) are told by its weights.
OWN_TRAINER = re.compile(
    r"nnUNetTrainer(_\d+epochs?(_NoMirroring)?|Benchmark_\w+|_warmup|_noDummy2DDA|_onlyMirror01|_probabilistic\w+"
    r"|NoMirroring|NoDA|DA5\w*|DAOrd0|CELoss|Dice\w+|Topk\w+|TopK\w+|CosAnneal|BN|NoDeepSupervision|Adam\w*"
    r"|Vanilla\w+|Adan\w*)?|STUNetTrainer(_(small|base|large|huge))?(_ft)?"
)


def export_nnunet(options: argparse.Namespace, folder: pathlib.Path) -> None:
    """Writes one ONNX file a fold, pipeline.json (and lowres.json), reports and the start of a card."""
    if options.task != "task1":
        raise ExportError("--nnunet is for task1", "networks of tasks 2 and 3 are passed with --checkpoint")
    trained = read_folder(options.nnunet, _choices(options))
    first = _first_stage(options, trained)
    stages = [(trained, "", "pipeline.json")] + ([(first, "lowres_", "lowres.json")] if first else [])
    members = {
        recipe: [
            Member(f"{prefix}{fold.name}.onnx", fold.checkpoint, fold.network, stage.labels.regions is not None)
            for fold in stage.folds
        ]
        for stage, prefix, recipe in stages
    }
    for note in dict.fromkeys(_notes(options, trained)):
        print(f"note: {note}")
    everyone = [member for group in members.values() for member in group]
    reports = write_models(options, everyone, folder)
    name = options.name or f"{trained.configuration.dataset} {trained.configuration.name}"
    for stage, _, file in stages:
        recipe = nnunet_recipe(
            stage,
            name if stage is trained else f"{name}, first stage",
            [member.file for member in members[file]],
            interpolation=options.pet_interpolation,
            arithmetic=options.arithmetic,
            mirroring=not options.no_mirroring,
            cascade="lowres.json" if stage is trained and first else None,
            raw=stage is first,
        )
        write_json(folder / file, recipe)
    write_reports(folder, name, everyone, reports, _facts(trained, _notes(options, trained)))


def _choices(options: argparse.Namespace) -> Choices:
    asked = [str(path) for path in options.checkpoint or ["final"]]
    if len(asked) != 1 or asked[0] not in CHECKPOINTS:
        raise ExportError(
            f"--checkpoint {' '.join(asked)}: with --nnunet it is one of {', '.join(CHECKPOINTS)}",
            "the files are found in the folder",
        )
    labels = parse_labels(options.labels)
    return Choices(options.folds, asked[0], options.channels, labels, options.trust_checkpoint)


def _first_stage(options: argparse.Namespace, trained: Trained) -> Trained | None:
    """The folder of the cascade's first stage; its labels must be those of the second."""
    previous, path = trained.configuration.previous, options.nnunet_lowres
    if previous is None:
        if path is not None:
            raise ExportError(
                f"{options.nnunet}: {trained.configuration.name} is no cascade", "leave out --nnunet-lowres"
            )
        return None
    if path is None:
        raise ExportError(
            f"{options.nnunet}: {trained.configuration.name} takes the result of {previous} as an input",
            f"pass the trained folder of {previous} with --nnunet-lowres",
        )
    first = read_folder(path, _choices(options))
    if first.configuration.name != previous or first.labels.values != trained.labels.values:
        raise ExportError(
            f"{path}: is {first.configuration.name} with the labels {first.labels.values}, "
            f"expected {previous} with {trained.labels.values}",
            "both stages must be of the same dataset",
        )
    return first


def _notes(options: argparse.Namespace, trained: Trained) -> list[str]:
    """What the folder does not say, and what the user should know of the choice made."""
    plan = trained.configuration
    assumed = f"PET onto the grid of the CT: {options.pet_interpolation} (--pet-interpolation), as it was for training"
    notes = [*trained.labels.notes, *([assumed] if "pet" in trained.channels else [])]
    if not OWN_TRAINER.fullmatch(trained.trainer):
        notes.append(
            f"trainer {trained.trainer} is not known; only that the weights fit the plans' network was checked"
        )
    if any(trained.path.glob("**/postprocessing.*")):
        notes.append("postprocessing of the cross-validation is not exported (docs/recipe.md has rules for it)")
    if plan.next:
        notes.append(f"{plan.name} is the first stage of {plan.next}; it is exported alone")
    if trained.mirroring and not options.no_mirroring:
        runs = 2 ** len(trained.mirroring)
        notes.append(f"mirroring takes {runs} runs a window; --no-mirroring takes one")
    return notes


def _facts(trained: Trained, notes: list[str]) -> list[str]:
    plan = trained.configuration
    spacing = " x ".join(f"{n:g}" for n in plan.spacing)
    return [
        f"nnU-Net v2: {plan.dataset}, {plan.name}, {trained.trainer}, spacing {spacing} mm",
        f"channels: {', '.join(trained.channels)}; folds: {', '.join(fold.name for fold in trained.folds)}",
        *notes,
    ]
