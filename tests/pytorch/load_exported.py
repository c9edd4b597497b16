#!/usr/bin/python3
"""load_exported.py BUILD [--check-itself]

Trains models with the program of a build, exports their tensors to safetensors and npz, loads both into torch.nn's own
modules, strictly, and holds the logits that these compute against the library's.

Exit status: 0 where all agree, 1 where one does not, 2 for arguments that cannot be used, 77 (SKIP) without PyTorch.
"""
import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

try:
    import numpy
    import torch
except ImportError:
    print("SKIP: load_exported.py needs PyTorch and NumPy (python3-torch, python3-numpy)")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))

# Both round in float32, in other orders: sums of up to 150 terms in up to 3 layers.
BOUND = 1e-5  # of a logit, or of 1 where it is smaller

LENGTH = 60  # characters read

MODELS = [
    "--model bigram --count",
    "--model bigram --steps 50 --batch 20",
    "--model mlp --context 1 --embed 4 --hidden 9 --steps 100",
    "--model mlp --context 5 --embed 10 --hidden 40 --layers 3 --activation relu --steps 100",
    "--model mlp --context 4 --embed 3 --hidden 17 --layers 2 --steps 100 --lines",
    "--model rnn --hidden 33 --steps 100",
    "--model rnn --hidden 20 --embed 7 --layers 3 --steps 100 --lines",
    "--model rnn --hidden 64 --embed 16 --layers 2 --activation relu --steps 100",
    "--model gru --hidden 33 --steps 100",
    "--model gru --hidden 20 --embed 7 --layers 3 --steps 100 --lines",
]


class Bigram(torch.nn.Module):
    def __init__(self, shapes, _):
        super().__init__()
        self.embedding = torch.nn.Embedding(*shapes["embedding.weight"])

    def forward(self, tokens, _):
        return self.embedding(tokens)


class Mlp(torch.nn.Module):
    def __init__(self, shapes, about):
        super().__init__()
        self.context, self.boundary = int(about["mote.context"]), about["mote.boundary"] == "1"
        self.act = torch.tanh if about["mote.activation"] == "tanh" else torch.relu
        self.embedding = torch.nn.Embedding(*shapes["embedding.weight"])
        layers = sum(name.startswith("hidden.") for name in shapes) // 2
        sizes = [shapes[f"hidden.{layer}.weight"] for layer in range(layers)]
        self.hidden = torch.nn.ModuleList(torch.nn.Linear(size[1], size[0]) for size in sizes)
        self.output = torch.nn.Linear(*reversed(shapes["output.weight"]))

    def window(self, tokens, end):
        """The last characters, the oldest first; token 0 for what is missing and for what a boundary hides."""
        window = ([0] * self.context + tokens[:end])[-self.context :]
        if self.boundary and 0 in window:
            last = len(window) - 1 - window[::-1].index(0)
            window = [0] * last + window[last:]
        return window

    def forward(self, tokens, _):
        windows = [self.window(tokens.tolist(), end) for end in range(1, len(tokens) + 1)]
        x = self.embedding(torch.tensor(windows)).flatten(1)
        for layer in self.hidden:
            x = self.act(layer(x))
        return self.output(x)


class Rnn(torch.nn.Module):
    def __init__(self, shapes, about):
        super().__init__()
        self.embedding = torch.nn.Embedding(*shapes["embedding.weight"]) if "embedding.weight" in shapes else None
        hidden, width = shapes["rnn.weight_ih_l0"]
        layers = sum(name.startswith("rnn.bias_ih_l") for name in shapes)
        self.rnn = torch.nn.RNN(width, hidden, layers, nonlinearity=about["mote.activation"])
        self.linear = torch.nn.Linear(*reversed(shapes["linear.weight"]))

    def forward(self, tokens, vocab):
        x = self.embedding(tokens) if self.embedding else torch.nn.functional.one_hot(tokens, vocab).to(torch.float32)
        return self.linear(self.rnn(x)[0])


class Gru(torch.nn.Module):
    def __init__(self, shapes, _):
        super().__init__()
        self.embedding = torch.nn.Embedding(*shapes["embedding.weight"]) if "embedding.weight" in shapes else None
        rows, width = shapes["gru.weight_ih_l0"]
        layers = sum(name.startswith("gru.bias_ih_l") for name in shapes)
        self.gru = torch.nn.GRU(width, rows // 3, layers)
        self.linear = torch.nn.Linear(*reversed(shapes["linear.weight"]))

    def forward(self, tokens, vocab):
        x = self.embedding(tokens) if self.embedding else torch.nn.functional.one_hot(tokens, vocab).to(torch.float32)
        return self.linear(self.gru(x)[0])


def read_safetensors(path):
    """Tensors and metadata, by the format's own description."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    about, tensors = header.pop("__metadata__"), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32"
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, about


def read_npz(path):
    with numpy.load(path) as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def torch_logits(tensors, about, tokens, vocab):
    kinds = {"bigram": Bigram, "mlp": Mlp, "rnn": Rnn, "gru": Gru}
    module = kinds[about["mote.model"]]({name: tuple(t.shape) for name, t in tensors.items()}, about)
    module.load_state_dict(tensors, strict=True)
    with torch.no_grad():
        return module(torch.tensor(tokens), vocab).to(torch.float64)


def off(ours, theirs):
    """The largest difference, in bounds."""
    return ((ours - theirs).abs() / (BOUND * theirs.abs().clamp(min=1))).max().item()


def spoilt(tensors):
    """Each tensor by itself exchanged for one that has its numbers in another order."""
    for name, tensor in tensors.items():
        if tensor.count_nonzero() > 0:  # not the second bias
            yield name, {**tensors, name: tensor.flatten().flip(0).reshape(tensor.shape)}


def compare(mote, logits, options, scratch, check_itself):
    """What disagrees, in words, and the largest share of the bound that was used."""
    path = lambda name: os.path.join(scratch, name)
    run = lambda *command: subprocess.run(command, check=True, capture_output=True, text=True)
    run(mote, "train", "names", "-o", path("m.mote"), "--quiet", *options.split())
    run(mote, "export", path("m.mote"), "-o", path("m.safetensors"))
    run(mote, "export", path("m.mote"), "-o", path("m.npz"), "--vocab", path("v.json"))
    with open(path("v.json"), encoding="utf-8") as file:
        vocab = len(json.load(file))
    rng = random.Random(1)
    tokens = [rng.randrange(vocab) for _ in range(LENGTH)]
    done = subprocess.run(
        [logits, path("m.mote")], input=" ".join(map(str, tokens)), check=True, capture_output=True, text=True
    )
    ours = torch.tensor([[float(x) for x in line.split()] for line in done.stdout.splitlines()], dtype=torch.float64)
    tensors, about = read_safetensors(path("m.safetensors"))
    arrays = read_npz(path("m.npz"))
    shares = {
        "safetensors": off(ours, torch_logits(tensors, about, tokens, vocab)),
        "npz": off(ours, torch_logits(arrays, about, tokens, vocab)),
    }
    if check_itself:
        for name, wrong in spoilt(tensors):
            if off(ours, torch_logits(wrong, about, tokens, vocab)) <= 1:
                sys.exit(f"load_exported.py: a wrong {name} was not found: {options}")
    return [f"{form}: a logit is off by {share:.3g} bounds" for form, share in shares.items() if share > 1], max(
        shares.values()
    )


def main():
    parser = argparse.ArgumentParser(description="exported tensors in PyTorch's modules")
    parser.add_argument("build", help="a build directory with mote and lib/libmote.a")
    parser.add_argument("--check-itself", action="store_true", help="show that a wrong tensor is found")
    options = parser.parse_args()
    mote, archive = os.path.join(options.build, "mote"), os.path.join(options.build, "lib", "libmote.a")
    for path in (mote, archive):
        if not os.path.isfile(path):
            parser.error(f"no file '{path}'")
    failed, worst = 0, 0.0
    with tempfile.TemporaryDirectory() as scratch:
        logits = os.path.join(scratch, "logits")
        source, header = os.path.join(HERE, "logits.c"), os.path.join(HERE, "..", "..", "lib")
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, "-O1", "-I", header, source, archive, "-o", logits], check=True)
        for model in MODELS:
            wrong, used = compare(mote, logits, model, scratch, options.check_itself)
            failed += bool(wrong)
            worst = max(worst, used)
            for what in wrong:
                print(f"FAIL: {model}: {what}")
    print(f"{len(MODELS)} models, {failed} disagree; at worst {worst:.2g} of the bound")
    print(f"{len(MODELS) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
