"""Reference results of scikit-image, SciPy, scikit-learn and NumPy for the metrics and statistics.

Masks are NumPy arrays of shape [z, y, x], raveled in C order (x fastest), one bit a voxel, lowest bit first, in base64.
Run with: /usr/bin/python3 test/evaluation/make-fixtures.py
(scikit-image 0.19.3, SciPy 1.10.1, scikit-learn 1.2.1, NumPy 1.24.2)
"""
import base64
import itertools
import json
import os

import numpy as np
from scipy import ndimage, stats
from scipy.spatial.distance import cdist, directed_hausdorff
from skimage.measure import euler_number, label
from skimage.morphology import skeletonize
from sklearn.metrics import adjusted_rand_score, mutual_info_score, roc_auc_score

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)
random = np.random.default_rng(7)


def packed(mask):
    bits = np.packbits(np.asarray(mask, bool).ravel(), bitorder="little")
    return {"dims": list(mask.shape[::-1]), "bits": base64.b64encode(bits.tobytes()).decode()}


def tube(shape, radius, steps=40):
    """A ball drawn along a random walk that keeps its direction for a while."""
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    mask = np.zeros(shape, bool)
    point = random.uniform(0.2, 0.8, size=3) * shape
    heading = random.normal(size=3)
    for _ in range(steps):
        heading = heading + random.normal(size=3) * 0.5
        heading /= np.linalg.norm(heading)
        point = point + heading * 0.8
        mask |= ((grid - point) ** 2).sum(axis=-1) <= radius**2
    return mask


def shapes():
    for n in range(24):
        shape = tuple(random.integers(10, 22, size=3))
        yield tube(shape, random.uniform(0.6, 3)) | tube(shape, random.uniform(0.6, 2))
    for n in range(6):
        shape = tuple(random.integers(8, 14, size=3))
        yield ndimage.gaussian_filter(random.normal(size=shape), 1.3) > 0.1
    for n in range(4):
        picture = ndimage.gaussian_filter(random.normal(size=(1, 22, 27)), (0, 2, 2)) > 0
        yield picture


def betti(mask):
    b0 = label(mask, connectivity=3).max()
    b2 = label(~np.pad(mask, 1), connectivity=1).max() - 1
    return int(b0), int(b0 + b2 - euler_number(np.pad(mask, 1), connectivity=3)), int(b2)


def lee(mask):
    """scikit-image takes a picture as two-dimensional only when it has two axes."""
    thin = skeletonize(mask[0], method="lee")[None] if mask.shape[0] == 1 else skeletonize(mask, method="lee")
    return thin > 0


skeletons = []
for mask in shapes():
    thin = lee(mask)
    skeletons.append({
        **packed(mask),
        "skeleton": packed(thin)["bits"],
        "betti": betti(mask),
        # scikit-image does not look at the Euler number again before it removes a voxel, so loops can change.
        "keepsTopology": betti(mask) == betti(thin),
    })

noise = []
for n in range(24):
    shape = tuple(random.integers(1, 9, size=3))
    mask = random.uniform(size=shape) < random.uniform(0.1, 0.9)
    noise.append({**packed(mask), "euler": int(euler_number(np.pad(mask, 1), connectivity=3)), "betti": betti(mask)})


def surface_points(mask, spacing):
    axes = [axis for axis in range(3) if mask.shape[axis] > 1]
    outside = np.pad(mask, 1)
    inside = mask.copy()
    for axis in axes:
        for shift in (-1, 1):
            inside &= np.roll(outside, shift, axis)[1:-1, 1:-1, 1:-1]
    return np.argwhere(mask & ~inside) * spacing


def cl_dice(p, y):
    sp, sy = lee(p), lee(y)
    precision, recall = (sp & y).sum() / sp.sum(), (sy & p).sum() / sy.sum()
    return {"clDice": 2 * precision * recall / (precision + recall), "skeletonRecall": recall, "skeletonPrecision": precision}


pairs = []
for n in range(10):
    shape = (1, 24, 19) if n == 9 else tuple(random.integers(10, 18, size=3))
    y = tube(shape, 2) | tube(shape, 1.2)
    p = ndimage.shift(y.astype(float), [0, 1, n % 2], order=0) > 0.5
    p = p ^ (random.uniform(size=shape) < 0.01)
    if shape[0] == 1:
        y, p = tube(shape, 3), tube(shape, 2)
    spacing = np.round(random.uniform(0.3, 2, size=3), 3)
    probability = np.round(np.clip(y * 0.3 + random.uniform(size=shape) * 0.7, 0, 1), 2).astype(np.float32)
    points_p, points_y = surface_points(p, spacing), surface_points(y, spacing)
    between = cdist(points_p, points_y)
    to_y, to_p = between.min(axis=1), between.min(axis=0)
    volume = cdist(np.argwhere(p) * spacing, np.argwhere(y) * spacing)
    tp, fp = (p & y).sum(), (p & ~y).sum()
    fn, tn = (~p & y).sum(), (~p & ~y).sum()
    pairs.append({
        "dims": list(shape[::-1]),
        "spacingMm": list(spacing[::-1]),
        "prediction": packed(p)["bits"],
        "reference": packed(y)["bits"],
        "probabilityPercent": [int(round(v * 100)) for v in probability.ravel().tolist()],
        "directedHausdorff": [directed_hausdorff(points_p, points_y)[0], directed_hausdorff(points_y, points_p)[0]],
        "values": {
            "dice": 2 * tp / (2 * tp + fp + fn),
            "iou": tp / (tp + fp + fn),
            "sensitivity": tp / (tp + fn),
            "precision": tp / (tp + fp),
            "specificity": tn / (tn + fp),
            "volumetricSimilarity": 1 - abs(int(p.sum()) - int(y.sum())) / (p.sum() + y.sum()),
            "mutualInformation": mutual_info_score(y.ravel(), p.ravel()),
            "adjustedRandIndex": adjusted_rand_score(y.ravel(), p.ravel()),
            "auc": roc_auc_score(y.ravel(), probability.ravel()),
            "hausdorff95": max(np.percentile(to_y, 95), np.percentile(to_p, 95)),
            "assd": (to_y.sum() + to_p.sum()) / (len(to_y) + len(to_p)),
            "balancedAverageHausdorff": (volume.min(axis=1).sum() + volume.min(axis=0).sum()) / y.sum() / 2,
            "componentCount": int(label(p, connectivity=3).max()),
            **cl_dice(p, y),
            **{f"betti{k}Error": abs(betti(p)[k] - betti(y)[k]) for k in range(3)},
        },
    })


def enumerated(differences):
    """The exact p value of the ranks as they are, ties included, over all assignments of signs."""
    values = np.array([d for d in differences if d != 0])
    ranks = stats.rankdata(np.abs(values))
    smaller = min(ranks[values > 0].sum(), ranks[values < 0].sum())
    signs = np.array(list(itertools.product([0, 1], repeat=len(values))))
    return float(min(1, 2 * np.mean(signs @ ranks <= smaller + 1e-9)))


tests = []
for count in (1, 4, 7, 12, 20, 25):
    differences = random.normal(0.3, 1, size=count)
    result = stats.wilcoxon(differences, method="exact")
    tests.append({"differences": differences.tolist(), "p": float(result.pvalue), "method": "exact"})
for count in (6, 10, 14):
    differences = [int(d) for d in random.integers(-3, 5, size=count)]
    tests.append({"differences": differences, "p": enumerated(differences), "method": "exact"})
for count in (26, 60):
    for differences in (random.normal(0.2, 1, size=count), random.integers(1, 9, size=count) * random.choice([-1, 1, 1], size=count)):
        result = stats.wilcoxon(differences, method="approx", correction=False)
        tests.append({"differences": [float(d) for d in differences], "p": float(result.pvalue), "method": "normal"})

values = np.round(random.normal(size=13), 6)
summary = {
    "values": values.tolist(),
    "mean": values.mean(), "sd": values.std(ddof=1), "median": np.median(values),
    "lowerQuartile": np.percentile(values, 25), "upperQuartile": np.percentile(values, 75),
    "iqr": stats.iqr(values), "least": values.min(), "most": values.max(),
}
tails = [{"z": z, "tail": float(stats.norm.sf(z))} for z in (-4, -1, 0, 0.1, 1, 1.96, 2.9, 3, 3.5, 6, 12)]


def plain(value):
    return value.item() if isinstance(value, np.generic) else str(value)


for name, content in {
    "shapes": {"skeletons": skeletons, "noise": noise},
    "pairs": pairs,
    "statistics": {"wilcoxon": tests, "summary": summary, "tails": tails},
}.items():
    with open(os.path.join(here, f"{name}.json"), "w") as file:
        json.dump(content, file, default=plain)
        file.write("\n")
