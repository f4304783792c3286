#!/usr/bin/env python3
"""Writes a checkpoint of the baseline's network with seeded random weights.

    python make_checkpoint.py best_model.pth

For timing alone: the network does the full work and its answer means nothing.
"""

from __future__ import annotations

import pathlib
import sys

import torch

from network import PREFIX, SETTINGS, build


def main() -> None:
    torch.manual_seed(2025)
    state = {PREFIX + key: value for key, value in build(SETTINGS).state_dict().items()}
    out = pathlib.Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model_state_dict": state, "model_config": SETTINGS}, out)


if __name__ == "__main__":
    main()
