#!/usr/bin/python3
"""numpy_adapter.py FOLDER: the workloads by hand in numpy, as somebody would write them who wants them fast.

Products are over all characters at once wherever time allows, results go into arrays that are there already, and one
flat array of parameters makes an optimizer a few calls."""
import sys

import numpy as np

import adapter


class Parameters:
    """Weights and gradients, each one flat array with a view for each tensor."""

    def __init__(self, work):
        count = sum(rows * columns for _, rows, columns, _ in work.tensors)
        self.flat, self.gradients = np.empty(count, np.float32), np.zeros(count, np.float32)
        self.w, self.g = {}, {}
        start = 0
        for name, rows, columns, values in work.tensors:
            end, shape = start + rows * columns, (rows, columns) if columns > 1 else (rows,)
            self.flat[start:end] = values
            self.w[name], self.g[name] = self.flat[start:end].reshape(shape), self.gradients[start:end].reshape(shape)
            start = end


class Optimizer:
    def __init__(self, work, parameters):
        self.work, self.p, self.g = work, parameters.flat, parameters.gradients
        self.m, self.v, self.t1, self.t2 = (np.zeros_like(self.p) for _ in range(4))
        self.step_number = 0
        self.update = {adapter.SGD: self.sgd, adapter.ADAGRAD: self.adagrad, adapter.ADAMW: self.adamw}[work.optimizer]

    def step(self):
        work, g = self.work, self.g
        if work.clip_value:
            np.clip(g, -work.clip_value, work.clip_value, out=g)
        if work.clip_norm:
            factor = work.clip_norm / (float(np.dot(g, g)) ** 0.5 + 1e-6)
            if factor < 1:
                g *= np.float32(factor)
        self.update()

    def sgd(self):
        np.multiply(self.g, np.float32(self.work.learning_rate), out=self.t1)
        self.p -= self.t1

    def adagrad(self):
        np.multiply(self.g, self.g, out=self.t1)
        self.v += self.t1
        np.add(self.v, np.float32(self.work.eps), out=self.t1)
        np.sqrt(self.t1, out=self.t1)
        np.divide(self.g, self.t1, out=self.t1)
        self.t1 *= np.float32(self.work.learning_rate)
        self.p -= self.t1

    def adamw(self):
        work, g, m, v, t1, t2 = self.work, self.g, self.m, self.v, self.t1, self.t2
        self.step_number += 1
        m *= np.float32(work.beta1)
        np.multiply(g, np.float32(1 - work.beta1), out=t1)
        m += t1
        v *= np.float32(work.beta2)
        np.multiply(g, g, out=t1)
        t1 *= np.float32(1 - work.beta2)
        v += t1
        np.sqrt(v, out=t1)
        t1 *= np.float32((1 - work.beta2**self.step_number) ** -0.5)
        t1 += np.float32(work.eps)
        np.divide(m, t1, out=t2)
        t2 *= np.float32(work.learning_rate / (1 - work.beta1**self.step_number))
        self.p *= np.float32(1 - work.learning_rate * work.weight_decay)
        self.p -= t2


def one_hot(tokens, vocab):
    made = np.zeros((len(tokens), vocab), np.float32)
    made[np.arange(len(tokens)), tokens] = 1
    return made


class Training:
    """What models have in common: batches in turn, a loss from logits."""

    def __init__(self, work):
        self.work, self.next, self.batches = work, 0, []
        self.parameters = Parameters(work)
        self.w, self.g = self.parameters.w, self.parameters.g
        self.optimizer = Optimizer(work, self.parameters)
        self.rows = np.arange(work.batch * work.time_steps)
        self.scale = np.float32(1 if work.loss == adapter.LOSS_SUM else 1 / len(self.rows))
        for i in range(work.batches):
            tokens, targets = (np.array(half, np.int64).reshape(work.batch, -1) for half in work.batch_of(i))
            self.batches.append(self.prepare(tokens, targets))

    def run(self, steps):
        results = []
        for _ in range(steps):
            results.append(self.step(*self.batches[self.next]))
            self.optimizer.step()
            self.next = (self.next + 1) % len(self.batches)
        return results

    def losses(self, results):
        return [float(result) for result in results]

    def cross_entropy(self, logits, targets):
        """The loss; logits become their gradients."""
        logits -= logits.max(axis=1, keepdims=True)
        right = logits[self.rows, targets]
        np.exp(logits, out=logits)
        sums = logits.sum(axis=1, keepdims=True)
        loss = (np.log(sums).sum() - right.sum()) * self.scale
        np.divide(self.scale, sums, out=sums)
        logits *= sums
        logits[self.rows, targets] -= self.scale
        return loss


class Bigram(Training):
    def prepare(self, tokens, targets):
        return tokens.ravel(), one_hot(tokens.ravel(), self.work.vocab).T.copy(), targets.ravel()

    def step(self, tokens, spread, targets):
        logits = self.w["logits"][tokens]
        loss = self.cross_entropy(logits, targets)
        np.dot(spread, logits, out=self.g["logits"])
        return loss


class Mlp(Training):
    def __init__(self, work):
        super().__init__(work)
        rows = work.batch * work.time_steps
        self.h = [np.empty((rows, work.hidden), np.float32) for _ in range(work.layers)]
        self.d = [np.empty_like(h) for h in self.h]
        self.logits = np.empty((rows, work.vocab), np.float32)
        self.dx = np.empty((rows, work.context * work.embed), np.float32)

    def prepare(self, tokens, targets):
        return tokens, one_hot(tokens.ravel(), self.work.vocab).T.copy(), targets.ravel()

    def step(self, tokens, spread, targets):
        w, g, layers, relu = self.w, self.g, self.work.layers, self.work.activation == adapter.RELU
        x = w["embedding"][tokens].reshape(len(tokens), -1)
        inputs = [x] + self.h
        for l in range(layers):
            np.dot(inputs[l], w[f"weight_l{l}"].T, out=self.h[l])
            self.h[l] += w[f"bias_l{l}"]
            if relu:
                np.maximum(self.h[l], 0, out=self.h[l])
            else:
                np.tanh(self.h[l], out=self.h[l])
        np.dot(self.h[-1], w["weight_out"].T, out=self.logits)
        self.logits += w["bias_out"]
        loss = self.cross_entropy(self.logits, targets)

        d, weight = self.logits, w["weight_out"]
        np.dot(d.T, self.h[-1], out=g["weight_out"])
        d.sum(axis=0, out=g["bias_out"])
        for l in reversed(range(layers)):
            np.dot(d, weight, out=self.d[l])
            d, h = self.d[l], self.h[l]
            d *= h > 0 if relu else 1 - h * h
            np.dot(d.T, inputs[l], out=g[f"weight_l{l}"])
            d.sum(axis=0, out=g[f"bias_l{l}"])
            weight = w[f"weight_l{l}"]
        np.dot(d, weight, out=self.dx)
        np.dot(spread, self.dx.reshape(-1, self.work.embed), out=g["embedding"])
        return loss


class Rnn(Training):
    """Rows in order of time, so that the matrices of one character, and of all, are slices without a copy."""

    def __init__(self, work):
        super().__init__(work)
        self.h = np.zeros((work.time_steps + 1, work.batch, work.hidden), np.float32)
        self.d = np.empty((work.time_steps, work.batch, work.hidden), np.float32)
        self.back = np.empty((work.batch, work.hidden), np.float32)
        self.slopes = np.empty_like(self.d)
        self.logits = np.empty((work.time_steps * work.batch, work.vocab), np.float32)
        # The gradients of inputs are summed over all tokens by a product, which is transposed back into its place.
        self.g_in = np.empty((work.vocab, work.hidden), np.float32)

    def prepare(self, tokens, targets):
        tokens = tokens.T.ravel()
        return tokens, one_hot(tokens, self.work.vocab).T.copy(), targets.T.ravel()

    def step(self, tokens, spread, targets):
        w, g, work, h, d = self.w, self.g, self.work, self.h, self.d
        recurrent = w["weight_hh_l0"].T
        h[0] = h[-1]
        inputs = w["weight_ih_l0"].T[tokens]
        inputs += w["bias_l0"]
        inputs = inputs.reshape(d.shape)
        for t in range(work.time_steps):
            now = np.dot(h[t], recurrent, out=h[t + 1])
            now += inputs[t]
            np.tanh(now, out=now)
        outputs = h[1:].reshape(-1, work.hidden)
        np.dot(outputs, w["weight_out"].T, out=self.logits)
        self.logits += w["bias_out"]
        loss = self.cross_entropy(self.logits, targets)

        np.dot(self.logits.T, outputs, out=g["weight_out"])
        self.logits.sum(axis=0, out=g["bias_out"])
        flat = d.reshape(-1, work.hidden)
        np.dot(self.logits, w["weight_out"], out=flat)
        np.multiply(h[1:], h[1:], out=self.slopes)
        np.subtract(1, self.slopes, out=self.slopes)
        d[-1] *= self.slopes[-1]
        for t in range(work.time_steps - 2, -1, -1):
            d[t] += np.dot(d[t + 1], w["weight_hh_l0"], out=self.back)
            d[t] *= self.slopes[t]
        np.dot(flat.T, h[:-1].reshape(-1, work.hidden), out=g["weight_hh_l0"])
        np.dot(spread, flat, out=self.g_in)
        g["weight_ih_l0"][...] = self.g_in.T
        flat.sum(axis=0, out=g["bias_l0"])
        return loss


class Inference:
    def __init__(self, work):
        self.work, self.next, self.text = work, 0, list(work.tokens)
        self.w = Parameters(work).w
        self.logits = np.empty(work.vocab, np.float32)
        self.exps = np.empty_like(self.logits)
        self.hidden = [np.zeros(work.hidden, np.float32) for _ in range(work.layers)]

    def run(self, steps):
        results = []
        for _ in range(steps):
            self.read(self.text[self.next])
            results.append(self.surprise(self.text[self.next + 1]))
            self.next = (self.next + 1) % (len(self.text) - 1)
        return results

    def losses(self, results):
        return [float(result) for result in results]

    def surprise(self, target):
        logits = self.logits
        most = logits.max()
        np.subtract(logits, most, out=self.exps)
        right = self.exps[target]
        np.exp(self.exps, out=self.exps)
        return np.log(self.exps.sum()) - right


class RnnInference(Inference):
    def __init__(self, work):
        super().__init__(work)
        # A row a character, its bias in it.
        self.table = list(np.ascontiguousarray(self.w["weight_ih_l0"].T) + self.w["bias_l0"])
        self.spare = np.empty_like(self.hidden[0])

    def read(self, token):
        h = np.dot(self.w["weight_hh_l0"], self.hidden[0], out=self.spare)
        h += self.table[token]
        np.tanh(h, out=h)
        self.hidden[0], self.spare = h, self.hidden[0]
        np.dot(self.w["weight_out"], h, out=self.logits)
        self.logits += self.w["bias_out"]


class MlpInference(Inference):
    def __init__(self, work):
        super().__init__(work)
        self.window = np.tile(self.w["embedding"][0], work.context)

    def read(self, token):
        w, relu, embed = self.w, self.work.activation == adapter.RELU, self.work.embed
        self.window[:-embed] = self.window[embed:]
        self.window[-embed:] = w["embedding"][token]
        x = self.window
        for l, h in enumerate(self.hidden):
            np.dot(w[f"weight_l{l}"], x, out=h)
            h += w[f"bias_l{l}"]
            if relu:
                np.maximum(h, 0, out=h)
            else:
                np.tanh(h, out=h)
            x = h
        np.dot(w["weight_out"], x, out=self.logits)
        self.logits += w["bias_out"]


def make_task(work):
    if work.batches:
        return {adapter.BIGRAM: Bigram, adapter.MLP: Mlp, adapter.RNN: Rnn}[work.cell](work)
    return {adapter.MLP: MlpInference, adapter.RNN: RnnInference}[work.cell](work)


if __name__ == "__main__":
    adapter.run(f"numpy {np.__version__}", sys.argv[1], make_task)
