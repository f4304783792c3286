"""Fit the Cox model of task 2 on the rows of measure.ts, and put it beside the deep networks.

A penalised Cox model of lifelines on the clinical record and on features of the masks that the segmentation
finds, in patients that the networks have not seen. The recipe becomes stages: `deep`, which is what the
exporter wrote, `cox`, and the mean of both as z-scores among these patients.
"""

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.utils import concordance_index
from sklearn.model_selection import KFold

from fitting import FEATURES, add_stages, arguments, standardised, write_cox

SEED = 23
NAMES = FEATURES["task2"]


def encoded(table: pd.DataFrame):
    """The matrix of the features and their encoders; a lesion that is not there has the size 0."""
    measured = [name for name in NAMES if name.startswith(("mask.", "radiomics."))]
    x, encoders = standardised(table.fillna(dict.fromkeys(measured, 0.0)), NAMES)
    for one in encoders:
        if one["of"] in measured:
            one["missing"] = 0.0
    return x, encoders


def fitted_cox(x: np.ndarray, table: pd.DataFrame) -> np.ndarray:
    frame = pd.DataFrame(x).assign(days=table["days"].to_numpy(), relapse=table["relapse"].to_numpy())
    return CoxPHFitter(penalizer=0.05).fit(frame, "days", "relapse").params_.to_numpy()


def z_score(of: str, risk: pd.Series) -> dict:
    scale = {"by": "z-score", "mean": float(risk.mean()), "scale": float(risk.std(ddof=0))}
    return {"of": of, "scale": scale}


def main() -> None:
    options = arguments(__doc__.splitlines()[0], cases=True)
    deep = pd.read_csv(options.cases).set_index("id")["risk"]
    table = pd.read_csv(options.rows).set_index("id").assign(deep=deep)
    x, encoders = encoded(table)
    risk = np.zeros(len(table))
    for train, rest in KFold(5, shuffle=True, random_state=SEED).split(x):
        risk[rest] = x[rest] @ fitted_cox(x[train], table.iloc[train])
    table["cox"] = risk
    table["fused"] = sum((table[name] - table[name].mean()) / table[name].std() for name in ("deep", "cox"))
    for name in ("deep", "cox", "fused"):
        score = concordance_index(table["days"], -table[name], table["relapse"])
        print(f"{name}: C-index {score:.3f}, {len(table)} patients, {table['relapse'].sum()} relapses")
    head = write_cox(options.out / "cox.json", NAMES, fitted_cox(x, table))
    inputs = [z_score(name, table[name]) for name in ("deep", "cox")]
    add_stages(
        options.out / "pipeline.json",
        [
            {"name": "cox", "features": encoders, "head": head},
            {"name": "fused", "head": {"kind": "fusion", "inputs": inputs}},
        ],
    )


if __name__ == "__main__":
    main()
