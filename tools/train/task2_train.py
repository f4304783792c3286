"""Train the demo ensemble of task 2; writes ensemble_model.pt and clinical_preprocessors.pkl.

Three folds. Each network takes the backbone of task23_pretrain.py as it is; the rest is trained on
two thirds of the patients with the Cox partial likelihood; then a bag of ICARE estimators is fitted on its features
of the same patients. Needs the icare package (see README.md).
"""

import pickle

import numpy as np
import pandas as pd
import torch
from icare.survival import BaggedIcareSurvival
from sklearn.preprocessing import StandardScaler

from task23_cohort import TASK2_CATEGORIES, Cohort, as_text, batches, image_features
from task23_networks import MODEL_CONFIG, Task2Network
from task23_options import training_options


def preprocessors_of(table: pd.DataFrame) -> dict:
    median = float(table["Age"].median())
    scaler = StandardScaler().fit(table[["Age"]].fillna(median).to_numpy())
    columns = list(pd.get_dummies(as_text(table, TASK2_CATEGORIES), columns=TASK2_CATEGORIES).columns)
    names = ["Age", *columns]
    return {
        "age_scaler": scaler, "age_median": median, "categorical_columns": [str(c) for c in columns],
        "feature_names": names, "n_features": len(names),
    }  # fmt: skip


def clinical_vectors(table: pd.DataFrame, kept: dict) -> torch.Tensor:
    age = kept["age_scaler"].transform(table[["Age"]].fillna(kept["age_median"]).to_numpy())
    hot = pd.get_dummies(as_text(table, TASK2_CATEGORIES), columns=TASK2_CATEGORIES)
    hot = hot.reindex(columns=kept["categorical_columns"], fill_value=0).to_numpy(np.float32)
    return torch.from_numpy(np.concatenate([age, hot], axis=1).astype(np.float32))


def cox_loss(risk, time_, event):
    """Negative partial log likelihood (Breslow) within a batch."""
    order = torch.argsort(time_, descending=True)
    risk, event = risk[order], event[order]
    return -((risk - torch.logcumsumexp(risk, 0)) * event).sum() / event.sum().clamp(min=1)


def concordance(time_, event, risk) -> float:
    earlier = (time_[:, None] < time_[None, :]) & event[:, None].astype(bool)
    right = (risk[:, None] > risk[None, :]) + 0.5 * (risk[:, None] == risk[None, :])
    return float((right * earlier).sum() / earlier.sum())


@torch.inference_mode()
def outputs(network, seen, clinical):
    network.eval()
    features, risk = network.judge(seen, clinical)
    return features.numpy(), risk.numpy()


def train_fold(cohort, seen, clinical, chosen, options, random):
    """Trains what follows the backbone on its features (copies x patients x n)."""
    network = Task2Network(clinical.shape[1])
    network.imaging_backbone.load_state_dict(torch.load(options.backbone, weights_only=True))
    seen, clinical = seen[:, chosen], clinical[chosen]
    days = torch.tensor(cohort.table["RFS"].to_numpy()[chosen], dtype=torch.float32)
    event = torch.tensor(cohort.table["Relapse"].to_numpy()[chosen], dtype=torch.float32)
    trained = [p for name, p in network.named_parameters() if not name.startswith("imaging_backbone.")]
    optimiser = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.05)
    for epoch in range(options.epochs):
        network.train()
        sums = []
        for batch in batches(len(chosen), 64, random):
            copy = torch.from_numpy(random.integers(0, len(seen), len(batch)))
            _, risk = network.judge(seen[copy, batch], clinical[batch])
            cox = cox_loss(risk, days[batch], event[batch])
            optimiser.zero_grad()
            cox.backward()
            torch.nn.utils.clip_grad_norm_(trained, 5)
            optimiser.step()
            sums.append(float(cox.detach()))
        if epoch % 10 == 9:
            print(f"  epoch {epoch} cox {np.mean(sums):.3f}", flush=True)
    return network


def main() -> None:
    options = training_options(__doc__.splitlines()[0], seed=2)
    random = np.random.default_rng(options.seed)
    cohort = Cohort(options.cohort, options.images, 2)
    kept = preprocessors_of(cohort.table)
    clinical = clinical_vectors(cohort.table, kept)
    days, event = cohort.table["RFS"].to_numpy(), cohort.table["Relapse"].to_numpy()
    looking = Task2Network(clinical.shape[1]).imaging_backbone
    looking.load_state_dict(torch.load(options.backbone, weights_only=True))
    seen = image_features(looking, cohort.images, random, options.copies)
    part = random.permutation(len(days)) % 3
    folds = []
    for fold in range(3):
        chosen, rest = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        print(f"fold {fold}: {len(chosen)} patients, {int(event[chosen].sum())} with recurrence", flush=True)
        network = train_fold(cohort, seen, clinical, chosen, options, random)
        features, risk = outputs(network, seen[0], clinical)
        frame = pd.DataFrame(features, columns=[str(i) for i in range(features.shape[1])])
        target = np.array(list(zip(event.astype(bool), days.astype(float))), dtype=[("event", bool), ("time", float)])
        bag = BaggedIcareSurvival(
            n_estimators=10, aggregation_method="median", random_state=options.seed + fold,
            parameters_sets=[{"cmin": 0.55, "sign_method": "harrell"}],
        )  # fmt: skip
        bag.fit(frame.iloc[chosen], target[chosen])
        score = concordance(days[rest], event[rest], bag.predict(frame.iloc[rest]))
        head = concordance(days[rest], event[rest], risk[rest])
        print(f"fold {fold}: C-index of the rest {score:.3f} (risk head {head:.3f})", flush=True)
        folds.append({
            "fold_id": fold, "weight": score, "feature_extractor_state_dict": network.state_dict(),
            "icare_model": bag,
        })  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "fold_models": folds, "clinical_feature_dim": clinical.shape[1],
            "feature_output_dim": int(features.shape[1]), "combination_method": "median",
            "model_config": MODEL_CONFIG,
        },
        options.out / "ensemble_model.pt",
    )  # fmt: skip
    (options.out / "clinical_preprocessors.pkl").write_bytes(pickle.dumps(kept))


if __name__ == "__main__":
    main()
