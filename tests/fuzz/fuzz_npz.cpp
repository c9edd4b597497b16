#include "fuzz_bounds.h"
#include "numpy_file.h"
#include "zip_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string bytes = mote_test::with_right_checksums({reinterpret_cast<const char *>(data), size});
    const uint64_t unpacked = mote_test::unpacked_size(bytes);
    mote_test::hold_reader(16 * size + unpacked + mote_test::fuzz_zip_constant,
                           [&] { return mote::cli::read_npz(bytes); });
    return 0;
}
