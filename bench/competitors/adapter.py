"""What adapters in Python have in common: the protocol of adapter.h, and the files of mote_adapter --write."""
import array
import gc
import os
import sys
import time

BIGRAM, MLP, RNN, GRU = 1, 2, 3, 4  # as in mote.h
TANH, RELU = 1, 2
SGD, ADAGRAD, ADAMW = 0, 2, 3
LOSS_SUM = 1


class Work:
    """A workload: its settings as attributes, its tensors as (name, rows, columns, values), its tokens in an array."""

    def __init__(self, folder, name):
        self.tensors = []
        shapes = []
        with open(os.path.join(folder, name + ".txt"), encoding="utf-8") as file:
            for line in file:
                key, _, value = line.strip().partition(" ")
                if key == "tensor":
                    tensor, rows, columns = value.split()
                    shapes.append((tensor, int(rows), int(columns)))
                elif key == "what":
                    self.what = value
                else:
                    number = float(value)
                    setattr(self, key, int(number) if number.is_integer() else number)
        weights = read_array(os.path.join(folder, name + ".f32"), "f")
        start = 0
        for tensor, rows, columns in shapes:
            self.tensors.append((tensor, rows, columns, weights[start : start + rows * columns]))
            start += rows * columns
        self.tokens = read_array(os.path.join(folder, name + ".u16"), "H")

    def batch_of(self, index):
        """Tokens and targets of a batch, row by row."""
        row = self.time_steps + max(self.context, 1) - 1
        tokens, targets = self.batch * row, self.batch * self.time_steps
        first, last = index * tokens, self.batches * tokens + index * targets
        return self.tokens[first : first + tokens], self.tokens[last : last + targets]


def read_array(path, kind):
    values = array.array(kind)
    with open(path, "rb") as file:
        values.frombytes(file.read())
    return values


def run(name, folder, make_task, make_integers=lambda work: None):
    """make_task(work) gives an object with run(steps), which returns what losses(results) turns into floats outside the
    clock; or None where the adapter cannot do it; make_integers(work) the same of a product of small integers. Bare
    products of floats are for others."""
    tasks = {}
    print("ready", name, flush=True)
    for line in sys.stdin:
        what, work, *steps = line.split()
        if what == "check" or work not in tasks:
            settings = Work(folder, work)
            if settings.product:
                tasks[work] = make_integers(settings) if settings.product_integers else None
            else:
                tasks[work] = make_task(settings)
        task = tasks[work]
        if what == "limit" or task is None:
            print("cannot", flush=True)
        elif what == "check":
            print("losses", *(f"{loss:.9g}" for loss in task.losses(task.run(int(steps[0])))), flush=True)
        else:
            gc.collect()
            gc.disable()
            start = time.process_time()
            results = task.run(int(steps[0]))
            print("seconds", time.process_time() - start, flush=True)
            gc.enable()
            del results
