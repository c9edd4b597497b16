#include "fuzz_bounds.h"
#include "torch_file.h"
#include "zip_archive.h"
#include "zip_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string bytes = mote_test::with_right_checksums({reinterpret_cast<const char *>(data), size});
    const bool zip = mote::cli::is_zip(bytes);
    const uint64_t unpacked = zip ? mote_test::unpacked_size(bytes) : 0;
    const uint64_t constant = zip ? mote_test::fuzz_zip_constant : mote_test::fuzz_constant;
    for (const char *key : {"", "model_state_dict", "parts.a"}) {
        mote_test::hold_reader(128 * (size + unpacked) + constant, [&] { return mote::cli::read_torch(bytes, key); });
    }
    return 0;
}
