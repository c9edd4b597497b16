#!/usr/bin/python3
"""numpy_adapter.py FOLDER: the workloads by hand in numpy, as somebody would write them who wants them fast.

Products are over all characters at once wherever time allows, results go into arrays that are there already, and one
flat array of parameters makes an optimizer a few calls."""
import sys

import numpy as np

import adapter
from numpy_gru import Gru, GruInference
from numpy_model import Inference, InOrderOfTime, Training, one_hot


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


class Rnn(InOrderOfTime):
    def __init__(self, work):
        super().__init__(work)
        self.slopes = np.empty_like(self.d)
        # The gradients of inputs are summed over all tokens by a product, which is transposed back into its place.
        self.g_in = np.empty((work.vocab, work.hidden), np.float32)

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
        return {adapter.BIGRAM: Bigram, adapter.MLP: Mlp, adapter.RNN: Rnn, adapter.GRU: Gru}[work.cell](work)
    return {adapter.MLP: MlpInference, adapter.RNN: RnnInference, adapter.GRU: GruInference}[work.cell](work)


if __name__ == "__main__":
    adapter.run(f"numpy {np.__version__}", sys.argv[1], make_task)
