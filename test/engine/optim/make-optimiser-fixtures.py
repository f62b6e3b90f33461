"""Weights after each of six updates by PyTorch's optimisers on f(w) = sum(a * w^2 + b * w), for test/engine/optim.

Run with Debian's python3-torch: /usr/bin/python3 make-optimiser-fixtures.py > optimisers.json
"""

import json

import torch

torch.set_default_dtype(torch.float64)
A = torch.tensor([0.5, 2.0, -0.25, 1.0])
B = torch.tensor([0.1, -1.0, 0.4, 0.0])
START = [1.0, -2.0, 0.5, 3.0]
RATES = [0.1, 0.1, 0.05, 0.05, 0.02, 0.2]

CASES = {
    "sgd": (torch.optim.SGD, dict(), None),
    "sgd with momentum": (torch.optim.SGD, dict(momentum=0.9), None),
    "sgd with nesterov momentum and decay": (torch.optim.SGD, dict(momentum=0.9, nesterov=True, weight_decay=0.01), None),
    "adam": (torch.optim.Adam, dict(betas=(0.9, 0.999), eps=1e-8), None),
    "adam with decay and clipping": (torch.optim.Adam, dict(betas=(0.8, 0.99), eps=1e-6, weight_decay=0.05), 1.0),
    "adamw": (torch.optim.AdamW, dict(betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1), None),
}


def run(make, options, clip):
    weight = torch.tensor(START, requires_grad=True)
    optimiser = make([weight], lr=RATES[0], **options)
    weights, norms = [], []
    for rate in RATES:
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        (A * weight**2 + B * weight).sum().backward()
        norms.append(weight.grad.norm().item())
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([weight], clip)
        optimiser.step()
        weights.append(weight.detach().tolist())
    return dict(weights=weights, norms=norms)


print(json.dumps(dict(torch=torch.__version__, a=A.tolist(), b=B.tolist(), start=START, rates=RATES, cases={name: run(*case) for name, case in CASES.items()}), indent=1))
