"""Train the demo network of task 3; writes best_model.pt, scaler.joblib and ohe.joblib.

Takes the backbone of task23_pretrain.py as it is and trains the rest with cross-entropy on the patients
whose HPV status is known. A fifth of them is kept apart to watch (the backbone has seen them).
"""

import joblib
import numpy as np
import torch
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from task23_cohort import TASK3_CATEGORIES, Cohort, as_text, batches, image_features
from task23_networks import MODEL_CONFIG, Task3Network
from task23_options import training_options


def clinical_vectors(table, scaler, encoder) -> torch.Tensor:
    numbers = scaler.transform(table[["Age", "Gender"]].to_numpy())
    hot = encoder.transform(as_text(table, TASK3_CATEGORIES).to_numpy(object))
    return torch.from_numpy(np.concatenate([numbers, hot], axis=1).astype(np.float32))


@torch.inference_mode()
def predicted(network, seen, clinical):
    network.eval()
    return network.judge(seen, clinical).argmax(1).numpy()


def balanced(truth, found) -> float:
    return float(np.mean([(found[truth == value] == value).mean() for value in (0, 1)]))


def main() -> None:
    options = training_options(__doc__.splitlines()[0], seed=3)
    random = np.random.default_rng(options.seed)
    cohort = Cohort(options.cohort, options.images, 3)
    cohort.keep(cohort.table["HPV Status"].notna().to_numpy())
    table = cohort.table
    scaler = StandardScaler().fit(table[["Age", "Gender"]].to_numpy())
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    encoder.fit(as_text(table, TASK3_CATEGORIES).to_numpy(object))
    clinical = clinical_vectors(table, scaler, encoder)
    label = torch.tensor(table["HPV Status"].to_numpy().astype(np.int64))
    order = random.permutation(len(table))
    rest, chosen = order[: len(order) // 5], order[len(order) // 5 :]
    print(f"{len(chosen)} patients, {int(label[chosen].sum())} positive; {len(rest)} to watch", flush=True)
    network = Task3Network(clinical.shape[1])
    network.img_model.load_state_dict(torch.load(options.backbone, weights_only=True))
    seen = image_features(network.img_model, cohort.images, random, options.copies)
    trained = [p for name, p in network.named_parameters() if not name.startswith("img_model.")]
    optimiser = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.05)
    chosen = torch.from_numpy(chosen)
    for epoch in range(options.epochs):
        network.train()
        sums = []
        for batch in batches(len(chosen), 64, random):
            copy = torch.from_numpy(random.integers(0, len(seen), len(batch)))
            logits = network.judge(seen[copy, chosen[batch]], clinical[chosen[batch]])
            entropy = torch.nn.functional.cross_entropy(logits, label[chosen[batch]], label_smoothing=0.05)
            optimiser.zero_grad()
            entropy.backward()
            optimiser.step()
            sums.append(float(entropy.detach()))
        if epoch % 10 == 9:
            watched = balanced(label[rest].numpy(), predicted(network, seen[0, rest], clinical[rest]))
            print(f"epoch {epoch} entropy {np.mean(sums):.3f} watched {watched:.3f}", flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    state = {"model_state_dict": network.state_dict(), "model_config": MODEL_CONFIG}
    torch.save(state, options.out / "best_model.pt")
    joblib.dump(scaler, options.out / "scaler.joblib")
    joblib.dump(encoder, options.out / "ohe.joblib")


if __name__ == "__main__":
    main()
