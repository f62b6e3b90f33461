"""The peer of `sagitta bench`: PyTorch for training and inference, nibabel for loading.

Protocol (as ours.ts): one argument, the specification as JSON. Prints {"ready": true, ...} after two warm-up runs; answers each
line "run" with {"seconds": s}, and "end" with {"peakBytes": b} before it leaves.
"""
import json
import resource
import sys
import time


def peak_bytes():
    """Peak resident memory of this process. VmHWM starts at this program; ru_maxrss may hold that of the parent at the fork."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024


def loading(spec):
    import nibabel
    import numpy

    def run():
        volume = numpy.asanyarray(nibabel.load(spec["file"]).dataobj)
        assert volume.dtype == numpy.int16, volume.dtype

    return run, {"peer": f"nibabel {nibabel.__version__}", "parameters": 0}


def network(spec):
    import torch
    from torch import nn

    def rounds(*channels):
        layers = []
        for before, after in zip(channels, channels[1:]):
            layers += [nn.Conv3d(before, after, 3, padding=1), nn.InstanceNorm3d(after, affine=True), nn.LeakyReLU(0.01, inplace=True)]
        return nn.Sequential(*layers)

    class UNet(nn.Module):
        """The networks of networks.ts."""

        def __init__(self, channels, heads):
            super().__init__()
            self.encoder = nn.ModuleList(rounds(before, after, after) for before, after in zip([1, *channels], channels))
            self.up = nn.ModuleList(rounds(below, width) for width, below in zip(channels, channels[1:]))
            self.decoder = nn.ModuleList(rounds(2 * width, width, width) for width in channels[:-1])
            self.head = nn.ModuleList(nn.Conv3d(width, 1, 1) for width in channels[:heads])

        def forward(self, x):
            size = x.shape[2:]
            skips = []
            for level, block in enumerate(self.encoder):
                x = block(x if level == 0 else nn.functional.max_pool3d(x, 2))
                skips.append(x)
            levels = []
            for level in reversed(range(len(self.decoder))):
                x = self.up[level](nn.functional.interpolate(x, size=skips[level].shape[2:], mode="nearest"))
                x = self.decoder[level](torch.cat([x, skips[level]], 1))
                levels.insert(0, x)
            logits = [head(level) for head, level in zip(self.head, levels)]
            return [y if y.shape[2:] == size else nn.functional.interpolate(y, size=size, mode="nearest") for y in logits]

    return UNet(spec["channels"], len(spec["channels"]) - 1 if spec["net"] == "unet-mss" else 1)


def learning(spec):
    import torch

    torch.set_num_threads(spec["threads"])
    torch.manual_seed(1)
    net = network(spec)
    shape = (spec["batch"], 1, *[spec["patch"]] * 3)
    image, label = torch.randn(shape), (torch.rand(shape) < 0.1).float()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)

    def loss_of(logits):
        probability = torch.sigmoid(logits)
        dice = 1 - (2 * (probability * label).sum() + 1) / (probability.sum() + label.sum() + 1)
        return dice + torch.nn.functional.binary_cross_entropy_with_logits(logits, label)

    def train():
        optimiser.zero_grad(set_to_none=True)
        loss = sum(weight * loss_of(level) for weight, level in zip([1, 0.66, 0.34], net(image)))
        loss.backward()
        optimiser.step()
        loss.item()

    def infer():
        with torch.no_grad():
            torch.sigmoid(net(image)[0])

    if spec["what"] == "infer":
        net.eval()
    name = f"PyTorch {torch.__version__}" + ("" if torch.backends.mkldnn.is_available() else " without oneDNN")
    return train if spec["what"] == "train" else infer, {"peer": name, "parameters": sum(p.numel() for p in net.parameters())}


def say(message):
    print(json.dumps(message), flush=True)


def main():
    spec = json.loads(sys.argv[1])
    run, about = (loading if spec["what"] == "load" else learning)(spec)
    for _ in range(2):
        run()
    say({"ready": True, **about})
    for line in sys.stdin:
        if line.strip() == "end":
            break
        started = time.perf_counter()
        run()
        say({"seconds": time.perf_counter() - started})
    say({"peakBytes": peak_bytes()})


if __name__ == "__main__":
    main()
