#include "run_record.h"

#include <cstring>

namespace mote::cli {

static_assert(sizeof(RunRecord) == 128, "the record's layout is that of the file");

static constexpr uint32_t run_section = MOTE_SECTION_ID('r', 'u', 'n', '1');

mote_section section_of(const RunRecord &run) { return {run_section, &run, sizeof run}; }

mote_status read_run_record(const void *blob, size_t bytes, RunRecord &run) {
    const void *data = nullptr;
    size_t size = 0;
    mote_status status = mote_blob_section(blob, bytes, run_section, &data, &size);
    if (status != MOTE_OK) return status;
    if (size != sizeof run) return MOTE_ERR_FORMAT;
    std::memcpy(&run, data, sizeof run);
    return MOTE_OK;
}

} // namespace mote::cli
