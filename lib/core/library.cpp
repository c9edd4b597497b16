// What of the C API belongs to no other folder: version, names, instruction sets.
#include "mote.h"

#include "kernels.h"

extern "C" {

uint32_t mote_version(void) { return MOTE_VERSION_NUMBER; }

const char *mote_status_name(mote_status status) {
    switch (status) {
    case MOTE_OK:
        return "MOTE_OK";
    case MOTE_ERR_ARG:
        return "MOTE_ERR_ARG";
    case MOTE_ERR_ARENA:
        return "MOTE_ERR_ARENA";
    case MOTE_ERR_ALIGN:
        return "MOTE_ERR_ALIGN";
    case MOTE_ERR_FORMAT:
        return "MOTE_ERR_FORMAT";
    case MOTE_ERR_VERSION:
        return "MOTE_ERR_VERSION";
    case MOTE_ERR_CHECKSUM:
        return "MOTE_ERR_CHECKSUM";
    case MOTE_ERR_TOKEN:
        return "MOTE_ERR_TOKEN";
    case MOTE_ERR_NUMERIC:
        return "MOTE_ERR_NUMERIC";
    case MOTE_ERR_TEXT:
        return "MOTE_ERR_TEXT";
    case MOTE_ERR_CAPACITY:
        return "MOTE_ERR_CAPACITY";
    case MOTE_ERR_WRITE:
        return "MOTE_ERR_WRITE";
    case MOTE_ERR_SELFTEST:
        return "MOTE_ERR_SELFTEST";
    case MOTE_ERR_UNSUPPORTED:
        return "MOTE_ERR_UNSUPPORTED";
    case MOTE_ERR_MISSING:
        return "MOTE_ERR_MISSING";
    case MOTE_ERR_SIZE:
        return "MOTE_ERR_SIZE";
    case MOTE_ERR_SEQUENCE:
        return "MOTE_ERR_SEQUENCE";
    case MOTE_ERR_PARALLEL:
        return "MOTE_ERR_PARALLEL";
    case MOTE_ERR_READ:
        return "MOTE_ERR_READ";
    case MOTE_ERR_BASE:
        return "MOTE_ERR_BASE";
    }
    return "MOTE_ERR_UNKNOWN";
}

const char *mote_isa(void) { return mote::cpu::isa_name(); }

mote_status mote_isa_force(const char *name) {
    if (name == nullptr) return MOTE_ERR_ARG;
    return mote::cpu::isa_force(name) ? MOTE_OK : MOTE_ERR_UNSUPPORTED;
}

const char *mote_isa_at(uint32_t index) { return mote::cpu::isa_at(index); }
}
