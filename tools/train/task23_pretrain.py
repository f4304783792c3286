"""Train the image backbone that the networks of tasks 2 and 3 start from; no outcome is used.

It learns where primary and nodes are (their share of each cell of a 12^3 grid, from its first block)
and their total volume, the uptake of the hottest node and, where it is known, the HPV status (from
its pooled features).
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from task23_cohort import Cohort, augmented, batches, standardised
from task23_networks import Pretraining


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", type=Path, nargs="+", required=True)
    parser.add_argument("--images", type=Path, nargs="+", required=True, help="written by task23_prepare.py")
    parser.add_argument("--out", type=Path, required=True, help="the backbone's weights, .pt")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    cohort = Cohort(options.cohort, options.images, 3, masks=True)
    truth = cohort.truth
    signs = standardised(np.stack([np.log2(truth["volume"]), truth["nodalUptake"]], axis=1))
    hpv = torch.tensor(cohort.table["HPV Status"].to_numpy(np.float32))
    network = Pretraining(3)
    torch.nn.init.constant_(network.places.bias, -6)  # Lesions fill a thousandth of the cells.
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=0.02)
    steps = options.epochs * (len(hpv) // options.batch + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.rate, total_steps=steps, pct_start=0.2)
    for epoch in range(options.epochs):
        network.train()
        begun, sums = time.time(), []
        for batch in batches(len(hpv), options.batch, random):
            images, masks = augmented(cohort.images[batch], random, cohort.masks[batch])
            places, seen = network(images)
            where = binary_cross_entropy_with_logits(places, masks.clamp(0, 1))
            shown = torch.nn.functional.mse_loss(seen[:, :2], signs[batch])
            known = ~hpv[batch].isnan()
            status = binary_cross_entropy_with_logits(seen[known, 2], hpv[batch][known])
            optimiser.zero_grad()
            (100 * where + shown + status).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5)
            optimiser.step()
            schedule.step()
            sums.append((float(where.detach()), float(shown.detach()), float(status.detach())))
        where, shown, status = np.mean(sums, axis=0)
        took = time.time() - begun
        print(f"epoch {epoch} where {where:.4f} signs {shown:.3f} status {status:.3f} {took:.0f} s", flush=True)
        torch.save(network.backbone.state_dict(), options.out)


if __name__ == "__main__":
    main()
