"""The gated recurrent unit by hand in numpy."""
import numpy as np

from numpy_model import Inference, InOrderOfTime


def sigmoid(x):
    """In place."""
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1
    np.reciprocal(x, out=x)


class Gru(InOrderOfTime):
    """Of each character the four sums of the units side by side: n's of the input, r, z, n's of the state, so that each
    product has all three gates. The gradients take their places."""

    def __init__(self, work):
        super().__init__(work)
        hidden = work.hidden
        self.sums = np.empty((work.time_steps, work.batch, 4 * hidden), np.float32)
        self.states = np.empty((work.batch, 3 * hidden), np.float32)
        self.table = np.empty((work.vocab, 4 * hidden), np.float32)
        self.g_in = np.empty((work.vocab, 3 * hidden), np.float32)
        self.t1, self.t2 = np.empty_like(self.h[0]), np.empty_like(self.h[0])

    def forward(self, tokens):
        h, sums, hidden = self.h, self.sums, self.work.hidden
        fill_gru_table(self.table, self.w)
        np.take(self.table, tokens, axis=0, out=sums.reshape(-1, 4 * hidden), mode="clip")
        for t in range(self.work.time_steps):
            now = sums[t, :, hidden:]
            now += np.dot(h[t], self.w["weight_hh_l0"].T, out=self.states)
            gru_gates(sums[t], h[t], h[t + 1])

    def step_back(self, t):
        """Sums become their gradients; what reaches the state before without the product is added to its own."""
        d, before, hidden, t1, t2 = self.d[t], self.h[t], self.work.hidden, self.t1, self.t2
        n, r, z, state = (self.sums[t, :, i * hidden : (i + 1) * hidden] for i in range(4))
        if t > 0:
            self.d[t - 1] += np.multiply(d, z, out=t1)
        np.subtract(1, z, out=t1)
        np.subtract(before, n, out=t2)
        t2 *= z
        z[...] = t2
        z *= t1
        z *= d
        t1 *= d
        np.multiply(n, n, out=n)
        np.subtract(1, n, out=n)
        n *= t1
        np.subtract(1, r, out=t1)
        t1 *= state
        t1 *= r
        np.multiply(n, r, out=state)
        np.multiply(n, t1, out=r)

    def step(self, tokens, spread, targets):
        w, g, work, d, hidden = self.w, self.g, self.work, self.d, self.work.hidden
        self.h[0] = self.h[-1]
        self.forward(tokens)
        outputs = self.h[1:].reshape(-1, hidden)
        np.dot(outputs, w["weight_out"].T, out=self.logits)
        self.logits += w["bias_out"]
        loss = self.cross_entropy(self.logits, targets)

        np.dot(self.logits.T, outputs, out=g["weight_out"])
        self.logits.sum(axis=0, out=g["bias_out"])
        np.dot(self.logits, w["weight_out"], out=d.reshape(-1, hidden))
        for t in range(work.time_steps - 1, -1, -1):
            if t + 1 < work.time_steps:
                d[t] += np.dot(self.sums[t + 1, :, hidden:], w["weight_hh_l0"], out=self.back)
            self.step_back(t)
        sums = self.sums.reshape(-1, 4 * hidden)
        np.dot(sums[:, hidden:].T, self.h[:-1].reshape(-1, hidden), out=g["weight_hh_l0"])
        np.dot(spread, sums[:, : 3 * hidden], out=self.g_in)
        self.to_r_z_n(self.g_in.T, g["weight_ih_l0"])
        self.to_r_z_n(sums[:, : 3 * hidden].sum(axis=0), g["bias_ih_l0"])
        sums[:, 3 * hidden :].sum(axis=0, out=g["bias_hn_l0"])
        return loss

    def to_r_z_n(self, made, to):
        hidden = self.work.hidden
        to[: 2 * hidden], to[2 * hidden :] = made[hidden:], made[:hidden]


def fill_gru_table(table, w):
    """A row of the four sums for each character, biases included."""
    hidden = len(w["bias_hn_l0"])
    inputs, bias = w["weight_ih_l0"].T, w["bias_ih_l0"]
    np.add(inputs[:, 2 * hidden :], bias[2 * hidden :], out=table[:, :hidden])
    np.add(inputs[:, : 2 * hidden], bias[: 2 * hidden], out=table[:, hidden : 3 * hidden])
    table[:, 3 * hidden :] = w["bias_hn_l0"]


def gru_gates(sums, before, after):
    """The sums of r, z and n become their values, and `after` the next state."""
    hidden = before.shape[-1]
    n, state = sums[..., :hidden], sums[..., 3 * hidden :]
    sigmoid(sums[..., hidden : 3 * hidden])
    r, z = sums[..., hidden : 2 * hidden], sums[..., 2 * hidden : 3 * hidden]
    np.multiply(r, state, out=after)
    n += after
    np.tanh(n, out=n)
    np.subtract(before, n, out=after)
    after *= z
    after += n


class GruInference(Inference):
    def __init__(self, work):
        super().__init__(work)
        self.table = np.empty((work.vocab, 4 * work.hidden), np.float32)
        fill_gru_table(self.table, self.w)
        self.sums = np.empty(4 * work.hidden, np.float32)
        self.states = np.empty(3 * work.hidden, np.float32)
        self.spare = np.empty_like(self.hidden[0])

    def read(self, token):
        h, sums = self.hidden[0], self.sums
        sums[...] = self.table[token]
        sums[len(h) :] += np.dot(self.w["weight_hh_l0"], h, out=self.states)
        gru_gates(sums, h, self.spare)
        self.hidden[0], self.spare = self.spare, h
        np.dot(self.w["weight_out"], self.hidden[0], out=self.logits)
        self.logits += self.w["bias_out"]
