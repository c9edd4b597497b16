#!/usr/bin/python3
"""make_containers.py FOLDER

Writes the files that the tests of readers read, with NumPy and PyTorch 1.13 themselves (python3-numpy, python3-torch).
Element i, in row-major order, of a tensor of real numbers is i / 2 - 1, of whole numbers i (signed ones: i - 2) and of
booleans whether i is odd, so that every type holds it exactly.
"""
import collections
import io
import json
import os
import struct
import sys
import zipfile

import numpy as np
import torch

SAFETENSORS_NAMES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8",
    "uint64": "U64", "uint32": "U32", "uint16": "U16", "uint8": "U8", "bool": "BOOL"}


def values(dtype, shape):
    i = np.arange(int(np.prod(shape))).reshape(shape)
    kind = np.dtype(dtype).kind
    return {"f": i / 2 - 1, "i": i - 2, "u": i, "b": i % 2 == 1}[kind].astype(dtype)


def every_type():
    return {name: values(name, (2, 3)) for name in SAFETENSORS_NAMES}


def brain_floats(array):
    return (array.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()


def safetensors(entries, metadata=None):
    """entries: (name, dtype, shape, bytes)"""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, dtype, shape, held in entries:
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [len(data), len(data) + len(held)]}
        data += held
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def write_safetensors(write):
    entries = [(n, SAFETENSORS_NAMES[n], a.shape, a.tobytes()) for n, a in every_type().items()]
    entries.append(("bfloat16", "BF16", (2, 3), brain_floats(values("f4", (2, 3)))))
    entries.append(("scalar", "F32", (), values("f4", ()).tobytes()))
    entries.append(("empty", "F32", (0, 3), b""))
    entries.append(("float8", "F8_E4M3", (2, 3), bytes(6)))
    write("types.safetensors", safetensors(entries, {"format": "pt"}))


def npz(arrays, save=np.savez):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def npy(array, version):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def zipped(entries, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, held in entries:
            archive.writestr(zipfile.ZipInfo(name), held, compression)
    return file.getvalue()


def write_numpy(write):
    write("types.npz", npz(every_type()))
    write("deflated.npz", npz(dict(every_type(), zeros=np.zeros((64, 64), "f4")), np.savez_compressed))
    write("big_endian.npz", npz({n: a.astype(a.dtype.newbyteorder(">")) for n, a in every_type().items()}))
    write("fortran.npz", npz({"matrix": np.asfortranarray(values("f4", (2, 3))),
                              "cube": np.asfortranarray(values("f4", (2, 3, 4)))}))
    write("shapes.npz", npz({"scalar": values("f4", ()), "empty": values("f4", (0, 3)), "cube": values("f4", (2, 3, 4))}))
    write("other.npz", npz({"W": values("f4", (2, 3)), "letters": np.array(["a", "b"]), "complex": np.ones(2, "c8")}))
    write("objects.npz", npz({"W": np.array([{}, 1], dtype=object)}))
    write("records.npz", npz({"W": np.zeros(2, [("a", "f4"), ("b", "i4")])}))
    write("bzip2.npz", zipped([("W.npy", npy(values("f4", (2, 3)), (1, 0)))], zipfile.ZIP_BZIP2))
    write("stray.npz", zipped([("W.npy", npy(values("f4", (2, 3)), (1, 0))), ("notes.txt", b"hello")]))
    for version in (1, 2, 3):
        write(f"folder/version{version}.npy", npy(values("f4", (2, 3)), (version, 0)))


def torch_types():
    tensors = {n: torch.from_numpy(a) for n, a in every_type().items() if n not in ("uint64", "uint32", "uint16")}
    tensors["bfloat16"] = torch.from_numpy(values("f4", (2, 3))).to(torch.bfloat16)
    tensors["scalar"] = torch.tensor(-1.0)
    tensors["empty"] = torch.zeros(0, 3)
    return tensors


def views():
    matrix = torch.from_numpy(values("f4", (2, 3)))
    apart = torch.zeros(4, 5)
    apart[1:3, 1:4] = matrix
    return collections.OrderedDict(tied=matrix, tied_too=matrix, transposed=matrix.t().contiguous().t(),
                                   within=apart[1:3, 1:4], parameter=torch.nn.Parameter(matrix))


def saved(thing, legacy=False, protocol=2):
    file = io.BytesIO()
    torch.save(thing, file, _use_new_zipfile_serialization=not legacy, pickle_protocol=protocol)
    return file.getvalue()


def rebuilt(archive, change):
    """A zip file with its entries changed: change(name, held) yields (name, held)."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped([new for name in old.namelist() for new in change(name, old.read(name))])


def made_big_endian(name, held):
    if "/data/" in name:
        held = np.frombuffer(held, "<f4").astype(">f4").tobytes()
    yield name, held
    if name.endswith("/version"):
        yield name.replace("version", "byteorder"), b"big"


class Command:
    def __reduce__(self):
        return os.system, ("echo executed",)


def write_torch(write):
    layer = torch.nn.Linear(3, 2)
    with torch.no_grad():
        layer.weight[:] = torch.from_numpy(values("f4", (2, 3)))
        layer.bias[:] = torch.from_numpy(values("f4", (2,)))
    state = layer.state_dict()
    checkpoint = {"epoch": 3, "loss": 0.25, "note": "ok", "none": None, "best": True, "shape": layer.weight.shape,
                  "device": torch.device("cpu"), "model_state_dict": state, "parts": {"a": state, "b": {}, "c": dict(state)},
                  "optimizer": torch.optim.Adagrad(layer.parameters()).state_dict()}
    for name, legacy in (("", False), ("_legacy", True)):
        write(f"types{name}.pt", saved(torch_types(), legacy))
        write(f"views{name}.pt", saved(views(), legacy))
        write(f"checkpoint{name}.pt", saved(checkpoint, legacy))
        for protocol in (3, 4, 5):
            write(f"protocol{protocol}{name}.pt", saved(state, legacy, protocol))
    write("mixed.pt", saved({"W": layer.weight.detach(), "epoch": 3}))
    write("one_tensor.pt", saved(layer.weight.detach()))
    write("whole_model.pt", saved(torch.nn.Sequential(layer)))
    write("command.pt", saved({"W": layer.weight.detach(), "args": Command()}))
    write("script.pt", script(layer))
    write("keras_archive.keras", zipped([("metadata.json", b"{}"), ("config.json", b"{}"), ("model.weights.h5", b"\x89HDF")]))
    write("exported.pt2", zipped([("version", b"1"), ("serialized_exported_program.json", b"{}")]))
    write("big_endian.pt", rebuilt(saved({"W": torch.from_numpy(values("f4", (2, 3)))}), made_big_endian))


def script(layer):
    file = io.BytesIO()
    torch.jit.save(torch.jit.trace(layer, torch.zeros(1, 3)), file)
    return rebuilt(file.getvalue(), lambda name, held: [] if "debug_pkl" in name else [(name, held)])


def main():
    folder = sys.argv[1]

    def write(name, held):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(held)

    write_safetensors(write)
    write_numpy(write)
    write_torch(write)


if __name__ == "__main__":
    main()
