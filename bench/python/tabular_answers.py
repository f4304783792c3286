#!/usr/bin/env python3
"""A forest's answers for one patient after the other, by the library that fitted it.

    tabular_answers.py <forest.joblib> <vectors.json> <dump.json>
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import joblib
import numpy as np

from stages import tell


def main() -> None:
    file, vectors, dump = sys.argv[1:]
    with open(vectors, encoding="utf8") as opened:
        rows = np.array(json.load(opened), dtype=np.float32)
    # CPU time, which other work on the machine hardly changes; there is one thread.
    start = time.process_time()
    model = joblib.load(file)
    reading = time.process_time() - start
    model.n_jobs = 1  # threads cost more than one patient's answer
    answer = model.predict_proba if hasattr(model, "predict_proba") else model.predict
    found, seconds = [], []
    for row in rows:
        start = time.process_time()
        found.append(float(answer(row[None]).ravel()[-1]))
        seconds.append(time.process_time() - start)
    with open(dump, "w", encoding="utf8") as opened:
        json.dump(found, opened)
    tell("done", seconds={"reading": reading, "first": seconds[0], "later": statistics.median(seconds[1:])})


if __name__ == "__main__":
    main()
