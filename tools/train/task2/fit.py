"""Fit the Cox model of task 2 on the rows of measure.ts, and put it beside the deep networks.

A penalised Cox model of lifelines on features of the masks and the clinical record. The recipe becomes
stages: `deep`, which is what the exporter wrote, `cox`, and the mean of both.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.utils import concordance_index
from sklearn.model_selection import KFold

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "hecktor26"))
from fit import standardised, write_json  # noqa: E402

SEED = 23
# Mean and spread of both risks, without outcomes, in patients that no training has seen: seeds
# 30000 to 30009, masks of the network.
SCALES = {"deep": (0.076, 0.748), "cox": (-0.849, 0.921)}


def without_lesion(table: pd.DataFrame) -> pd.DataFrame:
    """Sizes and uptake of what is not there are 0; they are missing in the rows."""
    measured = [name for name in table if name.startswith(("mask.", "radiomics."))]
    return table.fillna(dict.fromkeys(measured, 0.0))


def encoded(table: pd.DataFrame, names: list[str]):
    """The matrix of the features and their encoders, in which a lesion that is not there has the size 0."""
    x, encoders = standardised(without_lesion(table), names)
    for one in encoders:
        if one["of"].startswith(("mask.", "radiomics.")):
            one["missing"] = 0.0
    return x, encoders


def fitted_cox(x: np.ndarray, table: pd.DataFrame) -> np.ndarray:
    frame = pd.DataFrame(x).assign(days=table["days"].to_numpy(), relapse=table["relapse"].to_numpy())
    return CoxPHFitter(penalizer=0.05).fit(frame, "days", "relapse").params_.to_numpy()


def fit_cox(table: pd.DataFrame, names: list[str], out: Path) -> dict:
    x, encoders = encoded(table, names)
    risk = np.zeros(len(table))
    for train, rest in KFold(5, shuffle=True, random_state=SEED).split(x):
        risk[rest] = x[rest] @ fitted_cox(x[train], table.iloc[train])
    score = concordance_index(table["days"], -risk, table["relapse"])
    print(f"C-index of the folds {score:.3f}, {len(table)} patients, {table['relapse'].sum()} relapses")
    terms = [
        {"name": name, "coefficient": float(value)} for name, value in zip(names, fitted_cox(x, table))
    ]
    write_json(out / "cox.json", {"version": 1, "kind": "cox", "features": terms})
    return {"name": "cox", "features": encoders, "head": {"kind": "cox", "files": ["cox.json"]}}


def staged(recipe: dict, stage: dict, inputs: list, radiomics: dict) -> dict:
    """The recipe as the exporter, or an earlier run of this, wrote it, with the stage beside its network."""
    deep = recipe.pop("stages", [None])[0]
    if deep is None:
        deep = {"name": "deep", **{key: recipe.pop(key) for key in ("features", "models", "head")}}
    return {
        **recipe,
        "segmentation": {"recipe": "segmentation/pipeline.json"},
        "radiomics": radiomics,
        "stages": [deep, stage, {"name": "fused", "head": {"kind": "fusion", "inputs": inputs}}],
        "outputs": {"rfs": "fused"},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    table = pd.concat([pd.read_csv(path) for path in options.rows], ignore_index=True)
    wanted = json.loads((HERE / "features.json").read_text())
    stage = fit_cox(table, wanted["cox"], options.out)
    inputs = [
        {"of": name, "scale": {"by": "z-score", "mean": mean, "scale": spread}}
        for name, (mean, spread) in SCALES.items()
    ]
    file = options.out / "pipeline.json"
    write_json(file, staged(json.loads(file.read_text()), stage, inputs, wanted["radiomics"]))


if __name__ == "__main__":
    main()
