#include "fuzz_bounds.h"
#include "map_file.h"
#include "plan.h"

using namespace mote::cli;

/* The tensors that the seeds name. */
static ForeignFile mapped() {
    static const double zeros[27 * 27] = {};
    ForeignFile file;
    for (const char *name : {"inner", "loop", "outer", "first", "second", "shift", "step"}) {
        ForeignTensor tensor;
        tensor.name = name;
        tensor.dtype = Dtype::f64;
        tensor.shape = file.tensors.size() < 3 ? std::vector<uint64_t>{27, 27} : std::vector<uint64_t>{27};
        tensor.strides = row_major(tensor.shape);
        tensor.data = reinterpret_cast<const unsigned char *>(zeros);
        file.tensors.push_back(tensor);
    }
    return file;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string text(reinterpret_cast<const char *>(data), size);
    mote_test::hold(200 * size + mote_test::fuzz_constant,
                    [&] { make_plan(mapped(), assignment_of_map(text), 27, {}); });
    return 0;
}
