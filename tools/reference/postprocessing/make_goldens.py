"""Golden connected components (scikit-image, SciPy), argmax and softmax (torch).

Writes libs/postprocessing/golden/: components.json with, per case, the mask as a string of 0 and 1
(x fastest), the number of components, their sizes and a weighted sum of the labels; and
classes.json with logits, argmax and softmax.

    python tools/reference/postprocessing/make_goldens.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import scipy.ndimage
import skimage
import torch
from skimage.measure import label
from skimage.morphology import remove_small_objects

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "postprocessing" / "golden"
RANK = {6: 1, 18: 2, 26: 3}


def masks() -> list[tuple[str, np.ndarray]]:
    """Masks in (z, y, x) order: noise of several densities and shapes that test the joining."""
    rng = np.random.default_rng(20250101)
    shapes = [(7, 9, 11), (1, 12, 13), (12, 1, 5), (10, 10, 1), (1, 1, 1), (16, 17, 18)]
    result = [
        (f"noise-{density}-{'x'.join(map(str, shape[::-1]))}", rng.random(shape) < density)
        for shape in shapes
        for density in (0.08, 0.2, 0.45)
    ]
    result.append(("empty", np.zeros((3, 4, 5), bool)))
    result.append(("full", np.ones((3, 4, 5), bool)))
    comb = np.zeros((4, 9, 9), bool)
    comb[:, :, ::2] = True
    comb[3, 8, :] = True
    result.append(("comb-joined-at-its-end", comb))
    spiral = np.zeros((2, 9, 9), bool)
    spiral[0, 0, :] = spiral[0, :, 8] = spiral[0, 8, :] = spiral[0, 2:, 0] = True
    spiral[0, 2, :7] = spiral[0, 2:7, 6] = spiral[0, 6, 2:7] = True
    result.append(("spiral", spiral))
    return result


def components(name: str, mask: np.ndarray) -> list[dict]:
    rows = []
    for connectivity, rank in RANK.items():
        labels, count = label(mask, connectivity=rank, return_num=True)
        structure = scipy.ndimage.generate_binary_structure(3, rank)
        other, other_count = scipy.ndimage.label(mask, structure=structure)
        pairs = np.unique(np.stack([labels.ravel(), other.ravel()]), axis=1)
        assert count == other_count and pairs.shape[1] == len(np.unique(labels))
        sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        flat = labels.ravel().astype(np.int64)
        largest = (labels == sizes.argmax() + 1) if count else mask
        rows.append({
            "name": name, "size": mask.shape[::-1], "connectivity": connectivity,
            "mask": "".join("1" if value else "0" for value in mask.ravel()),
            "count": int(count), "sizes": sizes.tolist(),
            "checksum": int((flat * (np.arange(flat.size) % 8191 + 1)).sum()),
            "largest": int((largest.ravel() * (np.arange(flat.size) % 8191 + 1)).sum()),
            "atLeast5": int(
                (remove_small_objects(mask, max_size=4, connectivity=rank).ravel()
                 * (np.arange(flat.size) % 8191 + 1)).sum()
            ),
        })
    return rows


def classes() -> dict:
    generator = torch.Generator().manual_seed(7)
    logits = torch.randint(-6, 7, (1, 4, 3, 5, 6), generator=generator).float() / 2
    logits[0, :, 0, 0, 0] = torch.tensor([1000.0, 999.0, -1000.0, 1000.0])
    logits[0, :, 0, 0, 1] = 0.25
    return {
        "dims": list(logits.shape), "logits": logits.flatten().tolist(),
        "argmax": torch.argmax(logits, dim=1).flatten().tolist(),
        "softmax": torch.softmax(logits.double(), dim=1).flatten().tolist(),
    }


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    versions = {"numpy": np.__version__, "scipy": scipy.__version__,
                "scikit-image": skimage.__version__, "torch": torch.__version__}
    rows = [row for name, mask in masks() for row in components(name, mask)]
    for file, content in (("components", {"cases": rows}), ("classes", classes())):
        text = json.dumps({"versions": versions, **content})
        (GOLDEN / f"{file}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
