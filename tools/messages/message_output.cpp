#include "message_output.h"

#include "errors.h"
#include "option_values.h"
#include "results.h"

namespace mote::cli {

MessageOutput::MessageOutput(const std::string &path) {
    if (!path.empty()) file_.emplace(path);
}

void MessageOutput::write(const std::string &bytes) {
    if (!file_) {
        print_bytes(bytes);
    } else if (!file_->write(bytes.data(), bytes.size())) {
        file_->commit(); /* which throws, since a write has failed */
    }
}

void MessageOutput::commit() {
    if (file_) file_->commit();
}

void add_message_output(CommandLine app, std::string &path, const std::string &what) {
    add_path(app, "-o,--output", path, "OUT", what + "; without it, the standard output");
}

void check_message_output(const std::string &path, const std::string &input, const std::string &model) {
    if (path.empty()) return;
    if (input != "-" && same_file(input, path))
        throw UsageError("--output: " + path + " is the file that is read; give another one");
    if (same_file(model, path)) throw UsageError("--output: " + path + " is the model; give another file");
}

} // namespace mote::cli
