#!/usr/bin/env python3
"""Turns PyTorch checkpoints into what a task's container needs: ONNX files and pipeline.json.

    python tools/export/export.py --checkpoint best_model.pth --task task1 \\
        --recipe baseline --out apps/task1/resources
    python tools/export/export.py --checkpoint ensemble_model.pt --task task2 \\
        --preprocessors clinical_preprocessors.pkl --recipe baseline --out apps/task2/resources
    python tools/export/export.py --checkpoint best_model.pt --task task3 \\
        --scaler scaler.joblib --encoder ohe.joblib --recipe baseline --out apps/task3/resources
"""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import sys
import tempfile

from errors import ExportError

# What an earlier export may have left; it would not go with the new recipe.
STALE = ("model*.onnx", "model*.onnx.data", "fold_*.onnx", "fold_*.onnx.data", "survival.json")
ARCHITECTURE_NAMES = ("auto", "segresnet", "unet", "unetr", "swinunetr")


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="export.py", description="PyTorch checkpoints -> ONNX files, pipeline.json, parity report"
    )
    add = parser.add_argument
    add("--checkpoint", nargs="+", action="extend", required=True, type=pathlib.Path,
        help="one file, or several for an ensemble")
    add("--task", required=True, choices=("task1", "task2", "task3"))
    add("--recipe", required=True, choices=("baseline", "corrected", "training"),
        help="baseline: as the challenge's own container; corrected: its faults mended; "
        "training (tasks 2, 3): as the training scripts, whole volumes resized")
    add("--out", required=True, type=pathlib.Path, help="the task's resources folder")
    add("--name", default="", help="name in the recipe (default: the recipe's)")
    add("--graph", default="fast", choices=("fast", "plain"),
        help="fast: arranged for CPUs where we know how (SegResNet, ResNet); plain: layer by layer")
    add("--licence", default="unspecified", help="licence of the weights, kept in the file")
    add("--trust-checkpoint", action="store_true",
        help="unpickle the files in full; this RUNS code that they may hold")
    add = parser.add_argument_group("task 1").add_argument
    add("--architecture", default="auto", choices=ARCHITECTURE_NAMES)
    add("--roi", nargs=3, type=int, metavar=("A", "B", "C"),
        help="window in voxels (default: spatial_size of the checkpoint)")
    add("--spacing", type=float, default=1.0, metavar="MM",
        help="voxel size the network was trained on; the neck box keeps its 200 x 200 x 310 mm")
    _add_prediction_options(parser)
    return parser.parse_args(arguments)


def _add_prediction_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("tasks 2 and 3").add_argument
    add("--preprocessors", type=pathlib.Path, help="task 2: clinical_preprocessors.pkl")
    add("--scaler", type=pathlib.Path, help="task 3: scaler.joblib")
    add("--encoder", type=pathlib.Path, help="task 3: ohe.joblib")
    add("--features-json", type=pathlib.Path, metavar="FILE",
        help="further encoders behind those of the preprocessors: a list, or an object with "
        "features, inputs, segmentation, channels")
    add("--image-size", type=int, metavar="N", help="edge of the resized images (default: 96)")
    add("--axes", default="", choices=("zyx", "xyz", "yxz"),
        help="order of the network's image axes (default: zyx, training: xyz)")
    add("--conv1-stride", type=int, choices=(1, 2), help="of the ResNet (default: 1, as MONAI)")
    add("--no-max-pool", dest="max_pool", action="store_const", const=False, default=None,
        help="the ResNet was built with no_max_pool=True")
    add("--head", default="auto", choices=("auto", "icare", "risk"),
        help="task 2: the survival models, or the network's own risk head")
    add("--higher-is", default="earlier", choices=("earlier", "later"), help="direction of --head risk")
    add("--combine", help="task 2: median, mean, weighted-mean, best (default: as in the file); "
        "task 3: mean-logits, mean-probabilities")


def run(options: argparse.Namespace) -> None:
    """Exports into a temporary folder beside the target and moves whole files into place."""
    if options.trust_checkpoint:
        print("warning: --trust-checkpoint runs the code inside the files", file=sys.stderr)
    networks = _segmentation_networks(options) if options.task == "task1" else []
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out, prefix=".export-") as temporary:
        folder = pathlib.Path(temporary)
        if options.task == "task1":
            _write_all(options, networks, folder)
        else:
            from prediction import export_prediction

            export_prediction(options, folder)
        for pattern in STALE:
            for stale in options.out.glob(pattern):
                stale.unlink()
        for file in sorted(folder.iterdir()):
            file.chmod(0o644)
            shutil.move(file, options.out / file.name)


def _segmentation_networks(options: argparse.Namespace) -> list:
    from checkpoint import load_checkpoint
    from architectures import build_network

    if options.recipe == "training":
        raise ExportError("--recipe training is for tasks 2 and 3", "use baseline or corrected")
    networks = []
    for path in options.checkpoint:
        checkpoint = load_checkpoint(path, options.trust_checkpoint)
        network = build_network(checkpoint, options.architecture, _roi(options))
        for note in network.notes:
            print(f"note: {path.name}: {note}")
        networks.append((checkpoint, network))
    _assert_one_window([network for _, network in networks], options.checkpoint)
    return networks


def _write_all(options: argparse.Namespace, networks: list, folder: pathlib.Path) -> None:
    import parity
    from graph import write_graph
    from onnx_file import bytes_of
    from recipe import segmentation_recipe

    single = len(networks) == 1
    files = ["model.onnx"] if single else [f"model_{i}.onnx" for i in range(len(networks))]
    reports = {}
    for (checkpoint, network), file in zip(networks, files):
        shape = (1, network.settings["input_channels"], *network.roi)
        metadata = {
            "architecture": network.architecture,
            "source": checkpoint.path.name,
            "source-sha256": checkpoint.sha256,
            "licence": options.licence,
        }
        arrangement = write_graph(network, options.graph, folder / file, metadata)
        results = parity.compare(network.module, folder / file, shape)
        parity.assert_parity(file, results)
        reports[file] = results
        worst = max(results, key=lambda r: r.max_abs_difference)
        size = bytes_of(folder / file) / 1e6
        print(
            f"{file}: {network.architecture} ({arrangement} graph), {size:.1f} MB, "
            f"window {network.roi}; logits differ by at most {worst.max_abs_difference:.1e}, "
            f"{min(r.voxel_agreement for r in results):.4%} of the voxels agree"
        )
    recipe = segmentation_recipe(options.recipe, options.name, networks[0][1].roi, files, options.spacing)
    _write_json(folder / "pipeline.json", recipe)
    _write_report(folder, recipe["name"], networks, files, reports)


def _write_report(folder, name, networks, files, reports) -> None:
    import onnxruntime
    import parity
    import torch
    import monai

    versions = {"torch": torch.__version__, "monai": monai.__version__, "onnxruntime": onnxruntime.__version__}
    models = [
        {
            "file": file,
            "architecture": network.architecture,
            "source": checkpoint.path.name,
            "sourceSha256": checkpoint.sha256,
            "roi": list(network.roi),
            "comparisons": parity.as_json(reports[file]),
        }
        for (checkpoint, network), file in zip(networks, files)
    ]
    limits = {"maxRelativeDifference": parity.MAX_RELATIVE_DIFFERENCE, "minAgreement": parity.MIN_AGREEMENT}
    _write_json(folder / "parity.json", {"versions": versions, "limits": limits, "models": models})
    facts = {
        "compared": "PyTorch against the ONNX file in onnxruntime, on seeded windows, CPU, float32",
        "versions": ", ".join(f"{key} {value}" for key, value in versions.items()),
        "sources": ", ".join(f"{c.path.name} (sha256 {c.sha256[:12]})" for c, _ in networks),
    }
    (folder / "parity.md").write_text(parity.as_markdown(name, facts, reports), encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(_model_card(name, networks), encoding="utf-8")


def _model_card(name: str, networks: list) -> str:
    """The start of a card. It replaces an older one, which would describe other weights."""
    checkpoint, network = networks[0]
    lines = [
        f"# Weights of {checkpoint.path.name}" + (f" and {len(networks) - 1} more" if networks[1:] else ""),
        "",
        f"- recipe: {name}",
        f"- network: {network.architecture}, window {' x '.join(str(n) for n in network.roi)}",
        *(f"- source: {c.path.name}, sha256 {c.sha256}" for c, _ in networks),
        "- training data, scores and limits: to be described by whoever trained them",
    ]
    return "\n".join(lines) + "\n"


def _write_json(path: pathlib.Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _roi(options: argparse.Namespace) -> tuple[int, int, int] | None:
    return tuple(options.roi) if options.roi else None


def _assert_one_window(networks: list, paths: list[pathlib.Path]) -> None:
    for network, path in zip(networks, paths):
        first = networks[0]
        for what, a, b in (
            ("window", first.roi, network.roi),
            ("input channels", first.settings["input_channels"], network.settings["input_channels"]),
            ("classes", first.settings["num_classes"], network.settings["num_classes"]),
        ):
            if a != b:
                raise ExportError(
                    f"{path}: {what} {b} differs from {a} of {paths[0]}; one recipe serves them all",
                    "ensemble members need the same window, channels and classes",
                )


def main(arguments: list[str] | None = None) -> int:
    options = parse_arguments(arguments)
    try:
        run(options)
    except ExportError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename or options.out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
