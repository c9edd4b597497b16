#include "torch_globals.h"

#include "container.h"
#include "errors.h"

#include <cstring>
#include <iterator>

namespace mote::cli {

namespace {

using Role = TorchGlobal::Role;

constexpr TorchGlobal known[] = {
    {"torch._utils._rebuild_tensor_v2", Role::tensor},
    {"torch._utils._rebuild_tensor", Role::tensor},
    {"torch._utils._rebuild_tensor_v3", Role::tensor_of_type},
    {"torch._utils._rebuild_parameter", Role::parameter},
    {"torch._utils._rebuild_parameter_with_state", Role::parameter},
    {"torch.nn.parameter.Parameter", Role::parameter},
    {"torch.nn.Parameter", Role::parameter},
    {"torch.Size", Role::size},
    {"torch.device", Role::other},
    {"_codecs.encode", Role::other},
    {"__builtin__.set", Role::other},
    {"builtins.set", Role::other},
    {"torch.DoubleStorage", Role::storage, Dtype::f64, "float64", 8},
    {"torch.FloatStorage", Role::storage, Dtype::f32, "float32", 4},
    {"torch.HalfStorage", Role::storage, Dtype::f16, "float16", 2},
    {"torch.BFloat16Storage", Role::storage, Dtype::bf16, "bfloat16", 2},
    {"torch.LongStorage", Role::storage, Dtype::i64, "int64", 8},
    {"torch.IntStorage", Role::storage, Dtype::i32, "int32", 4},
    {"torch.ShortStorage", Role::storage, Dtype::i16, "int16", 2},
    {"torch.CharStorage", Role::storage, Dtype::i8, "int8", 1},
    {"torch.ByteStorage", Role::storage, Dtype::u8, "uint8", 1},
    {"torch.BoolStorage", Role::storage, Dtype::boolean, "bool", 1},
    {"torch.ComplexFloatStorage", Role::storage, Dtype::other, "complex64", 8},
    {"torch.ComplexDoubleStorage", Role::storage, Dtype::other, "complex128", 16},
    {"torch.UntypedStorage", Role::storage, Dtype::other, "bytes", 1},
    {"torch.storage.UntypedStorage", Role::storage, Dtype::other, "bytes", 1},
    {"torch.float64", Role::dtype, Dtype::f64, "float64", 8},
    {"torch.float32", Role::dtype, Dtype::f32, "float32", 4},
    {"torch.float16", Role::dtype, Dtype::f16, "float16", 2},
    {"torch.bfloat16", Role::dtype, Dtype::bf16, "bfloat16", 2},
    {"torch.int64", Role::dtype, Dtype::i64, "int64", 8},
    {"torch.int32", Role::dtype, Dtype::i32, "int32", 4},
    {"torch.int16", Role::dtype, Dtype::i16, "int16", 2},
    {"torch.int8", Role::dtype, Dtype::i8, "int8", 1},
    {"torch.uint64", Role::dtype, Dtype::u64, "uint64", 8},
    {"torch.uint32", Role::dtype, Dtype::u32, "uint32", 4},
    {"torch.uint16", Role::dtype, Dtype::u16, "uint16", 2},
    {"torch.uint8", Role::dtype, Dtype::u8, "uint8", 1},
    {"torch.bool", Role::dtype, Dtype::boolean, "bool", 1},
    {"torch.float8_e4m3fn", Role::dtype, Dtype::other, "float8_e4m3fn", 1},
    {"torch.float8_e5m2", Role::dtype, Dtype::other, "float8_e5m2", 1},
    {"torch.complex64", Role::dtype, Dtype::other, "complex64", 8},
    {"torch.complex128", Role::dtype, Dtype::other, "complex128", 16},
};

/* Every torch.nn.Module has this attribute, and a dictionary of tensors has none. */
bool is_whole_model(std::string_view pickle) { return pickle.find("_parameters") != std::string_view::npos; }

} // namespace

uint32_t torch_global_code(const std::string &name, std::string_view pickle) {
    for (size_t i = 0; i < std::size(known); ++i) {
        if (name == known[i].name) return static_cast<uint32_t>(i);
    }
    if (is_whole_model(pickle))
        throw Failure("holds a whole model, whose " + shown(name) +
                      " would have to be executed; save model.state_dict() instead");
    throw Failure("wants " + shown(name) + " to be executed, which is never done");
}

const TorchGlobal &torch_global(uint32_t code) { return known[code]; }

} // namespace mote::cli
