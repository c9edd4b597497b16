#include "fuzz_bounds.h"
#include "safetensors_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    mote_test::hold_reader(32 * size + mote_test::fuzz_constant, [&] { return mote::cli::read_safetensors(bytes); });
    return 0;
}
