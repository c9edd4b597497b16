"""What `mote convert --verify FILE.npz` compares with: rows of tokens, and the logits that a PyTorch model gives for them.

    import mote_verify
    tokens = mote_verify.random_tokens(vocab=65, rows=8, time=32)
    mote_verify.write("check.npz", model, tokens)

and then

    mote convert model.pt --vocab vocab.json -o model.mote --verify check.npz

Tokens are in the model's own numbering. Each row begins a text: a hidden state of zeros. A row of an MLP is one window of
its context, so `time` is the context. Needs torch and numpy.
"""
import copy

import numpy
import torch


def random_tokens(vocab, rows, time, seed=0, boundary=None):
    """[rows][time] tokens, each below `vocab`. With `boundary`, the token that stands between items, it stands at the
    beginning of some rows, as often as fits, and nowhere behind another token: there mote's MLP begins anew."""
    generator = numpy.random.default_rng(seed)
    if boundary is None:
        return generator.integers(0, vocab, (rows, time))
    tokens = generator.integers(0, vocab - 1, (rows, time))
    tokens += tokens >= boundary
    for row in range(rows):
        tokens[row, : row % (time + 1)] = boundary
    return tokens


def logits_of(model, tokens, prepare=None, time_first=False):
    """The logits as an array of float64, in the order of tokens. `prepare` makes of a tensor of tokens what the model
    takes, as one-hot vectors; `time_first`: the model takes and gives [time][rows] (nn.RNN without batch_first). Of a
    model that gives several things the first counts."""
    given = torch.as_tensor(numpy.asarray(tokens), dtype=torch.int64)
    training = []
    if isinstance(model, torch.nn.Module):
        some = next(model.parameters())
        given = given.to(some.device)
        if some.dtype in (torch.float16, torch.bfloat16):
            model = copy.deepcopy(model).float()  # the same weights, sums as precise as mote's
        # Not a copy: a module of torch.nn.utils.weight_norm cannot be copied.
        training = [module for module in model.modules() if module.training]
        model.eval()
    if time_first:
        given = given.T
    with torch.no_grad():
        logits = model(given if prepare is None else prepare(given))
    for module in training:
        module.training = True
    if isinstance(logits, (tuple, list)):
        logits = logits[0]
    logits = logits.detach().to("cpu", torch.float64)
    if logits.dim() == 2 and given.dim() == 2 and logits.shape[0] == given.numel() != given.shape[0]:
        logits = logits.reshape(*given.shape, -1)
    if time_first and logits.dim() == 3:
        logits = logits.transpose(0, 1)
    return logits.numpy()


def write(path, model, tokens, prepare=None, time_first=False):
    """Writes `tokens` and the model's logits for them; the arguments are those of logits_of."""
    tokens = numpy.asarray(tokens)
    logits = logits_of(model, tokens, prepare, time_first)
    expected = (tokens.shape + logits.shape[-1:], tokens.shape[:-1] + logits.shape[-1:])
    if logits.shape not in expected:
        raise ValueError(f"logits of shape {logits.shape} for tokens of shape {tokens.shape}: {expected[0]} (after each "
                         f"token) or {expected[1]} (after the last of a row) is expected")
    numpy.savez_compressed(path, tokens=tokens.astype(numpy.int64), logits=logits)
