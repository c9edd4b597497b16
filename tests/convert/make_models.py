#!/usr/bin/env python3
"""make_models.py FOLDER [SEED]: trains small models in PyTorch and NumPy, of every kind that `mote convert` knows, and
saves each as a framework would, with the logits that it computes (tools/python/mote_verify.py) and its vocabulary.
FOLDER/cases.json lists them with the arguments of `mote convert`; FOLDER/refused.json graphs that it has to refuse. Needs torch, numpy and, for ONNX, what torch needs."""
import json
import os
import sys
import warnings

import numpy
import torch
from torch import nn

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../tools/python"))
import mote_verify
from weight_files import save_safetensors

warnings.filterwarnings("ignore")
folder = sys.argv[1]
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
torch.manual_seed(seed)
numpy.random.seed(seed)
os.makedirs(folder, exist_ok=True)
cases = []

with open(os.path.join(here, "../../tools/corpora/names.txt"), encoding="utf-8") as file:
    lines = [line for line in file.read().split("\n") if line][:400]
characters = sorted(set("".join(lines)))


def path_of(name):
    return os.path.join(folder, name)


# --- vocabularies: the orders of tokens that people use -------------------------------------------------------------

def boundary_first():
    return ["."] + characters


def shuffled(boundary):
    tokens = characters + [boundary]
    order = numpy.random.permutation(len(tokens))
    return [tokens[i] for i in order]


def sorted_with_newline():
    return ["\n"] + characters


def save_vocab(name, tokens, form):
    path = path_of(name)
    with open(path, "w", encoding="utf-8", newline="") as out:
        if form == "stoi":
            json.dump({token: i for i, token in enumerate(tokens)}, out, ensure_ascii=False)
        elif form == "itos":
            json.dump({"itos": {str(i): token for i, token in enumerate(tokens)}}, out)
        elif form == "list":
            json.dump(tokens, out)
        else:
            out.write("".join(tokens) + "\n")


# --- training, enough that weights are no longer as drawn -----------------------------------------------------------

def stream(tokens, boundary):
    number = {token: i for i, token in enumerate(tokens)}
    text = [number[boundary]]
    for line in lines:
        text += [number[c] for c in line] + [number[boundary]]
    return numpy.array(text)


def train(model, text, context, steps=60, rows=16, forward=None):
    forward = forward or model
    optimizer = torch.optim.Adam(model.parameters() if isinstance(model, nn.Module) else model, lr=0.02)
    for _ in range(steps):
        starts = numpy.random.randint(0, len(text) - context - 1, rows)
        x = torch.tensor(numpy.stack([text[s : s + context] for s in starts]))
        y = torch.tensor(numpy.stack([text[s + 1 : s + context + 1] for s in starts]))
        logits = forward(x)
        logits = logits[0] if isinstance(logits, tuple) else logits
        loss = (nn.functional.cross_entropy(logits, y[:, -1]) if logits.dim() == 2
                else nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# --- the models -----------------------------------------------------------------------------------------------------

class Rnn(nn.Module):
    def __init__(self, vocab, embed, hidden, layers, layer=nn.RNN, bias=True, **options):
        super().__init__()
        self.vocab = vocab
        self.embedding = nn.Embedding(vocab, embed) if embed else None
        self.rnn = layer(embed or vocab, hidden, layers, batch_first=True, bias=bias, **options)
        self.head = nn.Linear(hidden, vocab, bias=bias)

    def forward(self, tokens):
        x = self.embedding(tokens) if self.embedding else nn.functional.one_hot(tokens, self.vocab).to(self.head.weight.dtype)
        return self.head(self.rnn(x)[0])


class Cell(nn.Module):
    """An nn.RNNCell or nn.GRUCell, stepped by hand, names out of order."""

    def __init__(self, vocab, embed, hidden, cell=nn.RNNCell):
        super().__init__()
        self.decoder = nn.Linear(hidden, vocab)
        self.encoder = nn.Embedding(vocab, embed)
        self.cell = cell(embed, hidden)

    def forward(self, tokens):
        h, logits = None, []
        for t in range(tokens.shape[1]):
            h = self.cell(self.encoder(tokens[:, t]), h)
            logits.append(self.decoder(h))
        return torch.stack(logits, 1)


def mlp(vocab, context, embed, hidden, layers, activation=nn.Tanh):
    modules = [nn.Embedding(vocab, embed), nn.Flatten(), nn.Linear(context * embed, hidden), activation()]
    for _ in range(layers - 1):
        modules += [nn.Linear(hidden, hidden), activation()]
    return nn.Sequential(*modules, nn.Linear(hidden, vocab))


def stored_as(state, dtype):
    return {name: tensor.detach().to(dtype) for name, tensor in state.items()}


def rounded(model, dtype):
    """The model computes with the weights that are stored."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(dtype).to(parameter.dtype))
    return model


# --- the forms ------------------------------------------------------------------------------------------------------

def save_folder(path, arrays):
    os.makedirs(path, exist_ok=True)
    for name, array in arrays.items():
        numpy.save(os.path.join(path, name + ".npy"), array)


def add(name, weights, tokens, form, logits_model, text, context, arguments=(), boundary=None, config=None, window=False):
    suffix = "txt" if form == "text" else "json"
    save_vocab(name + ".vocab." + suffix, tokens, form)
    number = tokens.index(boundary) if boundary is not None and window else None
    rows = mote_verify.random_tokens(len(tokens), 6, context, seed, number)
    mote_verify.write(path_of(name + ".verify.npz"), logits_model, rows)
    arguments = ["--vocab", name + ".vocab." + suffix] + list(arguments)
    if boundary is not None:
        arguments += ["--boundary", boundary.replace("\n", "\\n")]
    cases.append({"name": name, "weights": weights, "arguments": arguments, "config": config})


def rnn_case(name, tokens, form, boundary, dtype, save, weights, embed=0, hidden=12, layers=1, arguments=(), **options):
    text = stream(tokens, boundary)
    model = Rnn(len(tokens), embed, hidden, layers, **options)
    train(model, text, 12)
    rounded(model, dtype)
    save(model, stored_as(model.state_dict(), dtype))
    relu = options.get("nonlinearity") == "relu"
    add(name, weights, tokens, form, model, text, 14, arguments, boundary,
        {"model": "gru" if options.get("layer") is nn.GRU else "rnn", "vocab": len(tokens), "activation": "relu" if relu else "tanh",
         "embed": embed, "hidden": hidden, "layers": layers})


def mlp_case(name, tokens, form, boundary, dtype, save, weights, context=3, embed=5, hidden=11, layers=1, arguments=(),
             activation=nn.Tanh):
    text = stream(tokens, boundary)
    model = mlp(len(tokens), context, embed, hidden, layers, activation)
    train(model, text, context)
    rounded(model, dtype)
    save(model, stored_as(model.state_dict(), dtype))
    add(name, weights, tokens, form, model, text, context, arguments, boundary,
        {"model": "mlp", "vocab": len(tokens), "activation": "relu" if activation is nn.ReLU else "tanh", "context": context,
         "embed": embed, "hidden": hidden, "layers": layers}, window=True)


def to_torch(name, **options):
    return lambda model, state: torch.save(state, path_of(name), **options)


def to_safetensors(name):
    return lambda model, state: save_safetensors(path_of(name), state)


def to_npz(name, save=numpy.savez):
    return lambda model, state: save(path_of(name), **{key: value.numpy() for key, value in state.items()})


def to_onnx(name, context, **options):
    def save(model, state):
        example = torch.zeros(2, context, dtype=torch.int64)
        torch.onnx.export(model, example, path_of(name), dynamic_axes={"tokens": {0: "rows"}}, input_names=["tokens"], **options)
    return save


f16, bf16, f32, f64 = torch.float16, torch.bfloat16, torch.float32, torch.float64

rnn_case("rnn_one_hot_f32", boundary_first(), "stoi", ".", f32, to_torch("rnn_one_hot_f32.pt"), "rnn_one_hot_f32.pt")
rnn_case("rnn_embedded_f16", shuffled("\n"), "stoi", "\n", f16, to_safetensors("rnn_embedded_f16.safetensors"),
         "rnn_embedded_f16.safetensors", embed=7, hidden=9)
rnn_case("rnn_relu_two_layers_f64", shuffled("<end>"), "list", "<end>", f64, to_npz("rnn_relu_two_layers_f64.npz"),
         "rnn_relu_two_layers_f64.npz", embed=6, hidden=8, layers=2, nonlinearity="relu", arguments=["--activation", "relu"])
rnn_case("rnn_three_layers_bf16", shuffled("."), "itos", ".", bf16, to_safetensors("rnn_three_layers_bf16.safetensors"),
         "rnn_three_layers_bf16.safetensors", hidden=7, layers=3)
rnn_case("rnn_without_bias", boundary_first(), "text", ".", f32, to_torch("rnn_without_bias.pth", _use_new_zipfile_serialization=False),
         "rnn_without_bias.pth", hidden=10, bias=False, arguments=["--zero-bias"])
rnn_case("rnn_square", shuffled("."), "stoi", ".", f32, to_safetensors("rnn_square.safetensors"), "rnn_square.safetensors",
         embed=10, hidden=len(characters) + 1)
rnn_case("rnn_onnx", shuffled("."), "stoi", ".", f32, to_onnx("rnn_onnx.onnx", 14), "rnn_onnx.onnx", embed=6, hidden=9, layers=2)
rnn_case("rnn_onnx_relu", sorted_with_newline(), "text", "\n", f32, to_onnx("rnn_onnx_relu.onnx", 14), "rnn_onnx_relu.onnx",
         embed=8, hidden=10, nonlinearity="relu")

mlp_case("mlp_f32", boundary_first(), "stoi", ".", f32, to_torch("mlp_f32.pth"), "mlp_f32.pth")
mlp_case("mlp_legacy_f64", shuffled("\n"), "itos", "\n", f64, to_torch("mlp_legacy_f64.pt", _use_new_zipfile_serialization=False),
         "mlp_legacy_f64.pt", context=4, layers=3)
mlp_case("mlp_relu_f16", shuffled("."), "list", ".", f16, to_npz("mlp_relu_f16.npz", numpy.savez_compressed), "mlp_relu_f16.npz",
         layers=2, activation=nn.ReLU, arguments=["--activation", "relu"])
mlp_case("mlp_bf16", shuffled("."), "stoi", ".", bf16, to_torch("mlp_bf16.pt"), "mlp_bf16.pt", embed=4, hidden=13)
mlp_case("mlp_onnx", shuffled("."), "stoi", ".", f32, to_onnx("mlp_onnx.onnx", 3), "mlp_onnx.onnx", layers=2)
mlp_case("mlp_onnx_relu", boundary_first(), "stoi", ".", f32, to_onnx("mlp_onnx_relu.onnx", 3, opset_version=11), "mlp_onnx_relu.onnx",
         activation=nn.ReLU)


def checkpoint_case(name, kind, cell):
    """A cell, in a dictionary beside other things."""
    tokens = shuffled(".")
    text = stream(tokens, ".")
    model = Cell(len(tokens), 6, 9, cell)
    train(model, text, 12)
    torch.save({"epoch": 3, "model": {"state": model.state_dict()}, "lr": 0.02}, path_of(name + ".pt"))
    add(name, name + ".pt", tokens, "stoi", model, text, 12, ["--key", "model.state"], ".",
        {"model": kind, "vocab": len(tokens), "activation": "tanh", "embed": 6, "hidden": 9, "layers": 1})


def gru_cases():
    rnn_case("gru_one_hot_f32", boundary_first(), "stoi", ".", f32, to_torch("gru_one_hot_f32.pt"), "gru_one_hot_f32.pt", layer=nn.GRU)
    rnn_case("gru_two_layers_f16", shuffled("\n"), "itos", "\n", f16, to_safetensors("gru_two_layers_f16.safetensors"),
             "gru_two_layers_f16.safetensors", embed=7, hidden=9, layers=2, layer=nn.GRU)
    rnn_case("gru_without_bias", shuffled("."), "list", ".", f64, to_npz("gru_without_bias.npz"), "gru_without_bias.npz", embed=5,
             hidden=8, bias=False, arguments=["--zero-bias"], layer=nn.GRU)
    # The matrix of the input is square, [3 H][3 H].
    rnn_case("gru_square", shuffled("."), "stoi", ".", f32, to_safetensors("gru_square.safetensors"), "gru_square.safetensors",
             embed=12, hidden=4, layer=nn.GRU)
    rnn_case("gru_onnx", shuffled("."), "stoi", ".", f32, to_onnx("gru_onnx.onnx", 14), "gru_onnx.onnx", embed=6, hidden=9, layers=2,
             layer=nn.GRU)
    rnn_case("gru_onnx_one_hot", boundary_first(), "text", ".", f32, to_onnx("gru_onnx_one_hot.onnx", 14), "gru_onnx_one_hot.onnx",
             hidden=7, bias=False, layer=nn.GRU)
    checkpoint_case("gru_cell_in_checkpoint", "gru", nn.GRUCell)


def gru_by_map():
    """As Keras keeps a GRU: the update gate first, matrices [in][3 H]; by a map."""
    tokens, name, hidden = shuffled("."), "gru_mapped", 6
    vocab = len(tokens)
    model = Rnn(vocab, 0, hidden, 1, layer=nn.GRU)
    text = stream(tokens, ".")
    train(model, text, 12)
    state = {key: value.detach() for key, value in model.state_dict().items()}

    def reordered(key):
        r, z, n = state[key].chunk(3)
        return torch.cat([z, r, n]).numpy()

    numpy.savez(path_of(name + ".npz"), kernel=reordered("rnn.weight_ih_l0").T, recurrent=reordered("rnn.weight_hh_l0").T,
                first=reordered("rnn.bias_ih_l0"), second=reordered("rnn.bias_hh_l0"), dense=state["head.weight"].numpy().T,
                shift=state["head.bias"].numpy())
    parts = {}
    for third, gate in enumerate("zrn", 1):
        parts["weight_i" + gate + "_l0"] = {"name": "kernel", "third": third, "transpose": True}
        parts["weight_h" + gate + "_l0"] = {"name": "recurrent", "third": third, "transpose": True}
        biases = [{"name": bias, "third": third} for bias in ("first", "second")]
        parts.update({"bias_in_l0": biases[0], "bias_hn_l0": biases[1]} if gate == "n" else {"bias_i" + gate + "_l0": biases})
    with open(path_of(name + ".map.json"), "w", encoding="utf-8") as out:
        json.dump({"model": "gru", "tensors": {**parts, "weight_out": "dense", "bias_out": "shift"}}, out)
    add(name, name + ".npz", tokens, "stoi", model, text, 12, ["--map", name + ".map.json"], ".",
        {"model": "gru", "vocab": vocab, "activation": "tanh", "embed": 0, "hidden": hidden, "layers": 1})


def bigram_case(name, dtype, save, weights):
    tokens = shuffled("\n")
    text = stream(tokens, "\n")
    model = nn.Sequential()
    model.add_module("token_embedding_table", nn.Embedding(len(tokens), len(tokens)))
    train(model, text, 8)
    rounded(model, dtype)
    save(model, stored_as(model.state_dict(), dtype))
    add(name, weights, tokens, "stoi", model, text, 10, [], "\n", {"model": "bigram", "vocab": len(tokens)})


def min_char_rnn_case():
    """min-char-rnn: its names, column vectors as biases, in double precision, big-endian."""
    tokens, name = ["\n"] + shuffled("?")[:12] + ["ä", "€", "𝄞"], "min_char_rnn"
    vocab, hidden = len(tokens), 9
    parameters = {"Wxh": (hidden, vocab), "Whh": (hidden, hidden), "Why": (vocab, hidden), "bh": (hidden, 1), "by": (vocab, 1)}
    state = {key: torch.nn.Parameter(torch.randn(shape, dtype=torch.float64) * 0.3) for key, shape in parameters.items()}

    def forward(given):
        h, logits = torch.zeros(hidden, given.shape[0], dtype=torch.float64), []
        for t in range(given.shape[1]):
            x = nn.functional.one_hot(given[:, t], vocab).to(torch.float64).T
            h = torch.tanh(state["Wxh"] @ x + state["Whh"] @ h + state["bh"])
            logits.append((state["Why"] @ h + state["by"]).T)
        return torch.stack(logits, 1)

    text = numpy.random.randint(0, vocab, 2000)
    text[1::2] = (text[0::2] + 1) % vocab
    train(list(state.values()), text, 10, forward=forward)
    save_folder(path_of(name), {key: value.detach().numpy().astype(">f8") for key, value in state.items()})
    add(name, name, tokens, "text", forward, text, 12, (), None,
        {"model": "rnn", "vocab": vocab, "activation": "tanh", "embed": 0, "hidden": hidden, "layers": 1})


def makemore_case():
    """makemore: C W1 b1 W2 b2, matrices [in][out], in column-major arrays."""
    tokens, name = boundary_first(), "makemore"
    vocab, context, embed, hidden = len(tokens), 3, 4, 17
    state = {"C": torch.randn(vocab, embed), "W1": torch.randn(context * embed, hidden) * 0.2, "b1": torch.randn(hidden) * 0.01,
             "W2": torch.randn(hidden, vocab) * 0.1, "b2": torch.zeros(vocab)}
    for value in state.values():
        value.requires_grad = True

    def forward(given):
        h = torch.tanh(state["C"][given].flatten(1) @ state["W1"] + state["b1"])
        return h @ state["W2"] + state["b2"]

    text = stream(tokens, ".")
    train(list(state.values()), text, context, forward=forward)
    numpy.savez(path_of(name + ".npz"), **{key: numpy.asfortranarray(value.detach().numpy()) for key, value in state.items()})
    add(name, name + ".npz", tokens, "itos", forward, text, context, (), ".",
        {"model": "mlp", "vocab": vocab, "activation": "tanh", "context": context, "embed": embed, "hidden": hidden, "layers": 1},
        window=True)


def mapped_case():
    """Names that nobody knows, square matrices, [in][out], two biases: by a map."""
    tokens, name = shuffled("."), "mapped"
    vocab = hidden = len(tokens)
    model = Rnn(vocab, 0, hidden, 1)
    text = stream(tokens, ".")
    train(model, text, 12)
    state = {key: value.detach().numpy() for key, value in model.state_dict().items()}
    numpy.savez(path_of(name + ".npz"), inner=state["rnn.weight_ih_l0"].T, loop=state["rnn.weight_hh_l0"], first=state["rnn.bias_ih_l0"],
                second=state["rnn.bias_hh_l0"], outer=state["head.weight"].T, shift=state["head.bias"], step=numpy.array(60))
    with open(path_of(name + ".map.json"), "w", encoding="utf-8") as out:
        json.dump({"model": "rnn", "activation": "tanh", "ignore": ["step"],
                   "tensors": {"weight_ih_l0": {"name": "inner", "transpose": True}, "weight_hh_l0": {"name": "loop", "transpose": False},
                               "bias_l0": ["first", "second"], "weight_out": {"name": "outer", "transpose": True}, "bias_out": "shift"}}, out)
    add(name, name + ".npz", tokens, "stoi", model, text, 12, ["--map", name + ".map.json"], ".",
        {"model": "rnn", "vocab": vocab, "activation": "tanh", "embed": 0, "hidden": hidden, "layers": 1})


def refused_graphs():
    """Graphs that compute something else than mote's models do, each with a word that tells what."""
    vocab, embed, hidden = 20, 4, 5

    class Graph(nn.Module):
        def __init__(self, forward, recurrent, width):
            super().__init__()
            self.table, self.compute = nn.Embedding(vocab, embed), forward
            self.rnn = recurrent(embed, hidden, batch_first=True) if recurrent else None
            self.hidden = None if recurrent else nn.Linear(width, hidden)
            self.output = nn.Linear(hidden * (2 if recurrent and self.rnn.bidirectional else 1), vocab)

        def forward(self, tokens):
            return self.compute(self, tokens)

    def window(picked):
        return lambda m, x: m.output(torch.tanh(m.hidden(picked(m, x).flatten(1))))

    def outputs(picked=lambda y: y, tokens=lambda x: x, state=None):
        return lambda m, x: m.output(picked(m.rnn(m.table(tokens(x)), *([] if state is None else [state(x)]))[0]))

    def both_ways(layer):
        return lambda *arguments, **options: layer(*arguments, bidirectional=True, **options)

    graphs = {
        "flipped_window": (window(lambda m, x: m.table(x.flip(1))), None, 4 * embed, "Slice"),
        "permuted_window": (window(lambda m, x: m.table(x[:, [3, 2, 1, 0]])), None, 4 * embed, "Gather"),
        "every_second": (window(lambda m, x: m.table(x[:, ::2])), None, 2 * embed, "Slice"),
        "half_an_embedding": (window(lambda m, x: m.table(x)[:, :, 2:]), None, 2 * embed, "picked"),
        "transposed_window": (window(lambda m, x: m.table(x).transpose(1, 2)), None, 4 * embed, "Transpose"),
        "shifted_tokens": (window(lambda m, x: m.table(x + 1)), None, 4 * embed, "Add"),
        "residual": (lambda m, x: m.output(outputs_sum(m, x)), nn.RNN, 0, "Add"),
        "flipped_text": (outputs(tokens=lambda x: x.flip(1)), nn.RNN, 0, "Slice"),
        "first_step": (outputs(lambda y: y[:, 0]), nn.RNN, 0, "Gather"),
        "state_of_ones": (outputs(state=lambda x: torch.ones(1, x.shape[0], hidden)), nn.RNN, 0, "state"),
        "lstm": (outputs(), nn.LSTM, 0, "LSTM"),
        "two_directions": (outputs(), both_ways(nn.RNN), 0, "forward"),
        "gru_two_directions": (outputs(), both_ways(nn.GRU), 0, "forward"),
        "gru_state_of_ones": (outputs(state=lambda x: torch.ones(1, x.shape[0], hidden)), nn.GRU, 0, "state"),
    }

    def outputs_sum(model, tokens):
        y = model.rnn(model.table(tokens))[0]
        return y + torch.tanh(y)

    listed = []
    for name, (forward, recurrent, width, word) in graphs.items():
        file = f"refused_{name}.onnx"
        to_onnx(file, 4)(Graph(forward, recurrent, width).eval(), None)
        listed.append({"weights": file, "mentions": word})
    with open(path_of("refused.json"), "w", encoding="utf-8") as out:
        json.dump(listed, out, indent=1)
        out.write("\n")


checkpoint_case("cell_in_checkpoint", "rnn", nn.RNNCell)
bigram_case("bigram_f32", f32, to_torch("bigram_f32.pt"), "bigram_f32.pt")
bigram_case("bigram_f16", f16, to_npz("bigram_f16.npz"), "bigram_f16.npz")
bigram_case("bigram_onnx", f32, to_onnx("bigram_onnx.onnx", 10), "bigram_onnx.onnx")
min_char_rnn_case()
makemore_case()
mapped_case()
refused_graphs()
gru_cases()
gru_by_map()
with open(path_of("cases.json"), "w", encoding="utf-8") as out:
    json.dump(cases, out, indent=1)
    out.write("\n")
print(f"{len(cases)} models in {folder}")
