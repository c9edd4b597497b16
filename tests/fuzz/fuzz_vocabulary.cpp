#include "fuzz_bounds.h"
#include "token_order.h"

using namespace mote::cli;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string text(reinterpret_cast<const char *>(data), size);
    const uint64_t most = 200 * size + mote_test::fuzz_constant;
    for (const std::optional<std::string> &boundary : {std::optional<std::string>{}, std::optional<std::string>{"."}}) {
        mote_test::hold(most, [&] { order_tokens(tokens_of_json(text), boundary); });
        mote_test::hold(most, [&] { order_tokens(tokens_of_text(text, 27), boundary); });
    }
    return 0;
}
