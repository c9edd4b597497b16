#!/usr/bin/python3
"""torch_adapter.py FOLDER module|loop: the workloads in PyTorch, eagerly. module: torch.nn.RNN and torch.nn.GRU; loop: a
recurrence written by hand, and everything that has none. Parameters are views of one flat tensor, so that clipping and
optimizer are a few calls whatever the model."""
import sys

import torch
import torch.nn.functional as F

import adapter


class Parameters:
    def __init__(self, work):
        self.flat = torch.cat([torch.tensor(values) for *_, values in work.tensors])
        self.w, start = {}, 0
        for name, rows, columns, _ in work.tensors:
            view = self.flat[start : start + rows * columns].view((rows, columns) if columns > 1 else (rows,))
            self.w[name] = view.detach().requires_grad_(work.batches > 0)
            start += rows * columns


class Optimizer:
    """PyTorch's own on the flat tensor where it is the same arithmetic and faster than by hand."""

    def __init__(self, work, flat):
        self.work, self.flat = work, flat
        self.sum = torch.full_like(flat, work.eps)  # Adagrad's eps inside the root
        flat.grad = torch.zeros_like(flat)
        self.adamw = torch.optim.AdamW(
            [flat], lr=work.learning_rate, betas=(work.beta1, work.beta2), eps=work.eps, weight_decay=work.weight_decay
        )

    def step(self, gradients):
        work, flat = self.work, self.flat
        g = torch.cat([one.reshape(-1) for one in gradients])
        if work.clip_value:
            g.clamp_(-work.clip_value, work.clip_value)
        if work.optimizer == adapter.SGD:
            flat.sub_(g, alpha=work.learning_rate)
        elif work.optimizer == adapter.ADAGRAD:
            self.sum.addcmul_(g, g)
            flat.addcdiv_(g, self.sum.sqrt(), value=-work.learning_rate)
        else:
            flat.grad = g
            if work.clip_norm:
                torch.nn.utils.clip_grad_norm_(flat, work.clip_norm)
            self.adamw.step()


class Training:
    def __init__(self, work):
        self.work, self.next = work, 0
        parameters = Parameters(work)
        self.w, self.leaves = parameters.w, list(parameters.w.values())
        self.reduction = "sum" if work.loss == adapter.LOSS_SUM else "mean"
        self.optimizer = Optimizer(work, parameters.flat)
        self.setup()
        self.batches = []
        for i in range(work.batches):
            tokens, targets = (torch.tensor(half, dtype=torch.int64).view(work.batch, -1) for half in work.batch_of(i))
            self.batches.append(self.prepare(tokens, targets))

    def setup(self):
        pass

    def prepare(self, tokens, targets):
        return tokens, targets.flatten()

    def run(self, steps):
        results = []
        for _ in range(steps):
            tokens, targets = self.batches[self.next]
            loss = F.cross_entropy(self.logits(tokens), targets, reduction=self.reduction)
            self.optimizer.step(self.gradients(loss))
            results.append(loss.detach())
            self.next = (self.next + 1) % len(self.batches)
        return results

    def gradients(self, loss):
        return torch.autograd.grad(loss, self.leaves)

    def losses(self, results):
        return [result.item() for result in results]


class Bigram(Training):
    def logits(self, tokens):
        return F.embedding(tokens, self.w["logits"]).flatten(0, 1)


class Mlp(Training):
    def logits(self, tokens):
        w, act = self.w, torch.relu if self.work.activation == adapter.RELU else torch.tanh
        x = F.embedding(tokens, w["embedding"]).flatten(1)
        for l in range(self.work.layers):
            x = act(F.linear(x, w[f"weight_l{l}"], w[f"bias_l{l}"]))
        return F.linear(x, w["weight_out"], w["bias_out"])


class Rnn(Training):
    def setup(self):
        self.h = torch.zeros(self.work.batch, self.work.hidden)

    def prepare(self, tokens, targets):
        return tokens.T.contiguous(), targets.T.flatten()


class LoopRnn(Rnn):
    def logits(self, tokens):
        w, h, outputs = self.w, self.h, []
        recurrent = w["weight_hh_l0"].t()
        inputs = F.embedding(tokens, w["weight_ih_l0"].t()) + w["bias_l0"]
        for x in inputs.unbind(0):
            h = torch.addmm(x, h, recurrent).tanh_()
            outputs.append(h)
        self.h = h.detach()
        return F.linear(torch.cat(outputs), w["weight_out"], w["bias_out"])


def gru_step(inputs, states, h):
    """The next state from the three sums of the input and those of the state."""
    hidden = h.shape[-1]
    reset, update = (inputs[..., : 2 * hidden] + states[..., : 2 * hidden]).sigmoid_().chunk(2, -1)
    n = torch.addcmul(inputs[..., 2 * hidden :], reset, states[..., 2 * hidden :]).tanh_()
    return torch.lerp(n, h, update)


def state_bias(w):
    """nn.GRU's second bias, of which mote has the candidate's alone; those of the gates are added to the first."""
    return F.pad(w["bias_hn_l0"], (2 * len(w["bias_hn_l0"]), 0))


class LoopGru(Rnn):
    def logits(self, tokens):
        w, h, outputs = self.w, self.h, []
        recurrent, bias = w["weight_hh_l0"].t(), state_bias(w)
        inputs = F.embedding(tokens, w["weight_ih_l0"].t()) + w["bias_ih_l0"]
        for x in inputs.unbind(0):
            h = gru_step(x, torch.addmm(bias, h, recurrent), h)
            outputs.append(h)
        self.h = h.detach()
        return F.linear(torch.cat(outputs), w["weight_out"], w["bias_out"])


class ModuleRnn(Rnn):
    MODULE = torch.nn.RNN

    def setup(self):
        super().setup()
        self.h = self.h[None]
        self.rnn = self.MODULE(self.work.vocab, self.work.hidden)
        self.rnn.weight_ih_l0.data, self.rnn.weight_hh_l0.data = self.w["weight_ih_l0"], self.w["weight_hh_l0"]
        self.set_biases()

    def set_biases(self):
        self.rnn.bias_ih_l0.data = self.w["bias_l0"]
        self.rnn.bias_hh_l0.data.zero_()
        self.rnn.bias_hh_l0.requires_grad_(False)  # mote has one bias, their sum
        self.leaves[:3] = self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.rnn.bias_ih_l0

    def prepare(self, tokens, targets):
        tokens, targets = super().prepare(tokens, targets)
        return F.one_hot(tokens, self.work.vocab).to(torch.float32), targets

    def logits(self, tokens):
        out, h = self.rnn(tokens, self.h)
        self.h = h.detach()
        return F.linear(out.flatten(0, 1), self.w["weight_out"], self.w["bias_out"])


class ModuleGru(ModuleRnn):
    """Of the module's second bias mote has the last third alone, which lies in the flat tensor and is copied."""

    MODULE = torch.nn.GRU

    def set_biases(self):
        self.rnn.bias_ih_l0.data = self.w["bias_ih_l0"]
        self.rnn.bias_hh_l0.data.zero_()
        self.leaves[:4] = self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.rnn.bias_ih_l0, self.rnn.bias_hh_l0

    def logits(self, tokens):
        self.rnn.bias_hh_l0.data[2 * self.work.hidden :] = self.w["bias_hn_l0"].detach()
        return super().logits(tokens)

    def gradients(self, loss):
        gradients = list(super().gradients(loss))
        gradients[3] = gradients[3][2 * self.work.hidden :]
        return gradients


class Inference:
    def __init__(self, work):
        self.work, self.next, self.text = work, 0, list(work.tokens)
        self.w = Parameters(work).w
        self.setup()

    def run(self, steps):
        results = []
        with torch.inference_mode():
            for _ in range(steps):
                results.append((self.text[self.next + 1], F.log_softmax(self.logits(self.text[self.next]), 0)))
                self.next = (self.next + 1) % (len(self.text) - 1)
        return results

    def losses(self, results):
        return [-result[target].item() for target, result in results]


class LoopRnnInference(Inference):
    def setup(self):
        self.h = torch.zeros(self.work.hidden)
        self.table = list((self.w["weight_ih_l0"].t() + self.w["bias_l0"]).contiguous().unbind(0))

    def logits(self, token):
        self.h = torch.addmv(self.table[token], self.w["weight_hh_l0"], self.h).tanh_()
        return torch.addmv(self.w["bias_out"], self.w["weight_out"], self.h)


class LoopGruInference(Inference):
    def setup(self):
        w = self.w
        self.h = torch.zeros(self.work.hidden)
        self.table = list((w["weight_ih_l0"].t() + w["bias_ih_l0"]).contiguous().unbind(0))
        self.bias = state_bias(w)

    def logits(self, token):
        states = torch.addmv(self.bias, self.w["weight_hh_l0"], self.h)
        self.h = gru_step(self.table[token], states, self.h)
        return torch.addmv(self.w["bias_out"], self.w["weight_out"], self.h)


class ModuleGruInference(Inference):
    def setup(self):
        w, work = self.w, self.work
        self.h = torch.zeros(1, work.hidden)
        self.rows = list(torch.eye(work.vocab)[:, None])
        self.gru = torch.nn.GRU(work.vocab, work.hidden).requires_grad_(False)
        self.gru.weight_ih_l0.data, self.gru.weight_hh_l0.data = w["weight_ih_l0"], w["weight_hh_l0"]
        self.gru.bias_ih_l0.data, self.gru.bias_hh_l0.data = w["bias_ih_l0"], state_bias(w)

    def logits(self, token):
        _, self.h = self.gru(self.rows[token], self.h)
        return torch.addmv(self.w["bias_out"], self.w["weight_out"], self.h[0])


class MlpInference(Inference):
    def setup(self):
        self.rows = list(self.w["embedding"].unbind(0))
        self.window = [self.rows[0]] * self.work.context

    def logits(self, token):
        w, relu = self.w, self.work.activation == adapter.RELU
        self.window = self.window[1:] + [self.rows[token]]
        x = torch.cat(self.window)
        for l in range(self.work.layers):
            x = torch.addmv(w[f"bias_l{l}"], w[f"weight_l{l}"], x)
            x = x.relu_() if relu else x.tanh_()
        return torch.addmv(w["bias_out"], w["weight_out"], x)


class IntegerProduct:
    """A row of small integers by weights of int8 that are packed beforehand. PyTorch rounds the sums to 8 bits: there are
    no results to compare. Its inputs have no sign, and 128 stands for 0."""

    def __init__(self, work):
        inputs, outputs = work.product_inputs, work.product_outputs
        integers = torch.randint(-127, 128, (outputs, inputs), generator=torch.manual_seed(1)).to(torch.float32)
        weights = torch.quantize_per_channel(integers, torch.ones(outputs, dtype=torch.float64), torch.zeros(outputs, dtype=torch.int64), 0, torch.qint8)
        self.weights = torch.ops.quantized.linear_prepack(weights, None)
        self.row = torch.quantize_per_tensor(integers[:1], 1.0, 128, torch.quint8)

    def run(self, steps):
        multiply, row, weights = torch.ops.quantized.linear, self.row, self.weights
        with torch.inference_mode():
            for _ in range(steps):
                multiply(row, weights, 4096.0, 128)
        return []

    def losses(self, results):
        return results


# Of each cell what trains and what runs it: with PyTorch's module, where there is one that could be the fastest, and by
# hand.
BY_MODULE = {adapter.RNN: (ModuleRnn, None), adapter.GRU: (ModuleGru, ModuleGruInference)}
BY_HAND = {
    adapter.BIGRAM: (Bigram, None),
    adapter.MLP: (Mlp, MlpInference),
    adapter.RNN: (LoopRnn, LoopRnnInference),
    adapter.GRU: (LoopGru, LoopGruInference),
}


def make_task(work, module):
    trains, runs = (BY_MODULE if module else BY_HAND).get(work.cell, (None, None))
    made = trains if work.batches else runs
    return made and made(work)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    MODULE = sys.argv[2] == "module"
    adapter.run(
        f"PyTorch {torch.__version__}, {'nn.RNN and nn.GRU' if MODULE else 'by hand'}",
        sys.argv[1],
        lambda work: make_task(work, MODULE),
        lambda work: None if MODULE else IntegerProduct(work),
    )
