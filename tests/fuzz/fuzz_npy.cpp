#include "fuzz_bounds.h"
#include "numpy_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    mote_test::hold_reader(2 * size + mote_test::fuzz_constant, [&] {
        mote::cli::ForeignFile file;
        mote::cli::read_npy(file, bytes, "W");
        return file;
    });
    return 0;
}
