#include "errors.h"

#include <cstdarg>
#include <cstdio>
#include <system_error>
#include <vector>

namespace mote::cli {

std::string formatted(const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = std::vsnprintf(nullptr, 0, format, arguments);
    va_end(arguments);
    std::vector<char> room(static_cast<size_t>(length) + 1);
    std::vsnprintf(room.data(), room.size(), format, again);
    va_end(again);
    return {room.data(), static_cast<size_t>(length)};
}

std::string listed(const std::vector<std::string> &names, const char *last) {
    std::string list;
    for (size_t i = 0; i < names.size(); ++i) list += (i == 0 ? "" : i + 1 == names.size() ? last : ", ") + names[i];
    return list;
}

std::string system_text(int error) { return std::generic_category().message(error); }

static const char *meaning(mote_status status) {
    switch (status) {
    case MOTE_OK:
        return "no error";
    case MOTE_ERR_ARG:
        return "an argument that cannot be used";
    case MOTE_ERR_ARENA:
        return "not enough memory in the arena";
    case MOTE_ERR_ALIGN:
        return "memory that is not aligned";
    case MOTE_ERR_FORMAT:
        return "not a mote model, or cut short";
    case MOTE_ERR_VERSION:
        return "a mote model of another format version";
    case MOTE_ERR_CHECKSUM:
        return "damaged, its checksum does not match";
    case MOTE_ERR_TOKEN:
        return "a character that the model does not have";
    case MOTE_ERR_NUMERIC:
        return "NaN, infinity or a number out of range";
    case MOTE_ERR_TEXT:
        return "not UTF-8";
    case MOTE_ERR_CAPACITY:
        return "too large";
    case MOTE_ERR_WRITE:
        return "cannot be written";
    case MOTE_ERR_SELFTEST:
        return "computes other bits here than where it was saved";
    case MOTE_ERR_UNSUPPORTED:
        return "made by a later version of mote, or not supported by this build";
    case MOTE_ERR_MISSING:
        return "does not contain what was asked for";
    case MOTE_ERR_SIZE:
        return "needs more than 4 GiB, which mote does not handle";
    case MOTE_ERR_SEQUENCE:
        return "called out of order";
    case MOTE_ERR_PARALLEL:
        return "a thread left out a part of the work";
    case MOTE_ERR_READ:
        return "cannot be read";
    case MOTE_ERR_BASE:
        return "an adapter of another base";
    }
    return "unknown error";
}

std::string status_text(mote_status status) {
    return std::string(meaning(status)) + " (" + mote_status_name(status) + ")";
}

void check(mote_status status, const std::string &what) {
    if (status == MOTE_OK) return;
    std::string message = what + ": " + status_text(status);
    if (status == MOTE_ERR_NUMERIC) throw NotFinite(message);
    throw Failure(message);
}

} // namespace mote::cli
