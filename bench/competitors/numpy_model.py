"""What the models by hand in numpy have in common: parameters and gradients, each in one array, so that an optimizer is a
few calls; batches in turn; a loss from logits."""
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


class InOrderOfTime(Training):
    """Rows in order of time, so that the matrices of one character, and of all, are slices without a copy."""

    def __init__(self, work):
        super().__init__(work)
        self.h = np.zeros((work.time_steps + 1, work.batch, work.hidden), np.float32)
        self.d = np.empty((work.time_steps, work.batch, work.hidden), np.float32)
        self.back = np.empty((work.batch, work.hidden), np.float32)
        self.logits = np.empty((work.time_steps * work.batch, work.vocab), np.float32)

    def prepare(self, tokens, targets):
        tokens = tokens.T.ravel()
        return tokens, one_hot(tokens, self.work.vocab).T.copy(), targets.T.ravel()


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
