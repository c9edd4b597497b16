#!/usr/bin/python3
"""make_readers.py FOLDER

Writes one model of each kind in every form in which people keep it: in checkpoints beside objects of Python, in lists,
in shards, in ONNX with its values in a file beside it, as one step of a cell … FOLDER/cases.json lists them with the
arguments of `mote convert`; all cases of one model ("of") have to give the same weights, and "refused" tells what a
message has to mention. Needs torch 1.13 and numpy (python3-torch, python3-numpy).
"""
import argparse
import collections
import dataclasses
import datetime
import enum
import functools
import hashlib
import inspect
import json
import os
import random
import struct
import sys

import numpy
import torch
from torch import nn

folder = sys.argv[1]
# The older format keeps where the source of a class is, which is nobody else's business.
source_file = inspect.getsourcefile
inspect.getsourcefile = lambda made: os.path.relpath(source_file(made))
os.makedirs(folder, exist_ok=True)
torch.manual_seed(7)
numpy.random.seed(7)
letters = "abcdefgh"
vocab, embed, hidden = len(letters), 3, 4
cases = []


def path_of(name):
    os.makedirs(os.path.dirname(os.path.join(folder, name)) or ".", exist_ok=True)
    return os.path.join(folder, name)


def case(of, weights, *arguments):
    cases.append({"of": of, "weights": weights, "arguments": list(arguments)})


def refused(weights, mentions, *arguments):
    cases.append({"refused": mentions, "weights": weights, "arguments": list(arguments)})


class Rnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.rnn = nn.Embedding(vocab, embed), nn.RNN(embed, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, tokens):
        return self.head(self.rnn(self.embedding(tokens))[0])


class Step(nn.Module):
    """One step of the same model: a token and a state in, logits and the new state out."""

    def __init__(self, model, order):
        super().__init__()
        self.embedding, self.head, self.order = model.embedding, model.head, order
        self.cell = nn.RNNCell(embed, hidden)
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(self.cell, name).data = getattr(model.rnn, name + "_l0").data

    def forward(self, token, state):
        state = self.cell(self.embedding(token), state)
        logits = self.head(state)
        return (logits, state) if self.order == "logits" else (state, logits) if self.order == "state" else logits


rnn = Rnn()
state = rnn.state_dict()
C = torch.randn(vocab, embed)
W1, b1, W2, b2 = torch.randn(2 * embed, 5), torch.randn(5), torch.randn(5, vocab), torch.randn(vocab)
makemore = collections.OrderedDict(C=C, W1=W1, b1=b1, W2=W2, b2=b2)


# --- checkpoints: what lies outside the key is skipped --------------------------------------------------------------

class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Settings:
    rate: float = 0.1
    name: str = "first"


class AttributeDict(dict):
    pass


class Command:
    def __reduce__(self):
        return os.system, ("echo executed",)


def function():
    return 1


def extras():
    return {
        "args": argparse.Namespace(rate=0.1, sizes=[1, 2]), "best": numpy.float64(1.5), "history": numpy.arange(3.0),
        "named": numpy.array([{"a": 1}], dtype=object), "when": datetime.datetime(2020, 1, 2),
        "colour": Colour.RED, "settings": Settings(), "function": function, "class": Rnn, "command": Command(),
        "counts": collections.Counter("abb"), "queue": collections.deque([1]), "ways": {1, 2},
        "part": functools.partial(function), "by_default": collections.defaultdict(list, {"a": [1]}), "complex": 1j,
        "large": 2 ** 100, "flag": True, "method": "abc".upper, "sparse": torch.eye(2).to_sparse(),
        "quantized": torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8), "generator": random.Random(1).random()}


def checkpoints():
    for protocol in (1, 2, 4, 5):
        for kind, zipped in (("", True), ("_legacy", False)):
            if (protocol, zipped) == (5, False):
                continue
            name = f"extras_{protocol}{kind}.pt"
            torch.save({**extras(), "model": state}, path_of(name), pickle_protocol=protocol,
                       _use_new_zipfile_serialization=zipped)
            case("rnn", name, "--key", "model")
            refused(name, ["--key NAME", '"model"'])
    torch.save(AttributeDict(net=state, args=argparse.Namespace(a=1)), path_of("dictionary_class.pt"))
    case("rnn", "dictionary_class.pt", "--key", "net")
    refused("dictionary_class.pt", ["AttributeDict", '"net"', "--key NAME"])
    torch.save({"net": {**state, "command": Command()}, "epoch": 3}, path_of("within.pt"))
    refused("within.pt", ['"command"', "posix.system", "never executed", "--ignore command"], "--key", "net")
    case("rnn", "within.pt", "--key", "net", "--ignore", "command")
    torch.save({"net": {**state, "extra": torch.eye(2).to_sparse()}}, path_of("sparse.pt"))
    refused("sparse.pt", ['"extra"', "_rebuild_sparse_tensor", "to_dense"], "--key", "net")
    torch.save({**state, "stoi": {"a": 0}, "best": numpy.float64(2)}, path_of("mixed_values.pt"))
    refused("mixed_values.pt", ['"stoi"', "a dictionary", "--ignore stoi"])
    case("rnn", "mixed_values.pt", "--ignore", "stoi", "--ignore", "best")
    torch.save({"model": rnn, "epoch": 1}, path_of("model_object.pt"))
    refused("model_object.pt", ["whole model", "Rnn", "state_dict()"], "--key", "model")


# --- lists: by position ---------------------------------------------------------------------------------------------

def lists():
    torch.save(state, path_of("rnn.pt"))
    case("rnn", "rnn.pt")
    torch.save(makemore, path_of("makemore.pt"))
    case("makemore", "makemore.pt")
    torch.save(list(makemore.values()), path_of("makemore_list.pt"))
    case("makemore", "makemore_list.pt")
    torch.save({"params": (C, [W1, b1], [W2, b2]), "lr": 0.1}, path_of("nested_lists.pt"))
    case("makemore", "nested_lists.pt", "--key", "params")
    refused("nested_lists.pt", ['"params"', "--key NAME"])
    numpy.savez(path_of("makemore_list.npz"), *[value.numpy() for value in makemore.values()])
    case("makemore", "makemore_list.npz", "--activation", "tanh")
    torch.save({"parameters": list(rnn.parameters())}, path_of("parameters.pt"))
    case("rnn", "parameters.pt", "--key", "parameters")
    torch.save([W2, C, b1, W1, b2], path_of("other_order.pt"))
    refused("other_order.pt", ["order", "--map", "0 [5, 8]"])
    with open(path_of("other_order.map.json"), "w", encoding="utf-8") as out:
        json.dump({"model": "mlp", "activation": "tanh", "tensors": {
            "embedding": "1", "weight_l0": "3", "bias_l0": "2", "weight_out": "0", "bias_out": "4"}}, out)
    case("makemore", "other_order.pt", "--map", "other_order.map.json")


def keras():
    """As get_weights() of Embedding, SimpleRNN and Dense gives them: [in][out], one bias a layer."""
    summed = {**state, "rnn.bias_ih_l0": state["rnn.bias_ih_l0"] + state["rnn.bias_hh_l0"],
              "rnn.bias_hh_l0": torch.zeros(hidden)}
    torch.save(summed, path_of("one_bias.pt"))
    case("one_bias", "one_bias.pt")
    t = {name: value.numpy() for name, value in summed.items()}
    numpy.savez(path_of("keras.npz"), t["embedding.weight"], t["rnn.weight_ih_l0"].T, t["rnn.weight_hh_l0"].T,
                t["rnn.bias_ih_l0"], t["head.weight"].T, t["head.bias"])
    case("one_bias", "keras.npz")


# --- strides, objects beside arrays, shards -------------------------------------------------------------------------

def expanded():
    repeated = torch.randn(1)
    plain = {**state, "rnn.bias_hh_l0": repeated.repeat(hidden), "head.weight": torch.arange(4.0).repeat(vocab, 1)}
    plain["rnn.weight_ih_l0"] = torch.as_strided(torch.arange(8.0), (hidden, embed), (1, 2)).contiguous()
    torch.save(plain, path_of("contiguous.pt"))
    case("expanded", "contiguous.pt")
    views = {**plain, "rnn.bias_hh_l0": repeated.expand(hidden), "head.weight": torch.arange(4.0).expand(vocab, hidden)}
    views["rnn.weight_ih_l0"] = torch.as_strided(torch.arange(8.0), (hidden, embed), (1, 2))
    for kind, zipped in (("", True), ("_legacy", False)):
        torch.save(views, path_of(f"expanded{kind}.pt"), _use_new_zipfile_serialization=zipped)
        case("expanded", f"expanded{kind}.pt")


def arrays():
    named = {name: value.numpy() for name, value in state.items()}
    named["about"] = numpy.array({"a": 1}, dtype=object)
    named["rows"] = numpy.zeros(2, [("a", "f4"), ("b", "i4")])
    numpy.savez(path_of("with_objects.npz"), **named)
    refused("with_objects.npz", ['"about"', "objects of Python", "--ignore about"])
    refused("with_objects.npz", ['"rows"', "records", "--ignore rows"], "--ignore", "about")
    case("rnn", "with_objects.npz", "--ignore", "about", "--ignore", "rows")
    for name, value in named.items():
        numpy.save(path_of(f"arrays/{name}.npy"), value)
    with open(path_of("arrays/notes.txt"), "w", encoding="utf-8") as out:
        out.write("trained on a Tuesday\n")
    refused("arrays", ['"about"', "--ignore about"], "--ignore", "rows", "--ignore", "notes.txt")
    refused("arrays", ['"notes.txt"', "--ignore notes.txt"], "--ignore", "rows", "--ignore", "about")
    case("rnn", "arrays", "--ignore", "about", "--ignore", "rows", "--ignore", "notes.txt")


def safetensors(tensors):
    header, data = {}, b""
    for name, value in tensors.items():
        held = value.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(held)]}
        data += held
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def shards():
    names = list(state)
    parts = [names[:3], names[3:5], names[5:]]
    for stem, end, index in (("model", "safetensors", "model.safetensors.index.json"),
                             ("pytorch_model", "bin", "pytorch_model.bin.index.json")):
        weight_map = {}
        for i, part in enumerate(parts):
            name = f"{stem}-{i + 1:05}-of-00003.{end}"
            weight_map.update({tensor: name for tensor in part})
            tensors = {tensor: state[tensor] for tensor in part}
            if end == "bin":
                torch.save(tensors, path_of("shards/" + name))
            else:
                with open(path_of("shards/" + name), "wb") as out:
                    out.write(safetensors(tensors))
            case("rnn", "shards/" + name)
        with open(path_of("shards/" + index), "w", encoding="utf-8") as out:
            json.dump({"metadata": {"total_size": 1}, "weight_map": weight_map}, out)
        case("rnn", "shards/" + index)


# --- ONNX -----------------------------------------------------------------------------------------------------------

def varint(number):
    number &= 2 ** 64 - 1
    held = b""
    while number > 0x7F:
        held += bytes([number & 0x7F | 0x80])
        number >>= 7
    return held + bytes([number])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    held = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(held)) + held


class Values:
    """The values of tensors: in the model or, where it has a name, in a file beside it."""

    def __init__(self, location=None, checksum=None):
        self.location, self.checksum, self.held = location, checksum, b""

    def tensor(self, name, value):
        array = value.numpy() if isinstance(value, torch.Tensor) else value
        head = b"".join(field(1, size) for size in array.shape) + field(2, 1 if array.dtype == "float32" else 7)
        head += field(8, name)
        if self.location is None:
            return head + field(9, array.tobytes())
        self.held += bytes(-len(self.held) % 16)
        entries = {"location": self.location, "offset": len(self.held), "length": array.nbytes}
        if self.checksum:
            entries["checksum"] = self.checksum
        self.held += array.tobytes()
        return head + field(14, 1) + b"".join(field(13, field(1, k) + field(2, str(v))) for k, v in entries.items())


def node(op, inputs, outputs, **attributes):
    held = b"".join(field(1, name) for name in inputs) + b"".join(field(2, name) for name in outputs) + field(4, op)
    kinds = {int: (3, 2), str: (4, 3), float: (2, 1)}  # the field, the number of the type
    lists = {int: (8, 7), str: (9, 8)}
    for name, value in attributes.items():
        items = value if isinstance(value, list) else [value]
        number, kind = (lists if isinstance(value, list) else kinds)[type(items[0])]
        held += field(5, field(1, name) + b"".join(field(number, item) for item in items) + field(20, kind))
    return held


def write_onnx(name, nodes, tensors, inputs, outputs, values=None, with_values=True):
    values = values or Values()
    graph = b"".join(field(1, held) for held in nodes)
    graph += b"".join(field(5, values.tensor(tensor, value)) for tensor, value in tensors.items())
    graph += b"".join(field(11, field(1, value)) for value in inputs) + b"".join(field(12, field(1, v)) for v in outputs)
    with open(path_of(name), "wb") as out:
        out.write(field(1, 8) + field(7, graph))
    if values.location is not None and with_values:
        with open(path_of(os.path.join(os.path.dirname(name), values.location)), "wb") as out:
            out.write(values.held)


def step_nodes():
    """x W + h W + b, of products and sums as the exporter of PyTorch 2 makes them."""
    return [node("Gather", ["embedding", "token"], ["x"]), node("Transpose", ["ih"], ["ih_t"], perm=[1, 0]),
            node("Transpose", ["hh"], ["hh_t"], perm=[1, 0]), node("MatMul", ["x", "ih_t"], ["xi"]),
            node("Add", ["xi", "bi"], ["xb"]), node("MatMul", ["state", "hh_t"], ["si"]), node("Add", ["si", "bh"], ["sb"]),
            node("Add", ["xb", "sb"], ["sum"]), node("Tanh", ["sum"], ["new"]),
            node("Gemm", ["new", "out", "bo"], ["logits"], transB=1)]


def step_tensors():
    return {"embedding": state["embedding.weight"], "ih": state["rnn.weight_ih_l0"], "hh": state["rnn.weight_hh_l0"],
            "bi": state["rnn.bias_ih_l0"], "bh": state["rnn.bias_hh_l0"], "out": state["head.weight"],
            "bo": state["head.bias"]}


def onnx_steps():
    token, zeros = torch.zeros(1, dtype=torch.int64), torch.zeros(1, hidden)
    for order in ("logits", "state", "no_state"):
        torch.onnx.export(Step(rnn, order).eval(), (token, zeros), path_of(f"cell_{order}.onnx"))
    case("rnn", "cell_logits.onnx")
    case("rnn", "cell_state.onnx")
    refused("cell_no_state.onnx", ["state", "not an output"])
    write_onnx("cell_products.onnx", step_nodes(), step_tensors(), ["token", "state"], ["logits", "new"])
    case("rnn", "cell_products.onnx")
    square = {**step_tensors(), "embedding": torch.randn(vocab, hidden), "ih": torch.randn(hidden, hidden)}
    write_onnx("cell_square.onnx", step_nodes(), square, ["token", "state"], ["logits", "new"])
    torch.save({"embedding.weight": square["embedding"], "weight_ih_l0": square["ih"], "weight_hh_l0": square["hh"],
                "bias_ih_l0": square["bi"], "bias_hh_l0": square["bh"], "head.weight": square["out"],
                "head.bias": square["bo"]}, path_of("square.pt"))
    case("square", "square.pt")
    case("square", "cell_square.onnx")
    given = {**step_tensors(), "ih": torch.randn(hidden, hidden)}
    del given["embedding"]
    write_onnx("cell_open.onnx", step_nodes()[1:], given, ["x", "state"], ["logits", "new"])
    refused("cell_open.onnx", ["square", "open", "state_dict()"])
    two = step_nodes()[:-1] + [
        node("Gemm", ["new", "ih2", "bi2"], ["xb2"], transB=1), node("Gemm", ["state2", "hh2"], ["sb2"], transB=1),
        node("Add", ["sb2", "xb2"], ["sum2"]), node("Tanh", ["sum2"], ["new2"]),
        node("Gemm", ["new2", "out", "bo"], ["logits"], transB=1)]
    more = {"ih2": torch.randn(hidden, hidden), "hh2": torch.randn(hidden, hidden), "bi2": torch.randn(hidden)}
    write_onnx("cell_two_layers.onnx", two, {**step_tensors(), **more}, ["token", "state", "state2"], ["logits", "new", "new2"])
    torch.save({**state, "rnn.weight_ih_l1": more["ih2"], "rnn.weight_hh_l1": more["hh2"], "rnn.bias_ih_l1": more["bi2"],
                "rnn.bias_hh_l1": torch.zeros(hidden)}, path_of("two_layers.pt"))
    case("two_layers", "two_layers.pt")
    case("two_layers", "cell_two_layers.onnx")
    write_onnx("two_inputs.onnx", step_nodes(), step_tensors(), ["token", "state"], ["logits"])
    refused("two_inputs.onnx", ["state", "not an output"])


def onnx_states():
    """States of two layers in one tensor, as nn.RNN keeps them, and a step that one-hot characters enter."""

    class Stacked(nn.Module):
        def __init__(self, swapped):
            super().__init__()
            self.embedding, self.one, self.two = nn.Embedding(vocab, embed), nn.RNNCell(embed, hidden), nn.RNNCell(hidden, hidden)
            self.head, self.swapped = nn.Linear(hidden, vocab), swapped

        def forward(self, token, state):
            one = self.one(self.embedding(token), state[0])
            two = self.two(one, state[1])
            return torch.stack([two, one] if self.swapped else [one, two]), self.head(two)

    class Layers(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.rnn = nn.Embedding(vocab, embed), nn.RNN(embed, hidden, 2, batch_first=True)
            self.head = nn.Linear(hidden, vocab)

        def forward(self, token, state):
            outputs, state = self.rnn(self.embedding(token), state)
            return state, self.head(outputs)

    class OneHot(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell, self.head = nn.RNNCell(vocab, hidden, nonlinearity="relu"), nn.Linear(hidden, vocab)

        def forward(self, token, state):
            state = self.cell(nn.functional.one_hot(token, vocab).float(), state)
            return torch.log_softmax(self.head(state), -1), state

    token, zeros = torch.zeros(1, dtype=torch.int64), torch.zeros(2, 1, hidden)
    stacked, swapped, layers, one_hot = Stacked(False), Stacked(True), Layers(), OneHot()
    swapped.load_state_dict(stacked.state_dict())
    for name, model in (("stacked", stacked), ("swapped", swapped)):
        torch.onnx.export(model.eval(), (token, zeros), path_of(f"cell_{name}.onnx"))
    torch.save(stacked.state_dict(), path_of("stacked.pt"))
    case("stacked", "stacked.pt")
    case("stacked", "cell_stacked.onnx")
    refused("cell_swapped.onnx", ["state", "not an output"])
    torch.onnx.export(layers.eval(), (token.view(1, 1), zeros), path_of("state_first.onnx"))
    torch.save(layers.state_dict(), path_of("state_first.pt"))
    case("state_first", "state_first.pt")
    case("state_first", "state_first.onnx")
    torch.onnx.export(one_hot.eval(), (token, zeros[0]), path_of("cell_one_hot.onnx"))
    torch.save(one_hot.state_dict(), path_of("one_hot.pt"))
    case("one_hot", "one_hot.pt", "--activation", "relu")
    case("one_hot", "cell_one_hot.onnx")


def onnx_external():
    for name, location in (("external.onnx", "external.onnx.data"), ("external_below.onnx", "values/all.bin")):
        write_onnx(name, step_nodes(), step_tensors(), ["token", "state"], ["logits", "new"], Values(location))
        case("rnn", name)
    first = Values("external_checked.onnx.data")
    write_onnx("external_checked.onnx", step_nodes(), step_tensors(), ["token", "state"], ["logits", "new"], first)
    second = Values(first.location, hashlib.sha1(first.held).hexdigest())
    write_onnx("external_checked.onnx", step_nodes(), step_tensors(), ["token", "state"], ["logits", "new"], second)
    case("rnn", "external_checked.onnx")
    for name, location, mentions in (("external_missing.onnx", "nothing.data", ['"nothing.data"', "missing"]),
                                     ("external_above.onnx", "../external.onnx.data", ["../external.onnx.data", "folder"]),
                                     ("external_absolute.onnx", "/etc/hostname", ["/etc/hostname", "folder"])):
        write_onnx(name, step_nodes(), step_tensors(), ["token", "state"], ["logits", "new"], Values(location), False)
        refused(name, mentions)


def onnx_mlp():
    """As the exporter of PyTorch 2 writes an MLP: shapes as constants in attributes, values in a file."""
    nodes = [node("Gather", ["table", "tokens"], ["e"]), node("Constant", [], ["shape"], value_ints=[-1, 2 * embed]),
             node("Reshape", ["e", "shape"], ["flat"], allowzero=1), node("Gemm", ["flat", "w1", "b1"], ["h"]),
             node("Tanh", ["h"], ["a"]), node("Gemm", ["a", "w2", "b2"], ["logits"])]
    tensors = {"table": C, "w1": W1, "b1": b1, "w2": W2, "b2": b2}
    write_onnx("mlp_external.onnx", nodes, tensors, ["tokens"], ["logits"], Values("mlp_external.onnx.data"))
    case("makemore", "mlp_external.onnx")


def gru_readers():
    """nn.GRU and nn.GRUCell, their parameters without names, and the node GRU of ONNX, whose update gate is first."""
    embedding, gru, head = nn.Embedding(vocab, embed), nn.GRU(embed, hidden, batch_first=True), nn.Linear(hidden, vocab)
    model = nn.ModuleDict({"embedding": embedding, "gru": gru, "head": head})
    torch.save(model.state_dict(), path_of("gru.pt"))
    cell = {key.replace("gru.", "cell.").replace("_l0", ""): value for key, value in model.state_dict().items()}
    torch.save(cell, path_of("gru_cell.pt"))
    torch.save(list(model.parameters()), path_of("gru_list.pt"))
    transposed = {key: value.T.contiguous() if "weight_" in key else value for key, value in model.state_dict().items()}
    torch.save(transposed, path_of("gru_transposed.pt"))
    for weights in ("gru.pt", "gru_cell.pt", "gru_list.pt", "gru_transposed.pt"):
        case("gru", weights)

    def reordered(tensor):
        r, z, n = tensor.detach().chunk(3)
        return torch.cat([z, r, n])

    biases = torch.cat([reordered(gru.bias_ih_l0), reordered(gru.bias_hh_l0)])
    tensors = {"embedding": embedding.weight.detach(), "W": reordered(gru.weight_ih_l0)[None],
               "R": reordered(gru.weight_hh_l0)[None], "B": biases[None], "out": head.weight.detach(), "bo": head.bias.detach()}

    def write(name, given, op="GRU", **attributes):
        nodes = [node("Gather", ["embedding", "tokens"], ["x"]),
                 node(op, ["x", "W", "R", "B"], ["y"], hidden_size=hidden, **attributes),
                 node("Squeeze", ["y"], ["h"]), node("Gemm", ["h", "out", "bo"], ["logits"], transB=1)]
        write_onnx(name, nodes, given, ["tokens"], ["logits"])

    write("gru.onnx", tensors, linear_before_reset=1)
    write("gru_attributes.onnx", tensors, linear_before_reset=1, direction="forward", activations=["Sigmoid", "Tanh"], layout=0)
    case("gru", "gru.onnx")
    case("gru", "gru_attributes.onnx")
    for name, mentions, attributes in (
            ("reset_first", ["linear_before_reset is 0", "nn.GRU", "reset_after=True"], {"linear_before_reset": 0}),
            ("reset_by_default", ["linear_before_reset is 0"], {}),
            ("both_ways", ["forward only", "bidirectional"], {"linear_before_reset": 1, "direction": "bidirectional"}),
            ("hard_sigmoid", ["Sigmoid", "HardSigmoid"], {"linear_before_reset": 1, "activations": ["HardSigmoid", "Tanh"]}),
            ("relu", ["Sigmoid and Tanh", "Relu"], {"linear_before_reset": 1, "activations": ["Sigmoid", "Relu"]}),
            ("clip", ["clips"], {"linear_before_reset": 1, "clip": 3.0}),
            ("rows_first", ["layout is 1"], {"linear_before_reset": 1, "layout": 1})):
        write(f"gru_{name}.onnx", tensors, **attributes)
        refused(f"gru_{name}.onnx", ["GRU", *mentions])
    one_matrix = {**tensors, "W": tensors["W"][:, :hidden], "R": tensors["R"][:, :hidden], "B": tensors["B"][:, :2 * hidden]}
    write("gru_one_matrix.onnx", one_matrix, linear_before_reset=1)
    refused("gru_one_matrix.onnx", ['"R"', "[4, 4]", "[3 H, H]"])
    write("rnn_three_matrices.onnx", tensors, "RNN")
    refused("rnn_three_matrices.onnx", ['"R"', "[12, 4]", "[H, H]"])
    missing = {**tensors, "B": tensors["B"][:, :-hidden]}
    write("gru_five_biases.onnx", missing, linear_before_reset=1)
    refused("gru_five_biases.onnx", ["biases", "[1, 20]"])


with open(path_of("letters.txt"), "w", encoding="utf-8") as file:
    file.write(letters)
checkpoints()
lists()
keras()
expanded()
arrays()
shards()
onnx_steps()
onnx_states()
onnx_external()
onnx_mlp()
gru_readers()
with open(path_of("cases.json"), "w", encoding="utf-8") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
print(f"{len(cases)} cases in {folder}")
