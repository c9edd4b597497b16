#include "assemble.h"
#include "fuzz_bounds.h"
#include "onnx_file.h"
#include "recognise.h"

#include <numeric>

using namespace mote::cli;

static TokenOrder letters(uint32_t count) {
    TokenOrder order;
    for (uint32_t i = 0; i < count; ++i) order.code_points.push_back('a' + i);
    order.theirs.resize(count);
    std::iota(order.theirs.begin(), order.theirs.end(), 0u);
    order.ours = order.theirs;
    return order;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    mote_test::hold_reader(200 * size + mote_test::fuzz_constant,
                           [&] { return read_onnx(bytes, "/nowhere/model.onnx"); });
    /* And what is made of it, of 27 characters as the seeds are. The model's own memory is bounded by the weights. */
    mote_test::hold(400 * size + 4 * mote_test::fuzz_constant, [&] {
        const ForeignFile file = read_onnx(bytes, "/nowhere/model.onnx");
        const Plan plan = make_plan(file, recognise(file, {}), 27, {});
        assemble(plan, letters(27));
    });
    return 0;
}
