"""Pictures of the synthetic cohort: a gallery of PET and the recurrence-free share by predicted risk."""

import argparse
import csv
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import SimpleITK as sitk


def projection(folder: Path) -> np.ndarray:
    """Brightest voxel from the front over the neck, SUV; head up."""
    pet = sitk.ReadImage(str(folder / f"{folder.name}__PT.nii.gz"))
    values = sitk.GetArrayFromImage(pet)
    return values.max(axis=1)[::-1, 20:-20]


def gallery(cohort: Path, out: Path) -> None:
    truth = [json.loads(line) for line in (cohort / "truth.jsonl").open()]
    figure, axes = plt.subplots(2, 6, figsize=(9, 6.4), dpi=90)
    for row, hpv in zip(axes, (True, False)):
        chosen = [t for t in truth if t["hpv"] == hpv and t["nodes"] > 0][:6]
        for axis, patient in zip(row, chosen):
            axis.imshow(projection(cohort / patient["id"]), cmap="gray_r", vmin=0, vmax=10, aspect=4 / 5.5)
            axis.set_title(f"HPV{'+' if hpv else '-'}, {patient['volume']:.0f} ml", fontsize=9)
            axis.axis("off")
    figure.suptitle("Synthetic patients: FDG-PET from the front (SUV 0 to 10)", fontsize=10)
    figure.tight_layout()
    figure.savefig(out)


def kaplan_meier(days, relapse):
    """Recurrence-free share after each day with a recurrence (product-limit estimator)."""
    times, shares, share = [0.0], [1.0], 1.0
    for day in np.unique(days[relapse]):
        share *= 1 - ((days == day) & relapse).sum() / (days >= day).sum()
        times.append(day / 365.25)
        shares.append(share)
    return [*times, days.max() / 365.25], [*shares, share]


def curves(scores: Path, out: Path) -> None:
    summary = json.loads((scores / "summary.json").read_text())
    with (scores / "cases.csv").open(newline="") as file:
        patients = [row for row in csv.DictReader(file) if row["risk"]]
    days, risk, event = (np.array([p[k] for p in patients], float) for k in ("time", "risk", "event"))
    relapse = event == 1
    figure, axis = plt.subplots(figsize=(5.4, 3.6), dpi=90)
    thirds = np.digitize(risk, np.quantile(risk, [1 / 3, 2 / 3]))
    for third, name in enumerate(("lowest", "middle", "highest")):
        chosen = thirds == third
        times, shares = kaplan_meier(days[chosen], relapse[chosen])
        (line,) = axis.step(times, shares, where="post")
        axis.text(
            times[-1], shares[-1] - 0.02, f"{name} third of risk", color=line.get_color(), ha="right", va="top"
        )
    axis.set(xlabel="years", ylabel="without recurrence", ylim=(-0.06, 1), xlim=(0, 9))
    value = summary["scores"][0]["value"]
    axis.set_title(f"{len(patients)} held-out synthetic patients, C-index {value:.3f}", fontsize=10)
    figure.tight_layout()
    figure.savefig(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", type=Path, required=True)
    parser.add_argument("--scores", type=Path, help="--out folder of evaluate, task 2")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    gallery(options.cohort, options.out / "cohort-gallery.png")
    if options.scores:
        curves(options.scores, options.out / "cohort-survival.png")


if __name__ == "__main__":
    main()
