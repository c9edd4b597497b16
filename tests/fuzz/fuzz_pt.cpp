#include "fuzz_bounds.h"
#include "torch_file.h"
#include "zip_archive.h"
#include "zip_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string bytes = mote_test::with_right_checksums({reinterpret_cast<const char *>(data), size});
    const uint64_t unpacked = mote::cli::is_zip(bytes) ? mote_test::unpacked_size(bytes) : 0;
    for (const char *key : {"", "model_state_dict", "parts.a"}) {
        mote_test::hold_reader(128 * (size + unpacked) + mote_test::fuzz_constant,
                               [&] { return mote::cli::read_torch(bytes, key); });
    }
    return 0;
}
