"""Options of the trainings of tasks 2 and 3."""

import argparse
from pathlib import Path

import torch


def training_options(description: str, seed: int) -> argparse.Namespace:
    """Reads the command line, and sets PyTorch's threads and seed by it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--cohort", type=Path, nargs="+", required=True)
    parser.add_argument("--images", type=Path, nargs="+", required=True, help="written by task23_prepare.py")
    parser.add_argument("--backbone", type=Path, required=True, help="written by task23_pretrain.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--copies", type=int, default=4, help="augmented copies of the images")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=seed)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    return options
