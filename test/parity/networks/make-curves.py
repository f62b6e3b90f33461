"""Makes curves.json: the loss of each of 20 Adam steps of two small 3-D networks in PyTorch (double), for networks.test.ts.

Run: /usr/bin/python3 test/parity/networks/make-curves.py. Weights and data come from Philox streams, made on both sides.
"""

import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from philox import stream_normals, stream_uniforms  # noqa: E402

SEED = 11
SHAPE = (2, 1, 8, 8, 12)
# Sizes at which PyTorch's own single and double precision agree to 1e-6 over all steps: maxima that switch and Adam's division by
# small gradients make other sizes stray by up to 3e-3 from rounding alone, which would hide a wrong gradient.
WIDTHS = (3, 5, 9)
SLOPE = 0.01
STEPS = 20


def f32_tensor(values, shape):
    return torch.tensor(values.astype(np.float32)).to(torch.get_default_dtype()).reshape(shape)


def data():
    """Labels: a quarter of the voxels. Image: 1.5 · label + half a normal number."""
    count = int(np.prod(SHAPE))
    label = (stream_uniforms(SEED, "label", count) < 0.25).astype(np.float64)
    image = 1.5 * label + 0.5 * stream_normals(SEED, "image", count)
    return f32_tensor(image, SHAPE), f32_tensor(label, SHAPE)


class Weights(dict):
    """Makes a weight when it is first asked for, from the stream of its name."""

    def uniform(self, name, shape):
        if name not in self:
            bound = 1 / np.sqrt(np.prod(shape[1:]))
            values = stream_uniforms(SEED, f"variable/{name}", int(np.prod(shape)), -bound, bound)
            self[name] = f32_tensor(values, shape).requires_grad_()
        return self[name]

    def constant(self, name, size, value):
        if name not in self:
            self[name] = torch.full((size,), float(value)).requires_grad_()
        return self[name]


def conv(weights, name, x, outputs, kernel):
    w = weights.uniform(f"{name}.weight", (outputs, x.shape[1], kernel, kernel, kernel))
    return F.conv3d(x, w, weights.constant(f"{name}.bias", outputs, 0), padding=kernel // 2)


def norm(weights, name, x, kind):
    scale = weights.constant(f"{name}.scale", x.shape[1], 1)
    bias = weights.constant(f"{name}.shift", x.shape[1], 0)
    if kind == "batch":
        return F.batch_norm(x, None, None, scale, bias, True)
    return F.group_norm(x, x.shape[1], scale, bias)


def layer(weights, name, x, outputs, kind):
    return F.leaky_relu(norm(weights, name, conv(weights, name, x, outputs, 3), kind), SLOPE)


def block(weights, name, x, outputs, kind):
    return layer(weights, f"{name}.1", layer(weights, f"{name}.0", x, outputs, kind), outputs, kind)


def encode(weights, x, kind):
    """Features of each level, the finest first."""
    levels = [block(weights, "down0", x, WIDTHS[0], kind)]
    for i, width in enumerate(WIDTHS[1:], 1):
        levels.append(block(weights, f"down{i}", F.max_pool3d(levels[-1], 2), width, kind))
    return levels


def unet_loss(weights, image, label):
    """Instance norm, transposed convolutions up; cross-entropy + Dice of the foreground."""
    *skips, x = encode(weights, image, "instance")
    for i in reversed(range(len(skips))):
        w = weights.uniform(f"up{i}.weight", (x.shape[1], WIDTHS[i], 2, 2, 2))
        x = F.conv_transpose3d(x, w, weights.constant(f"up{i}.bias", WIDTHS[i], 0), stride=2)
        x = block(weights, f"join{i}", torch.cat([skips[i], x], 1), WIDTHS[i], "instance")
    logits = conv(weights, "head", x, 2, 1)
    entropy = F.cross_entropy(logits, label[:, 0].long())
    p = logits.softmax(1)[:, 1:]
    return entropy + 1 - (2 * (p * label).sum() + 1) / (p.sum() + label.sum() + 1)


def focal_tversky(p, y, axes):
    tp, fn, fp = (p * y).sum(axes), (y * (1 - p)).sum(axes), ((1 - y) * p).sum(axes)
    tversky = (tp + 1) / (tp + 0.7 * fn + 0.3 * fp + 1)
    return (1 - tversky).clamp(min=1e-7) ** 0.75


def unet_mss_loss(weights, image, label):
    """Batch norm, nearest steps up, heads at three levels; focal Tversky and projections along three axes."""
    *skips, x = encode(weights, image, "batch")
    heads = []
    for i in reversed(range(len(skips))):
        heads.append(conv(weights, f"head{i + 1}", x, 1, 1))
        x = layer(weights, f"up{i}", F.interpolate(x, scale_factor=2, mode="nearest"), WIDTHS[i], "batch")
        x = block(weights, f"join{i}", torch.cat([skips[i], x], 1), WIDTHS[i], "batch")
    heads.append(conv(weights, "head0", x, 1, 1))
    total = 0
    for logits, weight in zip(reversed(heads), (1, 0.66, 0.34)):
        p = F.interpolate(logits, size=SHAPE[2:], mode="nearest").sigmoid()
        projections = sum(focal_tversky(p.amax(axis), label.amax(axis), (1, 2, 3)) for axis in (2, 3, 4))
        total = total + weight * (0.7 * focal_tversky(p, label, (0, 1, 2, 3, 4)) + 0.3 * projections.mean())
    return total


def train(loss_of, clip, dtype):
    torch.set_default_dtype(dtype)
    weights = Weights()
    image, label = data()
    loss_of(weights, image, label)
    optimiser = torch.optim.Adam(weights.values(), lr=5e-3)
    losses, norms = [], []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = loss_of(weights, image, label)
        loss.backward()
        largest = float("inf") if clip is None else clip
        norms.append(float(torch.nn.utils.clip_grad_norm_(list(weights.values()), largest)))
        optimiser.step()
        losses.append(float(loss))
    sums = {name: float(w.detach().abs().sum()) for name, w in weights.items() if name.endswith("weight")}
    parameters = sum(w.numel() for w in weights.values())
    return {"parameters": parameters, "losses": losses, "gradientNorms": norms, "weightSums": sums}


if __name__ == "__main__":
    curves = {"madeWith": f"torch {torch.__version__.split('+')[0]}"}
    for name, loss_of, clip in (("unet", unet_loss, None), ("unetMss", unet_mss_loss, 1.0)):
        curves[name] = train(loss_of, clip, torch.float64)
        single = train(loss_of, clip, torch.float32)["losses"]
        deviations = [abs(a / b - 1) for a, b in zip(single, curves[name]["losses"])]
        curves[name]["deviationOfSinglePrecision"] = max(deviations)
        print(name, curves[name]["parameters"], curves[name]["losses"][0], curves[name]["losses"][-1], max(deviations))
    with open(os.path.join(HERE, "fixtures", "curves.json"), "w") as file:
        json.dump(curves, file, indent=1)
        file.write("\n")
