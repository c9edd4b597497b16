"""Files of weights as frameworks write them."""
import json
import struct

import torch

safetensors_names = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
                     torch.int8: "I8", torch.int32: "I32", torch.int64: "I64", torch.bool: "BOOL"}


def save_safetensors(path, state, in_order=False):
    """`in_order`: as the state_dict has them; else sorted by name, as the library does."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in state if in_order else sorted(state):
        tensor = state[name].contiguous()
        raw = (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()
        header[name] = {"dtype": safetensors_names[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)
