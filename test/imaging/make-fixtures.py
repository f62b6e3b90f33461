"""Reference results of scipy, scikit-image and nibabel for small arrays.

Arrays are stored as they lie in memory with x fastest: NumPy arrays of shape [z, y, x], raveled in C order.
Run with: /usr/bin/python3 test/imaging/make-fixtures.py   (scipy 1.10, scikit-image 0.19, nibabel 5.0.0, numpy 1.24)
"""
import json
import os

import nibabel as nib
import numpy as np
from scipy import ndimage
from skimage import filters

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)
random = np.random.default_rng(11)


def flat(array):
    return [round(float(v), 7) for v in np.asarray(array).ravel()]


def dims(array):
    return list(array.shape[::-1])


result = {"orientation": [], "resample": [], "distance": [], "components": [], "otsu": [], "hysteresis": []}

for n in range(60):
    matrix = random.normal(size=(3, 3)) * random.uniform(0.3, 3, size=3)
    if n % 3 == 0:
        matrix = np.linalg.qr(matrix)[0] * random.uniform(0.3, 3, size=3)
    affine = np.eye(4)
    affine[:3, :3] = matrix
    affine[:3, 3] = random.normal(size=3) * 50
    # Beyond 45° two voxel axes can want the same world axis, and which comes first decides.
    p, _, q = np.linalg.svd(matrix / np.linalg.norm(matrix, axis=0))
    wanted = np.abs(p @ q).argmax(axis=0)
    canonical = nib.as_closest_canonical(nib.Nifti1Image(np.zeros((4, 5, 6), "u1"), affine))
    result["orientation"].append(
        {
            "affine": affine.tolist(),
            "letters": "".join(nib.aff2axcodes(affine)),
            "isClear": len(set(wanted.tolist())) == 3,
            "canonicalDims": list(canonical.shape),
            "canonicalAffine": canonical.affine.tolist(),
        }
    )

source = random.normal(size=(6, 5, 7)).astype("f4")
sheared = np.array([[1.1, 0.2, -0.1, 3], [-0.1, 0.9, 0.3, -2], [0.2, 0.0, 1.4, 5], [0, 0, 0, 1]])
aligned = np.diag([0.8, 1.3, 2.0, 1.0])
aligned[:3, 3] = [1, 2, 3]
# Odd numbers, so that no place lies half-way between voxels, where rounding would decide.
turn = np.array([[0.9017, -0.3011, 0.1003, 2.0127], [0.3019, 0.8031, 0.0, -1.0219], [0.0, 0.1013, 0.7027, 1.0131], [0, 0, 0, 1]])
shrink = np.diag([0.61, 1.7, 0.93, 1.0])
shrink[:3, 3] = [-0.4, 0.3, 0.1]
for name, rasFromSource, sourceFromTarget in [
    ("oblique", sheared, turn),
    ("aligned", aligned, shrink),
]:
    size = (5, 6, 8)
    z, y, x = np.meshgrid(*[np.arange(n) for n in size], indexing="ij")
    places = sourceFromTarget @ np.stack([x.ravel(), y.ravel(), z.ravel(), np.ones(x.size)])
    for order, kind in [(0, "nearest"), (1, "linear")]:
        values = ndimage.map_coordinates(source, places[2::-1], order=order, mode="nearest", output="f8")
        result["resample"].append(
            {
                "name": f"{name}, {kind}",
                "interpolation": kind,
                "values": flat(source),
                "sourceDims": dims(source),
                "sourceAffine": rasFromSource.tolist(),
                "targetDims": list(size[::-1]),
                "targetAffine": (rasFromSource @ sourceFromTarget).tolist(),
                "expected": flat(values),
            }
        )

for spacing, share in [((1, 1, 1), 0.7), ((0.5, 0.8, 2.5), 0.9), ((3, 1, 1), 0.97)]:
    mask = random.random((7, 9, 11)) < share
    result["distance"].append(
        {
            "mask": mask.astype(int).ravel().tolist(),
            "dims": dims(mask),
            "spacingMm": spacing,
            "expected": flat(ndimage.distance_transform_edt(mask, sampling=spacing[::-1])),
        }
    )

for share in [0.15, 0.3, 0.5]:
    mask = random.random((8, 9, 10)) < share
    for connectivity, rank in [(6, 1), (18, 2), (26, 3)]:
        labels, count = ndimage.label(mask, ndimage.generate_binary_structure(3, rank))
        result["components"].append(
            {
                "mask": mask.astype(int).ravel().tolist(),
                "dims": dims(mask),
                "connectivity": connectivity,
                "count": int(count),
                "labels": labels.ravel().tolist(),
            }
        )

for name, image in {
    "two humps": np.concatenate([random.normal(0, 1, 700), random.normal(6, 1.5, 300)]).astype("f4"),
    "skewed": random.gamma(1.5, 2, 1000).astype("f4"),
    "few levels": random.integers(0, 6, 500).astype("f4"),
}.items():
    result["otsu"].append({"name": name, "values": flat(image), "expected": float(filters.threshold_otsu(image))})

smooth = ndimage.gaussian_filter(random.normal(size=(10, 11, 12)), 1).astype("f4")
for low, high in [(0.05, 0.4), (-0.05, 0.3), (0.2, 9.0)]:
    result["hysteresis"].append(
        {
            "values": flat(smooth),
            "dims": dims(smooth),
            "low": low,
            "high": high,
            "expected": filters.apply_hysteresis_threshold(smooth, low, high).astype(int).ravel().tolist(),
        }
    )

sample = (random.normal(size=257) ** 3).astype("f4")
result["percentiles"] = {
    "values": flat(sample),
    "expected": [[p, float(np.percentile(sample.astype("f8"), p))] for p in [0, 0.5, 1, 25, 50, 99.5, 100]],
    "mean": float(sample.astype("f8").mean()),
    "deviation": float(sample.astype("f8").std()),
}

json.dump(result, open(os.path.join(here, "arrays.json"), "w"), separators=(",", ":"))
