"""Cubic B-spline fields by SciPy for test/sampling/bspline.test.ts. Run: python3 test/sampling/make-bspline.py"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.interpolate import BSpline


def expand(values, axis, size):
    points = values.shape[axis]
    knots = np.arange(-3, points + 1, dtype=float)
    places = np.linspace(0, points - 3, size) if size > 1 else np.array([(points - 3) / 2])
    # The last place is the right end of the base interval; SciPy evaluates it from the left.
    moved = np.moveaxis(values, axis, 0)
    return np.moveaxis(BSpline(knots, moved, 3, extrapolate=False)(np.minimum(places, points - 3 - 1e-12)), 0, axis)


rng = np.random.default_rng(7)
cases = []
for points, size in [((4, 4, 4), (3, 5, 7)), ((5, 6, 7), (9, 4, 12)), ((7, 5, 4), (1, 8, 2))]:
    control = rng.uniform(-1, 1, points)
    field = control
    for axis in range(3):
        field = expand(field, axis, size[axis])
    cases.append({
        "points": points,
        "size": size,
        "control": [round(float(v), 6) for v in control.ravel()],
    })
    # Evaluated again from the rounded control points, so that both sides see the same numbers.
    field = np.array(cases[-1]["control"]).reshape(points)
    for axis in range(3):
        field = expand(field, axis, size[axis])
    cases[-1]["field"] = [round(float(v), 8) for v in field.ravel()]
out = {"madeWith": f"scipy {scipy.__version__}", "cases": cases}
(Path(__file__).parent / "fixtures" / "bspline.json").write_text(json.dumps(out))
