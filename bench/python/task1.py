#!/usr/bin/env python3
"""Task 1 with the libraries of the challenge's own container, on the CPU.

    python task1.py preprocessing --ct ct.mha --pet pet.mha [--dump tensor.raw]
    python task1.py end-to-end --ct ct.mha --pet pet.mha --checkpoint best_model.pth --out mask.mha

One JSON line when all is imported and, end to end, one when the model is there; one with the
figures at the end.
"""

from __future__ import annotations

import argparse
import pathlib

import monai
import SimpleITK as sitk
import torch

import network
from preprocessing import Prepared, preprocess
from restore import restore
from stages import Stages, tell


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("preprocessing", "end-to-end"))
    parser.add_argument("--ct", required=True)
    parser.add_argument("--pet", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dump", type=pathlib.Path, help="write the tensor here: raw float32, C order")
    parser.add_argument("--checkpoint", type=pathlib.Path)
    parser.add_argument("--out", help="write the mask here")
    return parser.parse_args()


def versions() -> dict[str, str]:
    return {
        "torch": torch.__version__,
        "monai": monai.__version__,
        "SimpleITK": sitk.Version.VersionString(),
    }


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(arguments.threads)
    stages = Stages()
    tell("imported", versions=versions())
    prepared = preprocess((arguments.ct, arguments.pet), stages)
    if arguments.what == "end-to-end":
        segment(prepared, arguments, stages)
    stages.done(dims=list(prepared.tensor.shape))
    if arguments.dump is not None:
        # After the last line, so that it does not count.
        prepared.tensor.numpy().tofile(arguments.dump)


def segment(prepared: Prepared, arguments: argparse.Namespace, stages: Stages) -> None:
    with stages.time("model"):
        model, settings = network.load(arguments.checkpoint)
    tell("model")
    with stages.time("inference"):
        classes = network.predict(model, prepared.tensor, settings)
    with stages.time("restore"):
        # The container, too, reads the CT again for its grid.
        mask = restore(classes.permute(2, 0, 1).numpy(), prepared, sitk.ReadImage(arguments.ct))
    with stages.time("write"):
        sitk.WriteImage(mask, arguments.out, useCompression=True)


if __name__ == "__main__":
    main()
