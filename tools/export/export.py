#!/usr/bin/env python3
"""Turns PyTorch checkpoints into what a task's container needs: ONNX files and pipeline.json.

    python tools/export/export.py --checkpoint best_model.pth --task task1 \\
        --recipe baseline --out apps/task1/resources
    python tools/export/export.py --checkpoint ensemble_model.pt --task task2 \\
        --preprocessors clinical_preprocessors.pkl --recipe baseline --out apps/task2/resources
    python tools/export/export.py --checkpoint best_model.pt --task task3 \\
        --scaler scaler.joblib --encoder ohe.joblib --recipe baseline --out apps/task3/resources
    python tools/export/export.py --nnunet nnUNetTrainer__nnUNetPlans__3d_fullres --task task1 \\
        --out apps/task1/resources
"""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable

from errors import ExportError
from fallback import add_fallback

# What an earlier export may have left; it would not go with the new recipe.
NETWORKS = ("model*.onnx", "fold_*.onnx", "lowres_*.onnx")
STALE = (*NETWORKS, *(f"{pattern}.data" for pattern in NETWORKS), "survival.json", "lowres.json")
ARCHITECTURE_NAMES = ("auto", "segresnet", "segresnetds", "unet", "unetr", "swinunetr")
RECIPES = ("baseline", "corrected", "training")


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="export.py", description="PyTorch checkpoints -> ONNX files, pipeline.json, parity report"
    )
    add = parser.add_argument
    add("--checkpoint", nargs="+", action="extend", type=pathlib.Path,
        help="one file, or several for an ensemble; with --nnunet: final (default), best or latest")
    add("--nnunet", type=pathlib.Path, metavar="FOLDER", help="a trained model folder of nnU-Net v2")
    add("--onnx", nargs="+", action="extend", type=pathlib.Path, metavar="FILE",
        help="networks that are ONNX files already")
    add("--task", required=True, choices=("task1", "task2", "task3"))
    add("--recipe", metavar="NAME",
        help="with --onnx: the recipe's file; else "
        "baseline: as the challenge's own container; corrected: its faults mended; "
        "training (tasks 2, 3): as the training scripts, whole volumes resized")
    add("--out", required=True, type=pathlib.Path, help="the task's resources folder")
    add("--name", default="", help="name in the recipe (default: the recipe's)")
    add("--graph", default="fast", choices=("fast", "plain"),
        help="fast: arranged for CPUs where we know how (SegResNet, nnU-Net's networks, ResNet); plain: layer by layer")
    add("--engine", default="onnxruntime", choices=("onnxruntime", "openvino"),
        help="what runs the networks in the container; openvino takes plain graphs and may compute in bfloat16")
    add("--licence", default="unspecified", help="licence of the weights, kept in the file")
    add("--fallback", metavar="ANSWER",
        help="answer of a case that fails, with exit code 0: task 1 empty or an SUV, task 2 a risk such as the "
        "median over your training set, task 3 true or false (default: such a case ends with an error)")
    add("--trust-checkpoint", action="store_true",
        help="unpickle the files in full; this RUNS code that they may hold")
    add = parser.add_argument_group("task 1").add_argument
    add("--architecture", default="auto", choices=ARCHITECTURE_NAMES)
    add("--roi", nargs=3, type=int, metavar=("A", "B", "C"),
        help="window in voxels (default: spatial_size of the checkpoint)")
    add("--spacing", type=float, default=1.0, metavar="MM",
        help="voxel size the network was trained on; the neck box keeps its 200 x 200 x 310 mm")
    _add_nnunet_options(parser)
    _add_prediction_options(parser)
    return parser.parse_args(arguments)


def _add_nnunet_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("--nnunet").add_argument
    add("--folds", nargs="+", metavar="N",
        help="numbers, or all for fold_all (default: every fold that is there)")
    add("--channels", nargs="+", choices=("ct", "pet"),
        help="image of each channel (default: by the dataset's names)")
    add("--labels", nargs="+", metavar="NAME=VALUE",
        help="labels of the dataset for GTVp and GTVn, e.g. GTVp=1 GTVn=2,3 (default: by their names)")
    add("--pet-interpolation", default="linear", choices=("linear", "nearest", "bspline"),
        help="how the PETs of training came onto the grid of the CT")
    add("--no-mirroring", action="store_true", help="no test-time mirroring")
    add("--arithmetic", default="float32", choices=("float32", "float16"),
        help="of the sums of logits; float16 repeats the package's rounding")
    add("--nnunet-lowres", type=pathlib.Path, metavar="FOLDER", help="first stage of a cascade")
    add = parser.add_argument_group("--onnx").add_argument
    add("--tensor", nargs="+", type=pathlib.Path, metavar="FILE", help=".npy: an input of the network")
    add("--expect", type=pathlib.Path, metavar="FILE", help=".npy: its output in your training code")


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
    export = _exporter(options)
    openvino = options.engine == "openvino"
    if openvino:
        options.graph = "plain"
    new = not options.out.exists()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=options.out, prefix=".export-") as temporary:
            folder = pathlib.Path(temporary)
            export(options, folder)
            if openvino:
                from engine import adopt_openvino

                adopt_openvino(folder)
            if options.fallback is not None:
                add_fallback(folder / "pipeline.json", options.task, options.fallback)
            for pattern in STALE:
                for stale in options.out.glob(pattern):
                    stale.unlink()
            for file in sorted(folder.iterdir()):
                file.chmod(0o644)
                shutil.move(file, options.out / file.name)
    except BaseException:
        if new:
            with contextlib.suppress(OSError):
                options.out.rmdir()
        raise


def _exporter(options: argparse.Namespace) -> Callable[[argparse.Namespace, pathlib.Path], None]:
    """What reads the files that were passed; imported when needed, as each drags in much."""
    if options.nnunet and options.onnx:
        raise ExportError("--nnunet and --onnx exclude each other", "pass one of them")
    if options.nnunet and options.recipe:
        raise ExportError("--recipe does not belong to --nnunet", "the folder says it all; leave --recipe out")
    if options.nnunet:
        from nnunet.export import export_nnunet

        return export_nnunet
    if options.recipe is None or not (options.onnx or options.checkpoint):
        fix = "see --help: --checkpoint FILE --recipe NAME, --nnunet FOLDER, or --onnx FILE --recipe FILE"
        raise ExportError("there is nothing to export", fix)
    if options.onnx:
        from own_network import export_own

        return export_own
    if options.recipe not in RECIPES:
        raise ExportError(f"--recipe {options.recipe} is not known", f"use one of {', '.join(RECIPES)}")
    if options.task == "task1":
        from segmentation import export_segmentation

        return export_segmentation
    from prediction import export_prediction

    return export_prediction


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
