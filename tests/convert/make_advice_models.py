#!/usr/bin/env python3
"""make_advice_models.py FOLDER: small models, of which most hold tensors that mote's models have no place for, with the
outputs that PyTorch computes. FOLDER/advice.json lists them:
  name       NAME.safetensors are the weights, NAME.verify.npz the outputs
  ends       what following the advice of `mote convert`, beginning with no option, leads to: "converts" or "refused"
  mentions   words of the last refusal, of one that converts of the first
  mended     the weights after the PyTorch calls that the refusal names, which this script makes: they convert
  arguments  what the user knows beside it
Needs torch and numpy."""
import json
import os
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import prune

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../tools/python"))
import mote_verify
from weight_files import save_safetensors

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(5)
numpy.random.seed(5)
vocab, embed, hidden, context = 8, 3, 6, 3
listed = []


def path_of(name):
    return os.path.join(folder, name)


def random(*shape):
    return torch.randn(*shape) * 0.7


# --- two models, of which each case changes something ---------------------------------------------------------------

class Rnn(nn.Module):
    def __init__(self, width=embed, size=hidden, outputs=lambda model, y: model.out(y), **options):
        super().__init__()
        bias = options.get("bias", True)
        self.emb = nn.Embedding(vocab, width)
        self.rnn = options.pop("layer", nn.RNN)(width, size, batch_first=True, **options)
        self.out = nn.Linear(size * (2 if options.get("bidirectional") else 1), vocab, bias=bias)
        self.outputs, self.start = outputs, None

    def forward(self, tokens):
        start = None if self.start is None else self.start.expand(1, len(tokens), -1).contiguous()
        return self.outputs(self, self.rnn(self.emb(tokens), start)[0])


class Mlp(nn.Module):
    """`before`: what is done with a layer's sums before its activation."""

    def __init__(self, activation=torch.tanh, before=lambda model, h: h, inputs=lambda model, x: x,
                 outputs=lambda model, x, h: model.fc2(h), width=context * embed, bias=True):
        super().__init__()
        self.emb = nn.Embedding(vocab, embed)
        self.fc1 = nn.Linear(width, hidden, bias=bias)
        self.fc2 = nn.Linear(hidden, vocab, bias=bias)
        self.activation, self.before, self.inputs, self.outputs = activation, before, inputs, outputs

    def forward(self, tokens):
        x = self.inputs(self, self.emb(tokens)).flatten(1)
        return self.outputs(self, x, self.activation(self.before(self, self.fc1(x))))


def redrawn(model):
    """Weights that show: what a normalisation or a scale begins with would change nothing."""
    with torch.no_grad():
        for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
            kept = any(word in name for word in ("parametrizations", "tril", "criterion"))
            if tensor.is_floating_point() and not kept and tensor.dim() > 0:
                tensor.copy_(random(*tensor.shape))
                if name.endswith(("running_var", "bnstd_running")):
                    tensor.abs_().add_(0.5)
    return model.eval()


def add(name, model, ends, mentions=(), state=None, call=None, arguments=(), outputs=lambda logits: logits, forward=None,
        drawn=False):
    model = model if drawn or not isinstance(model, nn.Module) else redrawn(model)
    time = 7 if getattr(model, "rnn", None) is not None or forward == "rnn" else context
    tokens = mote_verify.random_tokens(vocab, 4, time)
    expected = outputs(torch.tensor(mote_verify.logits_of(model, tokens)))
    numpy.savez_compressed(path_of(name + ".verify.npz"), tokens=tokens.astype(numpy.int16), logits=expected.numpy().astype(numpy.float32))
    state = {key: value.detach() for key, value in (model.state_dict() if state is None else state).items()}
    save_safetensors(path_of(name + ".safetensors"), state, in_order=True)
    case = {"name": name, "ends": ends, "mentions": list(mentions), "arguments": list(arguments)}
    if call is not None:
        mended = model if isinstance(model, nn.Module) else None
        scope = {"torch": torch, "model": mended, **{key: value.clone() for key, value in state.items() if mended is None}}
        with torch.no_grad():
            for line in call:
                exec(line, scope)
        after = scope["model"].state_dict() if mended is not None else {key: scope[key] for key in scope["kept"]}
        case["mended"] = name + ".mended.safetensors"
        save_safetensors(path_of(case["mended"]), {key: value.detach() for key, value in after.items()}, in_order=True)
    listed.append(case)


def with_buffers(model, **buffers):
    """By names in which two underlines stand for a dot."""
    for name, value in buffers.items():
        *path, last = name.split("__")
        module = model
        for component in path:
            if not hasattr(module, component):
                module.add_module(component, nn.Module())
            module = getattr(module, component)
        module.register_buffer(last, value)
    return model


# --- nothing to be said, or what the file does not tell -------------------------------------------------------------

add("rnn", Rnn(), "converts")
add("rnn_relu", Rnn(nonlinearity="relu"), "converts", ["--verify"])
add("mlp_tanh", Mlp(), "converts", ["--activation", "--verify"])
add("mlp_relu", Mlp(torch.relu), "converts", ["--activation", "--verify"])
add("mlp_gelu", Mlp(functional.gelu), "refused", ["differ by"])
add("rnn_without_biases", Rnn(bias=False), "converts", ["--zero-bias"])
add("mlp_without_biases", Mlp(bias=False), "converts", ["--zero-bias"])
add("log_softmax", Rnn(outputs=lambda m, y: functional.log_softmax(m.out(y), -1)), "converts")
add("softmax", Mlp(outputs=lambda m, x, h: functional.softmax(m.fc2(h), -1)), "converts", ["--verify"])
add("shifted", Rnn(outputs=lambda m, y: m.out(y) - m.out(y).amax(-1, keepdim=True)), "converts")


def square_makemore():
    """Square matrices, and one that lies as nn.Linear's do under makemore's names."""
    state = {"C": random(vocab, embed), "W1": random(context * embed, hidden), "b1": random(hidden),
             "W2": random(hidden, hidden), "b2": random(hidden), "W3": random(vocab, hidden), "b3": random(vocab)}

    def forward(tokens):
        h = torch.tanh(state["C"][tokens].flatten(1) @ state["W1"] + state["b1"])
        return torch.tanh(state["W2"] @ h.T + state["b2"][:, None]).T @ state["W3"].T + state["b3"]

    add("square_makemore", forward, "converts", ["W2", "square", "--as-is", "--transpose", "--verify"], state)


def one_hot_bigram():
    linear = nn.Sequential(nn.Linear(vocab, vocab, bias=False))
    with torch.no_grad():
        linear[0].weight.copy_(random(vocab, vocab))
    add("one_hot_bigram", lambda tokens: linear(functional.one_hot(tokens, vocab).float()), "converts",
        ["--transpose", "--verify"], linear.state_dict(), forward="rnn")


def makemore_without_biases():
    state = {"C": random(vocab, embed), "W1": random(context * embed, hidden), "W2": random(hidden, vocab)}
    add("makemore_without_biases", lambda tokens: torch.tanh(state["C"][tokens].flatten(1) @ state["W1"]) @ state["W2"],
        "converts", ["b1", "--zero-bias"], state)


    add("list_without_biases", lambda tokens: torch.tanh(state["C"][tokens].flatten(1) @ state["W1"]) @ state["W2"],
        "converts", ["0 [8, 3]", "--zero-bias"], {"0": state["C"], "1": state["W1"], "2": state["W2"]})


def min_char_rnn(name, mentions, **more):
    state = {"Wxh": random(hidden, vocab), "Whh": random(hidden, hidden), "Why": random(vocab, hidden), **more}

    def forward(tokens):
        h, logits = torch.zeros(len(tokens), hidden), []
        for t in range(tokens.shape[1]):
            h = torch.tanh(state["Wxh"].T[tokens[:, t]] + h @ state["Whh"].T)
            logits.append(h @ state["Why"].T)
        return torch.stack(logits, 1)

    add(name, forward, "converts", mentions, state, forward="rnn")


square_makemore()
one_hot_bigram()
makemore_without_biases()
min_char_rnn("min_char_rnn_without_biases", ["bh", "--zero-bias"])
min_char_rnn("min_char_rnn_adagrad", ["mWxh", "optimizer", "--ignore"], mWxh=random(hidden, vocab) ** 2,
             mWhh=random(hidden, hidden) ** 2, mWhy=random(vocab, hidden) ** 2)


# --- what does nothing ----------------------------------------------------------------------------------------------

def averages():
    copies = {"ema__" + name.replace(".", "__"): random(*value.shape) for name, value in Rnn().state_dict().items()}
    add("average", with_buffers(Rnn(), **copies, ema__decay=torch.tensor(0.999), ema__updates=torch.tensor(70)), "converts",
        ["running average", "emb.weight", "--ignore ema"])
    state = {"model." + name: value for name, value in Mlp().state_dict().items()}
    state.update({"model_ema." + name[6:].replace(".", ""): random(*value.shape) for name, value in list(state.items())})
    model = Mlp()
    model.load_state_dict({name[6:]: value for name, value in state.items() if name.startswith("model.")})
    add("average_without_dots", model, "converts", ["running average", "--ignore model_ema"], state, drawn=True)


add("step", with_buffers(Rnn(), step=torch.tensor(4200)), "converts", ["counter of training", "--ignore step"])
add("masks", with_buffers(Rnn(), causal_mask=torch.ones(9, 9, dtype=torch.bool).tril(),
                          tril=torch.ones(1, 1, 9, 9).tril(), position_ids=torch.arange(9)[None]),
    "converts", ["causal mask", "--ignore causal_mask tril position_ids"])
add("class_weights", with_buffers(Mlp(), criterion__weight=torch.rand(vocab)), "converts", ["classes in a loss", "--ignore"])
add("optimizer", with_buffers(Mlp(), optimizer__fc1__exp_avg=random(hidden, 9)), "converts", ["optimizer", "--ignore"])
add("empty", with_buffers(Rnn(), dummy=torch.zeros(0)), "converts", ["empty", "--ignore dummy"])
add("zero_state", with_buffers(Rnn(), h0=torch.zeros(1, 1, hidden)), "converts", ["zeros", "--ignore h0"], drawn=True)
averages()
applied = Rnn()
mask = (torch.rand(vocab, hidden) > 0.4).float()
with torch.no_grad():
    applied.out.weight.mul_(mask)
add("mask_that_is_applied", with_buffers(applied, out__weight_mask=mask), "converts", ["mask", "--ignore out.weight_mask"],
    drawn=True)

# --- what mote folds ------------------------------------------------------------------------------------------------

def normed(name, dim):
    model = redrawn(Rnn())
    nn.utils.weight_norm(model.out, "weight", dim)
    nn.utils.weight_norm(model.rnn, "weight_hh_l0", dim)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.7)
    add(name, model, "converts", drawn=True)


normed("weight_norm", 0)
normed("weight_norm_by_columns", 1)
normed("weight_norm_of_the_whole", None)

pruned = redrawn(Mlp())
prune.random_unstructured(pruned.fc1, "weight", 0.5)
prune.random_unstructured(pruned.fc1, "bias", 0.5)
add("pruned", pruned, "converts", ["--verify"], drawn=True)


def parametrized_weight_norm():
    """As torch 2 names it, which this script does not need."""
    model = redrawn(Mlp())
    state = model.state_dict()
    v, g = random(hidden, context * embed), random(hidden, 1)
    model.fc1.weight.data = g * v / v.norm(dim=1, keepdim=True)
    del state["fc1.weight"]
    state["fc1.parametrizations.weight.original0"], state["fc1.parametrizations.weight.original1"] = g, v
    add("parametrized_weight_norm", model, "converts",
        ['torch.nn.utils.parametrize.remove_parametrizations(model.fc1, "weight")', "--verify"], state, drawn=True)


parametrized_weight_norm()

# --- what makes another model ---------------------------------------------------------------------------------------

fuse = "model.fc1, model.bn = torch.nn.utils.fusion.fuse_linear_bn_eval(model.fc1, model.bn), torch.nn.Identity()"
by_hand = ["b1 = (b1 - bnmean_running) * bngain / bnstd_running + bnbias", "W1 = W1 * bngain / bnstd_running"]


def sequential_batch_norm():
    model = redrawn(nn.Sequential(nn.Embedding(vocab, embed), nn.Flatten(), nn.Linear(context * embed, hidden),
                                  nn.BatchNorm1d(hidden), nn.Tanh(), nn.Linear(hidden, vocab)))
    add("sequential_batch_norm", model, "refused", ["3.weight", "fuse_linear_bn_eval(linear, bn)"], drawn=True,
        call=["model[2] = torch.nn.utils.fusion.fuse_linear_bn_eval(model[2], model[3])", "model[3] = torch.nn.Identity()"])


def makemore_batch_norm(name, bias):
    state = {"C": random(vocab, embed), "W1": random(context * embed, hidden), "W2": random(hidden, vocab),
             "b2": random(vocab), "bngain": random(1, hidden), "bnbias": random(1, hidden),
             "bnmean_running": random(1, hidden), "bnstd_running": random(1, hidden).abs() + 0.5}
    if bias:
        state["b1"] = random(hidden)

    def forward(tokens):
        h = state["C"][tokens].flatten(1) @ state["W1"] + state.get("b1", torch.zeros(hidden))
        h = state["bngain"] * (h - state["bnmean_running"]) / state["bnstd_running"] + state["bnbias"]
        return torch.tanh(h) @ state["W2"] + state["b2"]

    lines = by_hand if bias else [by_hand[0].replace("(b1 - bnmean_running)", "-bnmean_running"), by_hand[1]]
    add(name, forward, "refused", ["bngain", "batch normalisation"] + lines, state,
        call=lines + ["kept = ['C', 'W1', 'b1', 'W2', 'b2']"])


sequential_batch_norm()
makemore_batch_norm("makemore_batch_norm", True)
makemore_batch_norm("makemore_batch_norm_without_bias", False)


def with_module(model, **modules):
    for name, module in modules.items():
        setattr(model, name, module)
    return model


def with_parameter(model, **parameters):
    for name, value in parameters.items():
        model.register_parameter(name, nn.Parameter(value))
    return model


add("batch_norm", with_module(Mlp(before=lambda m, h: m.bn(h)), bn=nn.BatchNorm1d(hidden)), "refused",
    ["batch normalisation", "fuse_linear_bn_eval(linear, bn)"], call=[fuse])
add("layer_norm", with_module(Rnn(outputs=lambda m, y: m.out(m.ln(y))), ln=nn.LayerNorm(hidden)), "refused",
    ["ln.weight", "normalisation"])
add("unnamed_norm", with_module(Rnn(outputs=lambda m, y: m.out(m.extra(y))), extra=nn.LayerNorm(hidden)), "refused",
    ["extra.weight", "normalisation"])
add("rms_norm", with_parameter(Rnn(outputs=lambda m, y: m.out(functional.normalize(y, dim=-1) * m.rms_scale)),
                               rms_scale=random(hidden)), "refused", ["rms_scale", "normalisation"])
add("skip", with_module(Mlp(outputs=lambda m, x, h: m.fc2(h) + m.skip(x)), skip=nn.Linear(9, vocab, bias=False)), "refused",
    ["skip.weight", "past other layers"])
add("direct", with_module(Mlp(outputs=lambda m, x, h: m.fc2(h) + m.direct(x)), direct=nn.Linear(9, vocab, bias=False)),
    "refused")
add("gate", with_module(Mlp(outputs=lambda m, x, h: m.fc2(h * torch.sigmoid(m.gate(x)))), gate=nn.Linear(9, hidden)), "refused",
    ["gate.weight", "a gate"])
add("scale", with_parameter(Rnn(outputs=lambda m, y: m.out(y) * m.logit_scale), logit_scale=torch.tensor([1.5])), "refused",
    ["logit_scale", "a scale", "multiply"], drawn=True)
add("lora", with_parameter(Rnn(outputs=lambda m, y: m.out(y) + y @ m.lora_A.T @ m.lora_B.T), lora_A=random(2, hidden),
                           lora_B=random(vocab, 2)), "refused", ["lora_A", "adapter", "merge_and_unload()"])
add("lora_of_peft", with_buffers(Rnn(outputs=lambda m, y: m.out(y) + y @ m.adapted.lora_A.default.weight.T @ m.adapted.lora_B.default.weight.T),
                                 adapted__lora_A__default__weight=random(2, hidden),
                                 adapted__lora_B__default__weight=random(vocab, 2)), "refused", ["lora_A", "adapter"])
add("places", with_module(Mlp(inputs=lambda m, x: x + m.pos_emb.weight), pos_emb=nn.Embedding(context, embed)), "refused",
    ["pos_emb.weight", "places in the text"])
add("two_directions", Rnn(bidirectional=True), "refused", ["_reverse", "bidirectional"])
add("gru", Rnn(layer=nn.GRU), "converts")
start = Rnn()
start.start = nn.Parameter(random(1, 1, hidden))
add("start", start, "refused", ["start"])
add("h0", with_buffers(start, h0=start.start.detach()), "refused", ["h0", "zeros", "--verify"], drawn=True,
    state={**{key: value for key, value in start.state_dict().items() if key != "start"}, "h0": start.start.detach()})

spectral = redrawn(Rnn())
nn.utils.spectral_norm(spectral.out)
spectral.eval()(torch.zeros(1, 3, dtype=torch.int64))
add("spectral_norm", spectral, "refused", ["torch.nn.utils.remove_spectral_norm(model.out)"], drawn=True,
    call=["torch.nn.utils.remove_spectral_norm(model.out)"])
for name, parametrization in (("parametrized_spectral_norm", nn.utils.parametrizations.spectral_norm),
                              ("parametrized_orthogonal", nn.utils.parametrizations.orthogonal)):
    remove = 'torch.nn.utils.parametrize.remove_parametrizations(model.out, "weight")'
    parametrized = redrawn(Rnn())
    parametrization(parametrized.out)
    add(name, parametrized.eval(), "refused", [remove], drawn=True, call=[remove])


def masked_by_hand(name, mask_name):
    mask = (torch.rand(vocab, hidden) > 0.4).float()
    model = redrawn(Rnn(outputs=lambda m, y: functional.linear(y, m.out.weight * mask, m.out.bias)))
    add(name, model, "refused", [mask_name], {**model.state_dict(), mask_name: mask}, drawn=True)


masked_by_hand("mask_by_hand", "out.weight_mask")
masked_by_hand("mask_of_another_name", "mask")


def misnamed():
    """What has a harmless name and another content or shape."""
    triangle = torch.ones(hidden, hidden).tril()
    model = redrawn(Rnn())
    state = model.state_dict()
    model.rnn.weight_hh_l0.data = state["rnn.weight_hh_l0"] * triangle
    add("triangle_of_weights", model, "refused", ["causal_mask"], {**state, "causal_mask": triangle}, drawn=True)
    for name in ("step", "criterion.weight", "position_ids", "optimizer"):
        factor = random(hidden)
        model = redrawn(Rnn(outputs=lambda m, y: m.out(y * factor)))
        add("misnamed_" + name.replace(".", "_"), model, "refused", [name], {**model.state_dict(), name: factor}, drawn=True)


misnamed()
factor = random(vocab)
add("row", with_parameter(Rnn(outputs=lambda m, y: m.out(y) + m.shift), shift=factor), "refused", ["shift"])
add("row_that_does_nothing", with_parameter(Rnn(), shift=random(vocab)), "converts", ["shift", "--ignore shift --verify"])
add("layer_that_does_nothing", with_module(Rnn(), aux=nn.Linear(hidden, 3)), "converts", ["aux", "--ignore", "--verify"])
quantized = redrawn(Rnn())
whole = torch.round(quantized.out.weight.detach() / 0.02).clamp(-127, 127)
quantized.out.weight.data = whole * 0.02
add("quantized", quantized, "refused", ["scale", "quantized", "dequantize()"],
    {**quantized.state_dict(), "out.weight": whole.to(torch.int8), "out.weight_scale": torch.tensor(0.02)}, drawn=True)

strangers = {"inner": random(vocab, embed), "outer": random(vocab, embed)}
add("strangers", Rnn(), "refused", ["inner", "--map"], strangers)

tied = redrawn(Rnn(width=hidden))
tied.out.weight = tied.emb.weight
add("tied", tied, "converts", drawn=True)
add("tied_once", tied, "refused", ["out.bias", "tied", "--map"],
    {name: value for name, value in tied.state_dict().items() if name != "out.weight"}, drawn=True)

add("lstm", Rnn(layer=nn.LSTM), "refused", ["nn.LSTM", "nn.RNN", "nn.GRU"])

with open(path_of("advice.json"), "w", encoding="utf-8") as out:
    json.dump(listed, out, indent=0)
    out.write("\n")
print(f"{len(listed)} models in {folder}")
