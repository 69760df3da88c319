"""A linear support vector machine, trained for all labels at once.

Dual coordinate descent with the squared hinge loss: algorithm 1 of Hsieh and others, "A Dual Coordinate Descent Method
for Large-scale Linear SVM", 2008, which liblinear and scikit-learn's LinearSVC run as well; see docs/adr/0015.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
#: (places of the values that are not zero, the values)
Vector = tuple[Ints, Floats]

C = 1.0
#: Walks over all rows; more changed no figure.
EPOCHS = 15


def solve(rows: Sequence[Vector], labels: Ints, weighs: Floats, width: int, count: int) -> Floats:
    """Return weights, width x count: a row of the result for each place, a column for each label.

    labels   the number of each row's label, from 0 to count - 1; a rare one weighs as much as a frequent one
    weighs   how much a mistake in each row costs
    """
    weights = np.zeros((width, count), np.float32)
    alphas = np.zeros((len(rows), count), np.float32)
    often = np.bincount(labels, weighs, count)
    wrong = np.full(count, 1 / (2 * C), np.float32)
    right = (wrong * count * often / often.sum()).astype(np.float32)
    squares = [float(values @ values) for _, values in rows]
    order = np.random.default_rng(1)
    for _ in range(EPOCHS):
        for row in order.permutation(len(rows)):
            places, values = rows[row]
            label = labels[row]
            signs = np.full(count, -1, np.float32)
            signs[label] = 1
            slack = wrong.copy()
            slack[label] = right[label]
            slack /= weighs[row]
            gradient = signs * (values @ weights[places]) - 1 + slack * alphas[row]
            moved = np.maximum(alphas[row] - gradient / (squares[row] + slack), 0)
            weights[places] += np.outer(values, (moved - alphas[row]) * signs)
            alphas[row] = moved
    return weights
