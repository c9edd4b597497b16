"""The smallest transformer that is widely known, microgpt (A. Karpathy, 2026): one layer of 16 numbers and 4 heads, 16
positions, no biases, RMSNorm, ReLU; 4,192 parameters. It learns names by Adam, one a step, with a learning rate that
falls from 0.01 to 0 along a line, beta 0.85 and 0.99, weights from a normal distribution of deviation 0.08. This is
PyTorch's arithmetic, not that of the original or of its ports."""
import math

import torch
from torch.nn import functional

WIDTH, HEADS, POSITIONS, VOCAB = 16, 4, 16, 27
RATE, BETAS = 0.01, (0.85, 0.99)


def weights():
    shapes = {"token": (VOCAB, WIDTH), "position": (POSITIONS, WIDTH), "out": (VOCAB, WIDTH), "wide": (4 * WIDTH, WIDTH),
              "narrow": (WIDTH, 4 * WIDTH), "query": (WIDTH, WIDTH), "key": (WIDTH, WIDTH), "value": (WIDTH, WIDTH),
              "mixed": (WIDTH, WIDTH)}
    return {name: (0.08 * torch.randn(shape)).requires_grad_() for name, shape in shapes.items()}


def normed(x):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5)


def attention(w, x):
    def heads(name):
        return (x @ w[name].T).view(len(x), HEADS, WIDTH // HEADS).transpose(0, 1)

    later = torch.full((len(x), len(x)), -math.inf).triu(1)
    weight = (heads("query") @ heads("key").transpose(1, 2) / math.sqrt(WIDTH // HEADS) + later).softmax(-1)
    return (weight @ heads("value")).transpose(0, 1).reshape(len(x), WIDTH) @ w["mixed"].T


def logits(w, tokens):
    x = normed(w["token"][tokens] + w["position"][:len(tokens)])
    x = x + attention(w, normed(x))
    x = x + functional.relu(normed(x) @ w["wide"].T) @ w["narrow"].T
    return x @ w["out"].T


def tokens_of(name):
    """As far as there are positions for it."""
    return torch.tensor([0] + [ord(c) - ord("a") + 1 for c in name] + [0])[:POSITIONS + 1]


def cost(w, name, reduction):
    tokens = tokens_of(name)
    return functional.cross_entropy(logits(w, tokens[:-1]), tokens[1:], reduction=reduction)


def learn(names, held_out, seed):
    """The parameters, and the mean loss of a character of the names held out, in nats, after each of the names once."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    w = weights()
    optimizer = torch.optim.Adam(w.values(), lr=RATE, betas=BETAS, eps=1e-8)
    for step, name in enumerate(names):
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / len(names))
        optimizer.zero_grad()
        cost(w, name, "mean").backward()
        optimizer.step()
    with torch.no_grad():
        total = sum(cost(w, name, "sum").item() for name in held_out)
    return sum(x.numel() for x in w.values()), total / sum(len(tokens_of(name)) - 1 for name in held_out)
