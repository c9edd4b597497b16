#include "torch_globals.h"

#include "pickle.h"

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
    {"torch.QInt8Storage", Role::storage, Dtype::other, "qint8", 1},
    {"torch.QUInt8Storage", Role::storage, Dtype::other, "quint8", 1},
    {"torch.QInt32Storage", Role::storage, Dtype::other, "qint32", 4},
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

} // namespace

uint32_t torch_global_code(const std::string &name) {
    for (size_t i = 0; i < std::size(known); ++i) {
        if (name == known[i].name) return static_cast<uint32_t>(i);
    }
    return Pickle::unknown;
}

const TorchGlobal &torch_global(uint32_t code) { return known[code]; }

} // namespace mote::cli
