"""Makes fixtures/<family>.json: each op's value and gradients by PyTorch in double, over a table of attribute cases.

Run: /usr/bin/python3 test/parity/ops/make-fixtures.py (no arguments). Inputs are rounded to f32 first.
A case: {op, title, attributes, inputs, dy, value, gradients}; a gradient is null where none is compared.
"""

import itertools
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from philox import op_random  # noqa: E402

generator = np.random.default_rng(20261123)


def normal(*shape):
    return generator.standard_normal(shape).astype(np.float32)


def uniform(low, high, *shape):
    return generator.uniform(low, high, shape).astype(np.float32)


def whole(low, high, *shape):
    return generator.integers(low, high, shape)


def tensor_json(array, exact=False):
    array = np.asarray(array)
    dtype = "i32" if array.dtype.kind in "iu" else "f32"
    if dtype == "i32":
        values = [int(v) for v in array.reshape(-1)]
    else:
        digits = 9 if exact else 7
        values = [float(f"{float(v):.{digits}g}") for v in array.reshape(-1)]
        values = [int(v) if v == int(v) else v for v in values]
    return {"shape": list(array.shape), "dtype": dtype, "values": values}


def case(op, title, attributes, inputs, function, without=(), declared=None):
    """`without`: indices of inputs whose gradient is not compared."""
    arrays = [np.asarray(a) for a in inputs]
    tensors = [
        torch.tensor(a.astype(np.float64), requires_grad=True) if a.dtype.kind == "f" else torch.tensor(a)
        for a in arrays
    ]
    y = function(*tensors)
    result = {"op": op, "title": title, "attributes": attributes, "inputs": [tensor_json(a, True) for a in arrays]}
    if declared is not None:
        result["declared"] = declared
    value = y.detach().numpy() if torch.is_tensor(y) else np.asarray(y)
    result["value"] = tensor_json(value)
    wanted = [i for i, t in enumerate(tensors) if t.requires_grad and i not in without]
    gradients = [None] * len(tensors)
    if wanted and torch.is_tensor(y) and y.requires_grad:
        dy = normal(*y.shape)
        result["dy"] = tensor_json(dy, True)["values"]
        found = torch.autograd.grad(y, [tensors[i] for i in wanted], torch.tensor(dy.astype(np.float64)), allow_unused=True)
        for i, g in zip(wanted, found):
            gradients[i] = tensor_json(np.zeros(arrays[i].shape) if g is None else g.numpy())["values"]
    result["gradients"] = gradients
    return result


def adjoint(function, x, dy):
    """⟨dy, function(x)⟩ differentiated by x, itself differentiable."""
    return torch.autograd.grad(function(x), x, dy, create_graph=True)[0]


def adjoint_at(function, shape, dy):
    """The adjoint of a linear function, at zeros of `shape`."""
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return adjoint(function, x, dy)


# --- elementwise ---------------------------------------------------------------------------------------------------


def elementwise():
    mixed = np.concatenate([normal(10) * 2, [0.0, -0.0, 3.5, -3.5]]).astype(np.float32).reshape(2, 7)
    positive = uniform(0.05, 4, 2, 7)
    unary = {
        "neg": (mixed, torch.neg),
        "abs": (mixed, torch.abs),
        "sign": (mixed, torch.sign),
        "floor": (mixed, torch.floor),
        "exp": (mixed, torch.exp),
        "expm1": (mixed * 0.1, torch.expm1),
        "log": (positive, torch.log),
        "log1p": (positive - 0.04, torch.log1p),
        "sqrt": (positive, torch.sqrt),
        "rsqrt": (positive, torch.rsqrt),
        "sigmoid": (mixed * 3, torch.sigmoid),
        "tanh": (mixed, torch.tanh),
        "softplus": (mixed * 10, lambda x: torch.log1p(torch.exp(-x.abs())) + x.clamp(min=0)),
        "erf": (mixed, torch.erf),
        "sin": (mixed, torch.sin),
        "cos": (mixed, torch.cos),
    }
    # At 0 the composed softplus takes a one-sided slope, so the zeros are moved.
    unary["softplus"] = (np.where(mixed == 0, 0.25, mixed * 10).astype(np.float32), unary["softplus"][1])
    for op, (x, function) in unary.items():
        yield case(op, "", {}, [x], function)
    for slope in (0.01, 0, 0.2):
        yield case("leakyRelu", f"slope {slope}", {"slope": slope}, [mixed], lambda x: F.leaky_relu(x, slope))
    bounded = np.array([-2, -1, -0.5, 0, 0.25, 1.5, 1.75], dtype=np.float32)
    yield case("clamp", "with values on both bounds", {"min": -1, "max": 1.5}, [bounded], lambda x: x.clamp(-1, 1.5))
    yield case("cast", "to whole numbers", {"to": "i32"}, [mixed], lambda x: x.detach().to(torch.int32))
    yield case("cast", "to f32", {"to": "f32"}, [whole(-9, 9, 5)], lambda x: x.to(torch.float64))
    yield case("stopGradient", "", {}, [mixed], lambda x: x.detach())

    a, b = normal(3, 4), normal(3, 4)
    b[0] = a[0]
    for op, function in {
        "add": torch.add,
        "sub": torch.sub,
        "mul": torch.mul,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
    }.items():
        yield case(op, "with ties", {}, [a, b], function)
    yield case("div", "", {}, [a, uniform(0.3, 2, 3, 4) * np.sign(b)], torch.div)
    for op, function in {"equal": torch.eq, "less": torch.lt, "lessEqual": torch.le}.items():
        yield case(op, "with ties", {}, [a, b], lambda x, y: function(x, y).to(torch.float64))
    yield case("pow", "of positive numbers", {}, [uniform(0.1, 3, 8), normal(8)], torch.pow)
    yield case("pow", "of zero and to zero", {}, [np.float32([0, 0, 0.5, 2, -2]), np.float32([2, 1, 0, 0, 0])], torch.pow, without=(1,))
    yield case("pow", "of negative numbers to whole ones", {}, [np.float32([-1.5, -2, -0.5]), np.float32([2, 3, -2])], torch.pow, without=(1,))
    for slope in (0.1, 0):
        yield case(
            "leakyReluGrad",
            f"slope {slope}",
            {"slope": slope},
            [normal(2, 7), mixed],
            lambda dy, x: dy * torch.where(x > 0, 1.0, slope),
            without=(1,),
        )
    yield case("where", "", {}, [np.float32([0, 1, -2, 0]), normal(4), normal(4)], lambda c, p, q: torch.where(c != 0, p, q), without=(0,))
    program = [
        {"op": "constant", "operands": [], "numbers": [0.5]},
        {"op": "mul", "operands": [0, 1], "numbers": []},
        {"op": "add", "operands": [3, 2], "numbers": []},
        {"op": "leakyRelu", "operands": [4], "numbers": [0.1]},
        {"op": "clamp", "operands": [5], "numbers": [-0.2, 2]},
    ]
    # Registers: 0, 1 the inputs, 2 the constant, then results.
    yield case(
        "elementwise",
        "a program over operands that broadcast",
        {"program": program},
        [normal(2, 3, 4), normal(1, 3, 1)],
        lambda x, y: F.leaky_relu(x * y + 0.5, 0.1).clamp(-0.2, 2),
        without=(0, 1),
        declared={"shape": [2, 3, 4], "dtype": "f32"},
    )


# --- leaves --------------------------------------------------------------------------------------------------------


def leaves():
    f32 = lambda *shape: {"shape": list(shape), "dtype": "f32"}  # noqa: E731
    yield case("constant", "one value", {"value": 0.1}, [], lambda: torch.full((2, 3), 0.1), declared=f32(2, 3))
    yield case("constant", "all values", {"values": [1, 2, 3]}, [], lambda: torch.tensor([1.0, 2, 3]), declared=f32(3))
    yield case("constant", "whole numbers", {"values": [4, -5]}, [], lambda: torch.tensor([4, -5]), declared={"shape": [2], "dtype": "i32"})
    yield case("iota", "along axis 1", {"axis": 1}, [], lambda: torch.arange(4.0).reshape(1, 4, 1).expand(2, 4, 3), declared=f32(2, 4, 3))
    for distribution in ("uniform", "normal"):
        for seed, step, stream in ((1, 0, 0), (-7, 12, 4000000000)):
            yield case(
                "random",
                f"{distribution}, seed {seed}, step {step}",
                {"distribution": distribution, "stream": stream},
                [np.array([seed, step])],
                lambda key: torch.tensor(op_random(seed, step, stream, 21, distribution)).reshape(3, 7),
                declared=f32(3, 7),
            )


# --- reductions ----------------------------------------------------------------------------------------------------


def argmax_keepdims(x, axis):
    return np.argmax(x.detach().numpy(), axis=axis, keepdims=True)


def reductions():
    x = normal(2, 3, 4)
    ties = whole(0, 3, 2, 3, 4).astype(np.float32)
    for axes in ([0], [1, 2], [2], [0, 1, 2]):
        yield case("sum", f"axes {axes}", {"axes": axes}, [x], lambda t: t.sum(axes, keepdim=True))
        yield case("max", f"axes {axes}", {"axes": axes}, [x], lambda t: t.amax(axes, keepdim=True))
        yield case("max", f"axes {axes} with ties", {"axes": axes}, [ties], lambda t: t.amax(axes, keepdim=True))
    for axis in (0, 1, 2):
        yield case("argMax", f"axis {axis} with ties", {"axis": axis}, [ties], lambda t: argmax_keepdims(t, axis))
        yield case("argSort", f"axis {axis} with ties", {"axis": axis}, [ties], lambda t: np.argsort(t.detach().numpy(), axis=axis, kind="stable"))
        yield case("softmax", f"axis {axis}", {"axis": axis}, [x * 5], lambda t: t.softmax(axis))
        yield case("logSoftmax", f"axis {axis}", {"axis": axis}, [x * 5], lambda t: t.log_softmax(axis))
    yield case("softmax", "of large numbers", {"axis": 0}, [np.float32([1000, 999, -1000])], lambda t: t.softmax(0))
    for transpose_a, transpose_b in itertools.product((False, True), repeat=2):
        for leading in ((), (2,), (2, 3)):
            a = normal(*leading, *((4, 3) if transpose_a else (3, 4)))
            b = normal(*leading, *((5, 4) if transpose_b else (4, 5)))
            yield case(
                "matmul",
                f"{len(leading) + 2} axes, transposes {transpose_a}, {transpose_b}",
                {"transposeA": transpose_a, "transposeB": transpose_b},
                [a, b],
                lambda p, q: (p.mT if transpose_a else p) @ (q.mT if transpose_b else q),
            )


# --- convolutions --------------------------------------------------------------------------------------------------


def torch_padding(padding):
    return [side for pair in reversed(padding) for side in pair]


def conv_with(window):
    def convolve(x, w, bias=None):
        function = [F.conv1d, F.conv2d, F.conv3d][x.dim() - 3]
        padded = F.pad(x, torch_padding(window["padding"]))
        return function(padded, w, bias, stride=window["stride"], dilation=window["dilation"], groups=window["groups"])

    return convolve


def conv_window(axes, stride=1, padding=0, dilation=1, groups=1):
    each = lambda v: list(v) if isinstance(v, (list, tuple)) else [v] * axes  # noqa: E731
    pairs = [p if isinstance(p, (list, tuple)) else [p, p] for p in each(padding)]
    return {"stride": each(stride), "padding": [list(p) for p in pairs], "dilation": each(dilation), "groups": groups}


CONV_CASES = [
    # title, x, weight, bias, window
    ("1-D", (2, 3, 9), (4, 3, 3), True, {}),
    ("1-D stride 2, dilation 2", (1, 2, 13), (3, 2, 3), False, {"stride": 2, "padding": 1, "dilation": 2}),
    ("2-D 3×3 same", (2, 3, 5, 6), (4, 3, 3, 3), True, {"padding": 1}),
    ("2-D 1×1", (2, 5, 4, 3), (3, 5, 1, 1), True, {}),
    ("2-D stride 2 with a row left over", (1, 2, 6, 7), (3, 2, 3, 3), False, {"stride": 2}),
    ("2-D different on each axis", (1, 2, 7, 9), (3, 2, 3, 2), True, {"stride": [2, 3], "padding": [1, 0], "dilation": [1, 2]}),
    ("2-D padding on one side", (1, 2, 5, 6), (2, 2, 3, 3), False, {"padding": [[1, 0], [0, 2]], "stride": 2}),
    ("2-D two groups", (2, 4, 5, 4), (6, 2, 3, 3), True, {"padding": 1, "groups": 2}),
    ("2-D depthwise", (1, 5, 6, 5), (5, 1, 3, 3), True, {"padding": 1, "groups": 5}),
    ("2-D depthwise, two outputs a channel, stride 2", (1, 3, 6, 5), (6, 1, 3, 3), False, {"padding": 1, "groups": 3, "stride": 2}),
    ("2-D even kernel", (1, 2, 6, 6), (2, 2, 4, 2), False, {"stride": 2, "padding": 1}),
    ("3-D 3×3×3 same", (1, 2, 4, 5, 3), (3, 2, 3, 3, 3), True, {"padding": 1}),
    ("3-D 1×1×1", (2, 4, 3, 2, 4), (2, 4, 1, 1, 1), True, {}),
    ("3-D 1×3×3", (1, 2, 3, 5, 4), (3, 2, 1, 3, 3), False, {"padding": [0, 1, 1]}),
    ("3-D stride 2", (1, 2, 5, 4, 6), (3, 2, 3, 3, 3), True, {"stride": 2, "padding": 1}),
    ("3-D 2×2×2 stride 2", (1, 3, 4, 4, 2), (2, 3, 2, 2, 2), False, {"stride": 2}),
    ("3-D dilation 2, two groups", (1, 4, 6, 5, 5), (2, 2, 3, 2, 3), True, {"dilation": [2, 1, 2], "padding": 1, "groups": 2}),
    ("3-D depthwise", (1, 3, 4, 4, 4), (3, 1, 3, 3, 3), False, {"padding": 1, "groups": 3}),
    ("3-D seventeen channels to nine", (1, 17, 3, 2, 3), (9, 17, 3, 1, 1), True, {"padding": [1, 0, 0]}),
]


def convolutions():
    for title, x_shape, w_shape, has_bias, options in CONV_CASES:
        window = conv_window(len(x_shape) - 2, **options)
        x, w = normal(*x_shape), normal(*w_shape)
        bias = [normal(w_shape[0])] if has_bias else []
        conv = conv_with(window)
        yield case("conv", title, window, [x, w, *bias], conv)
        dy = normal(*conv(torch.tensor(x), torch.tensor(w)).shape)
        back_bias = [normal(x_shape[1])] if has_bias else []

        def transposed(y, w, b=None):
            result = adjoint_at(lambda x: conv(x, w), x_shape, y)
            return result if b is None else result + b.reshape(1, -1, *[1] * (len(x_shape) - 2))

        yield case("convTranspose", title, {**window, "spatial": list(x_shape[2:])}, [dy, w, *back_bias], transposed)
        yield case(
            "convGradWeight",
            title,
            {**window, "kernel": list(w_shape[2:])},
            [x, dy],
            lambda x, dy: adjoint_at(lambda w: conv(x, w), w_shape, dy),
        )
    for axes, extra in ((1, 0), (2, 1), (3, [1, 0, 1])):
        y, w, bias = normal(1, 3, *[3, 2, 3][:axes]), normal(3, 2, *[2, 3, 2][:axes]), normal(2)
        function = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][axes - 1]
        apply = lambda y, w, b: function(y, w, b, stride=2, padding=1, output_padding=extra)  # noqa: E731
        spatial = list(apply(torch.tensor(y), torch.tensor(w), torch.tensor(bias)).shape[2:])
        window = {**conv_window(axes, stride=2, padding=1), "spatial": spatial}
        yield case("convTranspose", f"{axes}-D as ConvTranspose with output padding {extra}", window, [y, w, bias], apply)


# --- windows -------------------------------------------------------------------------------------------------------


def pool_window(axes, kernel, stride=None, padding=0):
    window = conv_window(axes, kernel if stride is None else stride, padding)
    kernel = [kernel] * axes if isinstance(kernel, int) else list(kernel)
    return {"kernel": kernel, "stride": window["stride"], "padding": window["padding"]}


POOL_CASES = [
    ("1-D 2", (2, 3, 8), {"kernel": 2}),
    ("1-D overlapping", (1, 2, 9), {"kernel": 3, "stride": 2, "padding": 1}),
    ("2-D 2", (2, 3, 4, 6), {"kernel": 2}),
    ("2-D with a row left over", (1, 2, 5, 7), {"kernel": 2}),
    ("2-D 3×3 stride 2", (1, 2, 7, 6), {"kernel": 3, "stride": 2, "padding": 1}),
    ("2-D stride 1 same", (1, 2, 5, 5), {"kernel": 3, "stride": 1, "padding": 1}),
    ("2-D padding on one side", (1, 2, 5, 5), {"kernel": 2, "stride": 2, "padding": [[0, 1], [1, 0]]}),
    ("3-D 2", (1, 2, 4, 4, 6), {"kernel": 2}),
    ("3-D 1×2×2", (1, 3, 3, 4, 4), {"kernel": [1, 2, 2]}),
    ("3-D 3×3×3 stride 1 same", (1, 2, 4, 3, 4), {"kernel": 3, "stride": 1, "padding": 1}),
]


def max_pool_with(window):
    def pool(x):
        function = [F.max_pool1d, F.max_pool2d, F.max_pool3d][x.dim() - 3]
        padded = F.pad(x, torch_padding(window["padding"]), value=-float("inf"))
        return function(padded, window["kernel"], window["stride"])

    return pool


def avg_pool_with(window):
    def pool(x):
        function = [F.avg_pool1d, F.avg_pool2d, F.avg_pool3d][x.dim() - 3]
        return function(F.pad(x, torch_padding(window["padding"])), window["kernel"], window["stride"])

    return pool


RESIZE_CASES = [
    # from, to
    ((4,), (8,)),
    ((7,), (3,)),
    ((3, 4), (6, 8)),
    ((3, 4), (5, 3)),
    ((6, 5), (3, 1)),
    ((2, 3, 2), (4, 6, 4)),
    ((3, 2, 4), (2, 5, 7)),
    ((1, 3, 2), (4, 3, 1)),
]


def resize_with(spatial, mode, align):
    names = {"nearest": ["nearest"] * 3, "linear": ["linear", "bilinear", "trilinear"]}[mode]

    def resize(x):
        corners = align if mode == "linear" else None
        return F.interpolate(x, size=spatial, mode=names[len(spatial) - 1], align_corners=corners)

    return resize


def windows():
    for title, shape, options in POOL_CASES:
        window = pool_window(len(shape) - 2, **options)
        x, ties = normal(*shape), whole(0, 3, *shape).astype(np.float32)
        pool = max_pool_with(window)
        yield case("maxPool", title, window, [x], pool)
        yield case("maxPool", f"{title}, with ties", window, [ties], pool)
        dy = normal(*pool(torch.tensor(x)).shape)
        yield case("maxPoolGrad", title, window, [dy, ties], lambda dy, x: adjoint(pool, x, dy), without=(0, 1))
        mean = avg_pool_with(window)
        yield case("avgPool", title, window, [x], mean)
        yield case("avgPoolGrad", title, {**window, "spatial": list(shape[2:])}, [dy], lambda dy: adjoint_at(mean, shape, dy))
    for (start, end), (mode, align) in itertools.product(RESIZE_CASES, (("nearest", False), ("linear", False), ("linear", True))):
        attributes = {"mode": mode, "alignCorners": align}
        title = f"{mode}{', corners aligned' if align else ''} {start} to {end}"
        shape = (1, 2, *start)
        resize = resize_with(end, mode, align)
        yield case("resize", title, {**attributes, "spatial": list(end)}, [normal(*shape)], resize)
        yield case(
            "resizeGrad",
            title,
            {**attributes, "spatial": list(start)},
            [normal(1, 2, *end)],
            lambda dy: adjoint_at(resize, shape, dy),
        )


# --- grid sample ---------------------------------------------------------------------------------------------------


def grid_samples():
    for axes, mode, padding, align in itertools.product((2, 3), ("linear", "nearest"), ("zeros", "border"), (False, True)):
        attributes = {"mode": mode, "padding": padding, "alignCorners": align}
        x, grid = normal(2, 2, *[4, 3, 5][:axes]), uniform(-1.4, 1.4, 2, *[3, 4, 2][:axes], axes)
        dy = normal(2, 2, *grid.shape[1:-1])

        def sample(x, grid):
            return F.grid_sample(x, grid, "bilinear" if mode == "linear" else mode, padding, align)

        title = f"{axes}-D {mode}, {padding}{', corners aligned' if align else ''}"
        yield case("gridSample", title, attributes, [x, grid], sample)
        yield case(
            "gridSampleGradInput",
            title,
            {**attributes, "spatial": list(x.shape[2:])},
            [dy, grid],
            # grid_sample's own gradient has no second derivative; as a linear map of x it is a matrix.
            lambda dy, grid: linear_adjoint(lambda x: sample(x, grid), x.shape, dy),
        )
        yield case("gridSampleGradGrid", title, attributes, [dy, x, grid], lambda dy, x, grid: adjoint(lambda g: sample(x, g), grid, dy).detach(), without=(0, 1, 2))
    # PyTorch has no 1-D form: a row of height 1, sampled at its middle, is one.
    x, grid = normal(1, 2, 6), uniform(-1.3, 1.3, 1, 5, 1)

    def sample_row(x, grid):
        both = torch.cat([grid, torch.zeros_like(grid)], dim=-1)
        return F.grid_sample(x.unsqueeze(2), both.unsqueeze(1), "bilinear", "border", False).squeeze(2)

    yield case("gridSample", "1-D linear, border", {"mode": "linear", "padding": "border", "alignCorners": False}, [x, grid], sample_row)


def linear_adjoint(function, shape, dy):
    """The adjoint of a linear function from its matrix, so that it can be differentiated by all that the matrix depends on."""
    size = int(np.prod(shape))
    basis = torch.eye(size, dtype=torch.float64)
    return torch.stack([(function(row.reshape(shape)) * dy).sum() for row in basis]).reshape(shape)


# --- norms ---------------------------------------------------------------------------------------------------------

NORM_CASES = [
    # title, x, kind, groups
    ("instance 1-D", (2, 3, 6), "group", 3),
    ("instance 2-D", (2, 3, 4, 3), "group", 3),
    ("instance 3-D", (1, 2, 3, 2, 4), "group", 2),
    ("two groups 2-D", (2, 4, 3, 3), "group", 2),
    ("one group 3-D", (2, 3, 2, 3, 2), "group", 1),
    ("batch 2-D", (3, 2, 3, 4), "batch", 2),
    ("batch 3-D", (2, 3, 2, 2, 3), "batch", 3),
]


def statistics(x, kind, groups):
    if kind == "batch":
        flat = x.transpose(0, 1).reshape(1, x.shape[1], -1)
    else:
        flat = x.reshape(x.shape[0], groups, -1)
    return torch.stack([flat.mean(-1), flat.var(-1, unbiased=False)], dim=-1)


def normalised(x, stats, kind, groups, epsilon):
    view = [1, x.shape[1]] if kind == "batch" else [x.shape[0], groups, 1]
    per_channel = [stats[..., i].reshape(view) for i in (0, 1)]
    if kind == "group":
        per_channel = [s.expand(-1, -1, x.shape[1] // groups).reshape(x.shape[0], x.shape[1]) for s in per_channel]
    mean, variance = [s.reshape(*s.shape, *[1] * (x.dim() - 2)) for s in per_channel]
    return (x - mean) / torch.sqrt(variance + epsilon)


def library_norm(x, scale, bias, kind, groups, epsilon):
    if kind == "batch":
        return F.batch_norm(x, None, None, scale, bias, True, 0.1, epsilon)
    return F.group_norm(x, groups, scale, bias, epsilon)


def norms():
    for title, shape, kind, groups in NORM_CASES:
        x = normal(*shape) * 2 + 1
        scale, bias = uniform(0.5, 1.5, shape[1]), normal(shape[1])
        yield case("normStats", title, {"kind": kind, "groups": groups}, [x], lambda x: statistics(x, kind, groups), without=(0,))
        for slope, epsilon in ((None, 1e-5), (0.01, 1e-3), (0, 1e-5)):
            attributes = {"kind": kind, "groups": groups, "epsilon": epsilon, "slope": slope}
            named = f"{title}{'' if slope is None else f', slope {slope}'}"
            activate = (lambda y: y) if slope is None else (lambda y: F.leaky_relu(y, slope))
            library = lambda x, s, b: activate(library_norm(x, s, b, kind, groups, epsilon))  # noqa: E731

            # With the statistics of x: they are an input in the graph, which the test makes by normStats.
            whole_case = case("normApply", named, attributes, [x, scale, bias], library)
            whole_case["inputs"].insert(1, {"statsOf": 0})
            whole_case["gradients"].insert(1, None)
            yield whole_case

            dy = normal(*shape)
            stats = statistics(torch.tensor(x.astype(np.float64)), kind, groups).numpy().astype(np.float32)
            fixed = lambda x, t, s, b: normalised(x, t, kind, groups, epsilon)  # noqa: E731
            view = (1, -1, *[1] * (len(shape) - 2))
            affine = lambda x, t, s, b: fixed(x, t, s, b) * s.reshape(view) + b.reshape(view)  # noqa: E731
            if slope != 0:
                yield case("normApply", f"{named}, statistics given", attributes, [x, stats * 1.1, scale, bias], lambda *i: activate(affine(*i)), without=(1,))

            def sums(dy, x, t, s, b):
                through = adjoint(activate, affine(x, t, s, b), dy)
                spatial = tuple(range(2, x.dim()))
                return torch.stack([through.sum(spatial), (through * fixed(x, t, s, b)).sum(spatial)], dim=-1).detach()

            inputs = [dy, x, stats, scale, bias]
            yield case("normGradSums", named, attributes, inputs, sums, without=range(5))
            exact = sums(*[torch.tensor(i.astype(np.float64), requires_grad=True) for i in inputs]).numpy().astype(np.float32)
            yield case(
                "normGradInput",
                named,
                attributes,
                [*inputs, exact],
                lambda dy, x, t, s, b, q: adjoint(lambda x: library(x, s, b), x, dy).detach(),
                without=range(6),
            )


# --- movement ------------------------------------------------------------------------------------------------------


def pad_with(attributes, shape):
    """By np.pad of the positions on each axis, so that all axes and modes go one way."""
    mode = attributes["mode"]
    pairs = list(zip(attributes["low"], attributes["high"]))
    if mode == "constant":
        return lambda x: F.pad(x, torch_padding(pairs), value=attributes["value"])

    def pad(x):
        for axis, pair in enumerate(pairs):
            positions = np.pad(np.arange(shape[axis]), pair, mode=mode)
            x = x.index_select(axis, torch.tensor(positions))
        return x

    return pad


def movement():
    x = normal(2, 3, 4)
    yield case("reshape", "", {"shape": [4, 6]}, [x], lambda t: t.reshape(4, 6))
    yield case("reshape", "to one axis", {"shape": [24]}, [x], lambda t: t.reshape(24))
    for permutation in ([1, 0, 2], [2, 0, 1], [1, 2, 0], [0, 1, 2]):
        yield case("transpose", str(permutation), {"permutation": permutation}, [x], lambda t: t.permute(permutation))
    big = normal(2, 3, 2, 3, 2)
    yield case("transpose", "channels last, 3-D", {"permutation": [0, 2, 3, 4, 1]}, [big], lambda t: t.permute(0, 2, 3, 4, 1))
    for shape in ((2, 1, 4), (1, 1, 1), (1, 3, 1), (2, 3, 4)):
        yield case("broadcast", f"from {shape}", {"shape": [2, 3, 4]}, [normal(*shape)], lambda t: t.expand(2, 3, 4))
    for axis, shapes in ((1, ((2, 3, 4), (2, 1, 4), (2, 2, 4))), (0, ((2, 3), (1, 3))), (2, ((1, 2, 3), (1, 2, 1)))):
        yield case("concat", f"axis {axis}", {"axis": axis}, [normal(*s) for s in shapes], lambda *t: torch.cat(t, axis))
    yield case("slice", "", {"start": [0, 1, 1], "size": [2, 2, 3]}, [x], lambda t: t[0:2, 1:3, 1:4])
    yield case("slice", "one element", {"start": [1, 2, 3], "size": [1, 1, 1]}, [x], lambda t: t[1:2, 2:3, 3:4])
    paddings = [
        ("space of 1-D", (2, 2, 5), [0, 0, 2], [0, 0, 3]),
        ("space of 2-D", (1, 2, 4, 3), [0, 0, 1, 2], [0, 0, 3, 0]),
        ("space of 3-D", (1, 2, 3, 4, 2), [0, 0, 1, 0, 1], [0, 0, 2, 3, 0]),
        ("channels", (1, 3, 4), [0, 1, 0], [0, 2, 0]),
    ]
    for (title, shape, low, high), mode in itertools.product(paddings, ("constant", "reflect", "edge")):
        attributes = {"low": low, "high": high, "mode": mode, "value": 0.5 if mode == "constant" else 0}
        pad = pad_with(attributes, shape)
        y = normal(*shape)
        yield case("pad", f"{mode}, {title}", attributes, [y], pad)
        if mode != "constant":
            dy = normal(*pad(torch.tensor(y)).shape)
            yield case("padGrad", f"{mode}, {title}", attributes, [dy], lambda dy: adjoint_at(pad, shape, dy))
    for axis, indices in ((0, [1, 0, 1]), (1, [2, 2, 0, 1]), (2, [3])):
        positions = np.array(indices)
        yield case("gather", f"axis {axis}", {"axis": axis}, [x, positions], lambda t, i: t.index_select(axis, i))
        size = x.shape[axis] + 1
        shape = [size if k == axis else n for k, n in enumerate(x.shape)]
        dy = normal(*[len(indices) if k == axis else n for k, n in enumerate(x.shape)])
        yield case(
            "scatterAdd",
            f"axis {axis}",
            {"axis": axis, "size": size},
            [dy, positions],
            lambda dy, i: torch.zeros(shape, dtype=torch.float64).index_add(axis, i, dy),
        )
        taken = [2 if k == axis else n for k, n in enumerate(x.shape)]
        along = whole(0, x.shape[axis], *taken)
        yield case("takeAlong", f"axis {axis}", {"axis": axis}, [x, along], lambda t, i: torch.gather(t, axis, i))
        yield case(
            "putAlong",
            f"axis {axis}",
            {"axis": axis, "size": size},
            [normal(*taken), along],
            lambda dy, i: torch.zeros(shape, dtype=torch.float64).scatter_add(axis, i, dy),
        )


FAMILIES = [leaves, elementwise, reductions, convolutions, windows, grid_samples, norms, movement]

if __name__ == "__main__":
    os.makedirs(os.path.join(HERE, "fixtures"), exist_ok=True)
    for family in FAMILIES:
        # One case a line, so that a changed case is a changed line.
        cases = ",\n".join(json.dumps(c, separators=(",", ":")) for c in family())
        name = family.__name__.replace("_", "-")
        with open(os.path.join(HERE, "fixtures", f"{name}.json"), "w") as file:
            file.write(f'{{"madeWith":"torch {torch.__version__.split("+")[0]}","cases":[\n{cases}\n]}}\n')
        print(name, cases.count("\n") + 1, "cases")
