"""Golden label maps of nnU-Net's regions for libs/postprocessing: golden/regions.json.

    python tools/reference/nnunet/regions.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from nnunetv2.utilities.label_handling.label_handling import LabelManager

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "postprocessing" / "golden"
LABELS = {"background": 0, "whole": [1, 2, 3], "core": [2, 3], "node": [3]}


def main() -> None:
    random = np.random.default_rng(3)
    cases = []
    for order in ([1, 2, 3], [3, 1, 2], [2, 2, 9]):
        logits = random.normal(0, 2, (3, 4, 5, 6)).astype(np.float32)
        # Where float32's sigmoid is still 0.5 although the logit is above 0, and just beyond.
        edge = np.float32(1.5 * 2**-24)
        logits[:, 0, 0, :5] = [0, -0.0, edge, np.nextafter(edge, np.float32(1)), 1e-30]
        logits[0, 0, 1, :3] = [np.inf, -np.inf, 2**-24]
        labels = LabelManager(LABELS, order).convert_logits_to_segmentation(logits)
        cases.append({
            "order": order, "dims": [1, *logits.shape], "labels": labels.ravel().tolist(),
            # As texts, since JSON has no infinity; nine digits give each float32 back.
            "logits": [f"{value:.9g}".replace("inf", "Infinity") for value in logits.ravel()],
        })
    versions = {name: version(name) for name in ("nnunetv2", "torch", "numpy")}
    text = json.dumps({"versions": versions, "cases": cases})
    (GOLDEN / "regions.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
