"""Score a checkpoint on prepared held-out phantoms, on the CT's own grid.

Sliding windows as the recipe says, argmax, nearest neighbour back onto the CT grid. Prints a row
per case, mean GTVp DSC and aggregated GTVn DSC. The scores of the model card come from the
project's own pipeline (score-pipeline); this is the quick look during training.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from monai.inferers import sliding_window_inference

from train import Segmenter


def overlap(a, b):
    both, total = int((a & b).sum()), int(a.sum()) + int(b.sum())
    return (2 * both / total if total else 1.0), both, total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder written by prepare.py")
    parser.add_argument("--roi", type=int, default=96)
    parser.add_argument("--overlap", type=float, default=0.5)
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = Segmenter()
    saved = torch.load(options.checkpoint, weights_only=True)
    model.load_state_dict(saved["model_state_dict"])
    model.eval()
    rows = []
    for path in sorted(options.data.glob("*.image.npy"))[: options.most]:
        name = path.name.split(".")[0]
        image = torch.from_numpy(np.load(path).astype(np.float32))[None]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            logits = sliding_window_inference(
                image, [options.roi] * 3, 1, model, overlap=options.overlap,
                mode="gaussian", sigma_scale=0.125,
            )
        found = logits[0].float().argmax(0).to(torch.uint8).numpy().transpose(2, 0, 1)
        truth = np.load(options.data / f"{name}.label.npy").transpose(2, 0, 1)
        grid = json.loads((options.data / f"{name}.grid.json").read_text())
        box = sitk.GetImageFromArray(np.ascontiguousarray(found))
        box.SetOrigin(grid["box_origin"])
        box.SetSpacing([2.0] * 3)
        reference = sitk.Image(grid["ct"]["size"], sitk.sitkUInt8)
        reference.SetSpacing(grid["ct"]["spacing"])
        reference.SetOrigin(grid["ct"]["origin"])
        restored = sitk.GetArrayFromImage(
            sitk.Resample(box, reference, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
        )
        labels = np.fromfile(grid["labels"], np.uint8).reshape(restored.shape)
        row = [overlap(restored == i, labels == i) for i in (1, 2)]
        inside = [overlap(found == i, truth == i)[0] for i in (1, 2)]
        rows.append(row)
        print(name, *(f"{r[0]:.3f}" for r in row), "in box", *(f"{v:.3f}" for v in inside), flush=True)
    print(
        f"mean GTVp DSC {np.mean([r[0][0] for r in rows]):.4f}",
        f"GTVn DSCagg {2 * sum(r[1][1] for r in rows) / max(1, sum(r[1][2] for r in rows)):.4f}",
    )


if __name__ == "__main__":
    main()
