#pragma once

#include "message_codec.h"
#include "message_files.h"

namespace mote::cli {

/* Throws UsageError where a stream is asked for and something else that only packets have. */
void check_stream_options(const LinkOptions &link, const MessageFile &file, bool text);

} // namespace mote::cli
