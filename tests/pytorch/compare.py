#!/usr/bin/python3
"""compare.py LIBMOTE.A [--count N] [--seed S] [--check-itself]

Holds the loss and the gradients of bigrams, MLPs, RNNs and GRUs, of configurations drawn at random from a seed, against
PyTorch's autograd in double precision. gradients.c, compiled here, prints what mote computes.

Exit status: 0 where all agree, 1 where one does not, 2 for arguments that cannot be used, 77 (SKIP) without PyTorch.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile

try:
    import torch
except ImportError:
    print("SKIP: compare.py needs PyTorch (python3-torch)")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
ONE_HOT, EMBEDDING, WINDOW = 1, 2, 3
BIGRAM, MLP, RNN, GRU = 1, 2, 3, 4  # by their cell: none, dense, recurrent, gated
TANH, RELU = 1, 2
IGNORE = 0xFFFF

# A float32 result of n roundings that do not all point one way errs by about sqrt(n) 2^-24 of its terms. The longest
# chains here are products of 40 terms, in up to 3 layers, forward and backward, through 8 characters: 1,920 terms, and
# sqrt(1920) 2^-24 is 3e-6. A wrong formula changes a tensor's gradient by orders more.
TENSOR_BOUND = 1e-5  # of the norm of the tensor's gradient
WHOLE_BOUND = 1e-6  # of the norm of the whole gradient, for tensors whose own is near 0
LOSS_BOUND = 1e-5

# Beside the kink of ReLU the rounding decides which side counts: such draws are left out.
KINK = 1e-5


def draw(rng):
    """A configuration and its batches, as the numbers that gradients.c reads."""
    cell = rng.choice([BIGRAM, MLP, MLP, RNN, RNN, GRU, GRU])
    c = dict(input=ONE_HOT, cell=cell, vocab=rng.randint(2, 40), context=0, embed=0, hidden=0, layers=0, activation=0)
    if cell != BIGRAM:
        c.update(activation=rng.choice([TANH, RELU]), embed=rng.randint(1, 40), hidden=rng.randint(1, 40))
        c.update(layers=rng.randint(1, 3))
    if cell == MLP:
        c.update(context=rng.randint(1, 6))
    if cell == GRU:
        c.update(activation=TANH)
    if cell in (RNN, GRU) and rng.random() < 0.3:
        c.update(embed=0)
    if c["embed"]:
        c.update(input=WINDOW if cell == MLP else EMBEDDING)
    c.update(batch=rng.randint(1, 9), time=rng.randint(1, 8), loss=rng.randint(0, 1), boundary=rng.randint(0, 1))
    c.update(seed=rng.randint(0, 2**31))
    row = c["time"] + max(c["context"], 1) - 1
    batches = []
    for _ in range(2):
        tokens = [rng.randrange(c["vocab"]) for _ in range(c["batch"] * row)]
        ignored = rng.choice([0, 0.3])
        count = c["batch"] * c["time"]
        targets = [IGNORE if rng.random() < ignored else rng.randrange(c["vocab"]) for _ in range(count)]
        targets[-1] = 0  # one counts
        batches.append((tokens, targets))
    return c, batches


def run_mote(program, c, batches):
    """The weights by name, and for each batch the loss and the gradients by name."""
    numbers = list(c.values())
    for tokens, targets in batches:
        numbers += tokens + targets
    done = subprocess.run([program], input=" ".join(map(str, numbers)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"compare.py: {done.stderr.strip()} for {c}")
    weights, results = {}, []
    for line in done.stdout.splitlines():
        word, *rest = line.split()
        if word == "loss":
            results.append((float(rest[0]), {}))
            continue
        name, rows, columns, *values = rest
        tensor = torch.tensor([float(v) for v in values], dtype=torch.float64).reshape(int(rows), int(columns))
        (weights if word == "tensor" else results[-1][1])[name] = tensor
    return weights, results


def windows(c, tokens):
    """[batch * time][context], the oldest first; a boundary hides what stands before it."""
    row = c["time"] + c["context"] - 1
    made = []
    for b in range(c["batch"]):
        for t in range(c["time"]):
            window = tokens[b * row + t : b * row + t + c["context"]]
            if c["boundary"] and 0 in window:
                last = len(window) - 1 - window[::-1].index(0)
                window = [0] * last + window[last:]
            made.append(window)
    return torch.tensor(made)


def mlp_logits(c, w, tokens, kinks):
    x = torch.nn.functional.embedding(windows(c, tokens), w["embedding"]).flatten(1)
    for layer in range(c["layers"]):
        x = torch.nn.functional.linear(x, w[f"weight_l{layer}"], w[f"bias_l{layer}"].flatten())
        kinks.append(x.detach().abs().min())
        x = torch.tanh(x) if c["activation"] == TANH else torch.relu(x)
    return torch.nn.functional.linear(x, w["weight_out"], w["bias_out"].flatten())


def make_rnn(c, leaves):
    """torch.nn.RNN with mote's weights; its own parameters take their places among the leaves. Its second bias is 0."""
    kind = "tanh" if c["activation"] == TANH else "relu"
    width = c["embed"] or c["vocab"]
    rnn = torch.nn.RNN(width, c["hidden"], c["layers"], nonlinearity=kind, batch_first=True).to(torch.float64)
    for layer in range(c["layers"]):
        for ours, theirs in (("weight_ih", "weight_ih"), ("weight_hh", "weight_hh"), ("bias", "bias_ih")):
            parameter = getattr(rnn, f"{theirs}_l{layer}")
            parameter.data.copy_(leaves[f"{ours}_l{layer}"].reshape(parameter.shape))
            leaves[f"{ours}_l{layer}"] = parameter
        getattr(rnn, f"bias_hh_l{layer}").data.zero_()
    return rnn


def make_gru(c, w):
    """torch.nn.GRU's function of tensors that are made of mote's: of its second biases only the candidate's is not 0."""
    flat = []
    for layer in range(c["layers"]):
        part = lambda name: w[f"{name}_l{layer}"]
        zeros = torch.zeros(2 * c["hidden"], dtype=torch.float64)
        flat += [torch.cat([part("weight_ir"), part("weight_iz"), part("weight_in")])]
        flat += [torch.cat([part("weight_hr"), part("weight_hz"), part("weight_hn")])]
        flat += [torch.cat([part("bias_ir"), part("bias_iz"), part("bias_in")]).flatten()]
        flat += [torch.cat([zeros, part("bias_hn").flatten()])]
    return lambda x, state: torch._VF.gru(x, state, flat, True, c["layers"], 0.0, False, False, True)


def rnn_kinks(c, w, x, state, kinks):
    """The pre-activations of a batch, layer by layer."""
    with torch.no_grad():
        for layer in range(c["layers"]):
            w_x, w_h, bias = w[f"weight_ih_l{layer}"].T, w[f"weight_hh_l{layer}"].T, w[f"bias_l{layer}"].flatten()
            h, outputs = state[layer], []
            for t in range(c["time"]):
                h = x[:, t] @ w_x + h @ w_h + bias
                kinks.append(h.abs().min())
                h = torch.tanh(h) if c["activation"] == TANH else torch.relu(h)
                outputs.append(h)
            x = torch.stack(outputs, dim=1)


def rnn_logits(c, rnn, w, tokens, kinks, state):
    tokens = torch.tensor(tokens).reshape(c["batch"], c["time"])
    if c["embed"]:
        x = torch.nn.functional.embedding(tokens, w["embedding"])
    else:
        x = torch.nn.functional.one_hot(tokens, c["vocab"]).to(torch.float64)
    if c["cell"] == RNN:
        rnn_kinks(c, w, x, state, kinks)
    out, last = rnn(x, state)
    logits = torch.nn.functional.linear(out, w["weight_out"], w["bias_out"].flatten())
    return logits.flatten(0, 1), last.detach()


def run_torch(c, weights, batches):
    """Loss and gradients of each batch, and the least distance from a kink."""
    w = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
    rnn = make_rnn(c, w) if c["cell"] == RNN else None
    state = torch.zeros(max(c["layers"], 1), c["batch"], max(c["hidden"], 1), dtype=torch.float64)
    results, kinks = [], [torch.tensor(1.0)]
    for tokens, targets in batches:
        if c["cell"] == GRU:
            rnn = make_gru(c, w)
        if c["cell"] == BIGRAM:
            logits = torch.nn.functional.embedding(torch.tensor(tokens), w["logits"])
        elif c["cell"] == MLP:
            logits = mlp_logits(c, w, tokens, kinks)
        else:
            logits, state = rnn_logits(c, rnn, w, tokens, kinks, state)
        reduction = "mean" if c["loss"] == 0 else "sum"
        loss = torch.nn.functional.cross_entropy(
            logits, torch.tensor(targets), ignore_index=IGNORE, reduction=reduction
        )
        gradients = torch.autograd.grad(loss, list(w.values()))
        shaped = (g.reshape(weights[name].shape) for name, g in zip(w, gradients))
        results.append((loss.item(), dict(zip(w, shaped))))
    return results, min(kinks).item() if c["activation"] == RELU else 1.0


def disagreements(ours, theirs):
    """What is outside its bound, in words, and the largest share of a bound that was used."""
    found, worst = [], 0.0
    for number, ((loss, gradients), (right_loss, right)) in enumerate(zip(ours, theirs)):
        off = abs(loss - right_loss) / (LOSS_BOUND * abs(right_loss) + 1e-30)
        worst = max(worst, off)
        if off > 1:
            found.append(f"batch {number}: loss {loss} instead of {right_loss}")
        whole = torch.cat([g.flatten() for g in right.values()]).norm()
        for name, gradient in right.items():
            error = (gradients[name] - gradient).norm()
            off = (error / (TENSOR_BOUND * gradient.norm() + WHOLE_BOUND * whole + 1e-30)).item()
            worst = max(worst, off)
            if not off <= 1:
                found.append(f"batch {number}: gradient of {name} is off by {error:.3g} of {gradient.norm():.3g}")
    return found, worst


def check_itself(results):
    """A gradient that is 1% off, or has one wrong sign, is found."""
    for spoil in (lambda g: g * 1.01, lambda g: -g):
        for number, (loss, gradients) in enumerate(results):
            for name in gradients:
                if gradients[name].norm() == 0:
                    continue
                spoilt = [(l, dict(g)) for l, g in results]
                spoilt[number][1][name] = spoil(gradients[name])
                whole = torch.cat([g.flatten() for g in gradients.values()]).norm()
                if gradients[name].norm() > 1e-3 * whole and not disagreements(spoilt, results)[0]:
                    sys.exit(f"compare.py: a wrong gradient of {name} was not found")


def main():
    parser = argparse.ArgumentParser(description="mote's gradients against PyTorch's")
    parser.add_argument("archive", help="libmote.a")
    parser.add_argument("--count", type=int, default=60, help="configurations (60)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (1)")
    parser.add_argument("--check-itself", action="store_true", help="show that a wrong gradient is found")
    options = parser.parse_args()
    if not os.path.isfile(options.archive):
        parser.error(f"no file '{options.archive}'")
    rng, compared, failed, left_out, worst = random.Random(options.seed), 0, 0, 0, 0.0
    with tempfile.TemporaryDirectory() as scratch:
        program = os.path.join(scratch, "gradients")
        source, header = os.path.join(HERE, "gradients.c"), os.path.join(HERE, "..", "..", "lib")
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, "-O1", "-I", header, source, options.archive, "-o", program], check=True)
        while compared < options.count:
            c, batches = draw(rng)
            weights, ours = run_mote(program, c, batches)
            theirs, kink = run_torch(c, weights, batches)
            if kink < KINK:
                left_out += 1
                continue
            found, used = disagreements(ours, theirs)
            compared += 1
            failed += bool(found)
            worst = max(worst, used)
            for what in found:
                print(f"FAIL: {what}: {c}")
            if options.check_itself:
                check_itself(theirs)
    print(f"{compared} configurations, {failed} disagree, {left_out} left out beside a kink of ReLU;", end=" ")
    print(f"at worst {worst:.2g} of a bound")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
