"""Makes fixtures/losses.json: values and gradients of the SDK's losses by PyTorch, written from the formulas of the papers.

Run: python3 test/sdk/make-loss-fixtures.py   (made with torch 1.13.0, seed 0)
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
SHAPE = (2, 1, 4, 5, 6)


def focal_tversky(p, y, alpha=0.7, gamma=0.75, smooth=1.0, per_sample=False):
    axes = tuple(range(1 if per_sample else 0, p.dim()))
    tp = (p * y).sum(axes)
    fn = (y * (1 - p)).sum(axes)
    fp = ((1 - y) * p).sum(axes)
    index = (tp + smooth) / (tp + alpha * fn + (1 - alpha) * fp + smooth)
    return ((1 - index).clamp(1e-7, 1) ** gamma).mean()


def dice(p, y, smooth=1.0):
    return 1 - (2 * (p * y).sum() + smooth) / (p.sum() + y.sum() + smooth)


def iou(p, y, smooth=1.0):
    both = (p * y).sum()
    return 1 - (both + smooth) / (p.sum() + y.sum() - both + smooth)


def mip(p, projections, **options):
    return sum(focal_tversky(p.amax(axis + 2, keepdim=True), m, per_sample=True, **options) for axis, m in projections)


def soft_skeleton(x, rounds):
    def erode(v):
        return torch.stack([-F.max_pool3d(-v, k, 1, tuple(s // 2 for s in k)) for k in ((3, 1, 1), (1, 3, 1), (1, 1, 3))]).amin(0)

    def opened(v):
        return F.max_pool3d(erode(v), 3, 1, 1)

    skeleton = F.relu(x - opened(x))
    for _ in range(rounds):
        x = erode(x)
        delta = F.relu(x - opened(x))
        skeleton = skeleton + F.relu(delta - skeleton * delta)
    return skeleton


def cl_dice(p, y, rounds=3, smooth=1.0):
    sp, sy = soft_skeleton(p, rounds), soft_skeleton(y, rounds)
    precision = ((sp * y).sum() + smooth) / (sp.sum() + smooth)
    sensitivity = ((sy * p).sum() + smooth) / (sy.sum() + smooth)
    return 1 - 2 * precision * sensitivity / (precision + sensitivity)


def warp(x, grid):
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=True)


def flat(tensor):
    return [round(v, 9) for v in tensor.detach().flatten().tolist()]


cases = []


def case(name, inputs, loss, **more):
    """The loss of the inputs; gradients by those that ask for one."""
    value = loss(*inputs.values())
    value.backward()
    cases.append({
        "name": name,
        **more,
        "inputs": {key: {"shape": list(t.shape), "values": flat(t)} for key, t in inputs.items()},
        "loss": value.item(),
        "gradients": {key: flat(t.grad) for key, t in inputs.items() if t.grad is not None},
    })


def logits(shape=SHAPE):
    return torch.randn(shape).round(decimals=4).requires_grad_()


def label(shape=SHAPE, share=0.3):
    return (torch.rand(shape) < share).double()


case("focalTversky", {"logits": logits(), "label": label()}, lambda x, y: focal_tversky(x.sigmoid(), y))
case("focalTverskySteep", {"logits": logits(), "label": label()},
     lambda x, y: focal_tversky(x.sigmoid(), y, alpha=0.4, gamma=1.5, smooth=0.1))
case("focalTverskyPerSample", {"logits": logits(), "label": label()},
     lambda x, y: focal_tversky(x.sigmoid(), y, per_sample=True))
case("dice", {"logits": logits(), "label": label()}, lambda x, y: dice(x.sigmoid(), y))
case("iou", {"logits": logits(), "label": label()}, lambda x, y: iou(x.sigmoid(), y))
case("bce", {"logits": (logits() * 30).detach().requires_grad_(), "label": label()}, F.binary_cross_entropy_with_logits)
case("crossEntropy", {"logits": logits((2, 3, 2, 3, 4)), "label": torch.randint(0, 3, (2, 1, 2, 3, 4)).double()},
     lambda x, y: F.cross_entropy(x, y[:, 0].long(), weight=torch.tensor([1.0, 2.0, 5.0])))
case("clDice", {"logits": logits(), "label": label(share=0.6)}, lambda x, y: cl_dice(x.sigmoid(), y))
for axis in range(3):
    case(f"mip{axis}", {"logits": logits(), "label": label(share=0.1)},
         lambda x, y, axis=axis: mip(x.sigmoid(), [(axis, y.amax(axis + 2, keepdim=True))]))
case("mipAll", {"logits": logits(), "label": label(share=0.1)},
     lambda x, y: mip(x.sigmoid(), [(a, y.amax(a + 2, keepdim=True)) for a in range(3)], alpha=0.6, gamma=1.2))
case("mipVolume", {"logits": logits(), "label": label(share=0.1), "labelProjection1": label((2, 1, 4, 1, 6))},
     lambda x, y, m: mip(x.sigmoid(), [(1, m)]))

levels = {"logits": logits((2, 1, 4, 8, 12)), "half": logits((2, 1, 2, 4, 6)), "quarter": logits((2, 1, 1, 2, 3))}
case("deepSupervision", {**levels, "label": label((2, 1, 4, 8, 12))},
     lambda a, b, c, y: sum(w * focal_tversky(F.interpolate(x, size=y.shape[2:], mode="nearest").sigmoid(), y)
                            for w, x in zip((1, 0.66, 0.34), (a, b, c))))

identity = F.affine_grid(torch.eye(3, 4).expand(2, 3, 4), SHAPE, align_corners=True)
grid = (identity + 0.3 * torch.randn(identity.shape)).round(decimals=4)
for stop in (False, True):
    case("consistencyStopped" if stop else "consistency", {"deformed": logits(), "logits": logits(), "deformation": grid},
         lambda d, x, g, stop=stop: focal_tversky(d.sigmoid(), warp(x.sigmoid().detach() if stop else x.sigmoid(), g)))

path = pathlib.Path(__file__).parent / "fixtures" / "losses.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
