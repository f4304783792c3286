"""Exporting segmentation networks: the challenge's baselines, and what all of task 1 has in common."""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Sequence
from dataclasses import dataclass

import monai
import onnxruntime
import torch

import parity
from architectures import Network, build_network
from checkpoint import Checkpoint, load_checkpoint
from errors import ExportError
from graph import write_graph
from json_file import write_json
from onnx_file import bytes_of
from recipe import segmentation_recipe

RECIPES = ("baseline", "corrected")
# What to do where a graph of this arrangement and PyTorch disagree.
FIXES = {
    "fast": "export with --graph plain",
    "plain": "this network makes much of rounding, so its answers are chance there: check its norms and their eps",
}


@dataclass(frozen=True)
class Member:
    """A network of the ensemble and the file that it becomes."""

    file: str
    checkpoint: Checkpoint
    network: Network
    regions: bool = False

    @property
    def source(self) -> str:
        """The checkpoint's name, with its folder's where that tells folds apart."""
        path = self.checkpoint.path
        return f"{path.parent.name}/{path.name}" if path.parent.name.startswith("fold_") else path.name


def export_segmentation(options: argparse.Namespace, folder: pathlib.Path) -> None:
    """Writes the networks of checkpoints of the challenge's training code, recipe and reports."""
    if options.recipe not in RECIPES:
        raise ExportError(f"--recipe {options.recipe} does not belong to task1", "use baseline or corrected")
    roi = tuple(options.roi) if options.roi else None
    single = len(options.checkpoint) == 1
    members = []
    for i, path in enumerate(options.checkpoint):
        checkpoint = load_checkpoint(path, options.trust_checkpoint)
        network = build_network(checkpoint, options.architecture, roi)
        members.append(Member("model.onnx" if single else f"model_{i}.onnx", checkpoint, network))
    _assert_one_window(members)
    reports = write_models(options, members, folder)
    files = [member.file for member in members]
    recipe = segmentation_recipe(options.recipe, options.name, members[0].network.roi, files, options.spacing)
    write_json(folder / "pipeline.json", recipe)
    write_reports(folder, recipe["name"], members, reports)


def write_models(
    options: argparse.Namespace, members: Sequence[Member], folder: pathlib.Path
) -> dict[str, list[parity.Comparison]]:
    """Writes each network and compares it with PyTorch.

    Raises ExportError when the two disagree.
    """
    reports = {}
    for member in members:
        network, checkpoint, file = member.network, member.checkpoint, folder / member.file
        for note in network.notes:
            print(f"note: {member.source}: {note}")
        metadata = {
            "architecture": network.architecture,
            "source": member.source,
            "source-sha256": checkpoint.sha256,
            "licence": options.licence,
        }
        arrangement = write_graph(network, options.graph, file, metadata)
        shape = (1, network.settings["input_channels"], *network.roi)
        results = parity.compare(network.module, file, shape, regions=member.regions)
        parity.assert_parity(member.file, results, FIXES[arrangement])
        reports[member.file] = results
        print(
            f"{member.file}: {network.architecture} ({arrangement} graph), {bytes_of(file) / 1e6:.1f} MB, "
            f"window {network.roi}; logits differ by at most {max(r.max_abs_difference for r in results):.1e}, "
            f"{min(r.voxel_agreement for r in results):.4%} of the voxels agree"
        )
    return reports


def write_reports(
    folder: pathlib.Path,
    name: str,
    members: Sequence[Member],
    reports: dict[str, list[parity.Comparison]],
    facts: Sequence[str] = (),
) -> None:
    """parity.json, parity.md and the start of a card, which holds ``facts`` too."""
    versions = {"torch": torch.__version__, "monai": monai.__version__, "onnxruntime": onnxruntime.__version__}
    models = [
        {
            "file": m.file,
            "architecture": m.network.architecture,
            "source": m.source,
            "sourceSha256": m.checkpoint.sha256,
            "roi": list(m.network.roi),
            "comparisons": parity.as_json(reports[m.file]),
        }
        for m in members
    ]
    limits = {"maxRelativeDifference": parity.MAX_RELATIVE_DIFFERENCE, "minAgreement": parity.MIN_AGREEMENT}
    write_json(folder / "parity.json", {"versions": versions, "limits": limits, "models": models})
    summary = {
        "compared": "PyTorch against the ONNX file in onnxruntime, on seeded windows, CPU, float32",
        "versions": ", ".join(f"{key} {value}" for key, value in versions.items()),
        "sources": ", ".join(f"{m.source} (sha256 {m.checkpoint.sha256[:12]})" for m in members),
    }
    (folder / "parity.md").write_text(parity.as_markdown(name, summary, reports), encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(_model_card(name, members, facts), encoding="utf-8")


def _model_card(name: str, members: Sequence[Member], facts: Sequence[str]) -> str:
    """The start of a card. It replaces an older one, which would describe other weights."""
    network = members[0].network
    title = members[0].source + (f" and {len(members) - 1} more" if members[1:] else "")
    lines = [
        f"# Weights of {title}",
        "",
        f"- recipe: {name}",
        f"- network: {network.architecture}, window {' x '.join(str(n) for n in network.roi)}",
        *(f"- {fact}" for fact in facts),
        *(f"- source: {m.source}, sha256 {m.checkpoint.sha256}" for m in members),
        "- training data, scores and limits: to be described by whoever trained them",
    ]
    return "\n".join(lines) + "\n"


def _assert_one_window(members: Sequence[Member]) -> None:
    first = members[0]
    for member in members:
        for what, a, b in (
            ("window", first.network.roi, member.network.roi),
            ("input channels", *(m.network.settings["input_channels"] for m in (first, member))),
            ("classes", *(m.network.settings["num_classes"] for m in (first, member))),
        ):
            if a != b:
                raise ExportError(
                    f"{member.checkpoint.path}: {what} {b} differs from {a} of {first.checkpoint.path}; "
                    "one recipe serves them all",
                    "ensemble members need the same window, channels and classes",
                )
