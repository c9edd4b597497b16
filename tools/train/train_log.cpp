#include "train_log.h"

#include "errors.h"
#include "files.h"
#include "system_files.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace mote::cli {

namespace {

constexpr const char *header = "step,loss,smoothed_loss,rate,grad_norm,train_loss,dev_loss,test_loss\n";

[[noreturn]] void fail_writing(const std::string &path) {
    throw Failure("cannot write " + path + ": " + system_text(errno));
}

/* The header and the whole rows of the first `steps` steps. */
std::string rows_until(uint64_t steps, const std::string &path) {
    std::string text = read_text(path);
    if (!text.empty() && text.rfind(header, 0) != 0) throw Failure(path + ": not a log of mote train to go on in");
    if (text.empty()) return header;
    size_t end = std::string(header).size();
    for (size_t next; (next = text.find('\n', end)) != std::string::npos; end = next + 1) {
        if (std::strtoull(text.c_str() + end, nullptr, 10) > steps) break;
    }
    return text.substr(0, end);
}

void write_whole(const std::string &path, const std::string &text) {
    OutputFile file(path);
    file.write(text.data(), text.size());
    file.commit();
}

} // namespace

TrainLog::TrainLog(const std::string &path, uint64_t steps_kept) : path_(path) {
    if (path.empty()) return;
    if (is_written_through(path)) {
        int descriptor = open_through(path);
        if (descriptor >= 0) file_ = ::fdopen(descriptor, "w");
        if (file_ != nullptr) std::fputs(header, file_);
    } else {
        std::error_code error;
        bool goes_on = steps_kept > 0 && std::filesystem::exists(std::filesystem::u8path(path), error);
        write_whole(path, goes_on ? rows_until(steps_kept, path) : header);
        file_ = open_to_append(path);
    }
    if (file_ == nullptr) fail_writing(path);
}

TrainLog::~TrainLog() {
    if (file_ != nullptr) std::fclose(file_);
}

void TrainLog::add(const LogRow &row) {
    if (file_ == nullptr) return;
    int wrote = std::fprintf(file_, "%llu,%.9g,%.17g,%.9g,%.9g", static_cast<unsigned long long>(row.step), row.loss,
                             row.smoothed, row.rate, row.norm);
    for (const std::optional<double> &loss : row.estimated.of) {
        if (wrote >= 0) wrote = loss ? std::fprintf(file_, ",%.17g", *loss) : std::fprintf(file_, ",");
    }
    if (wrote >= 0) wrote = std::fprintf(file_, "\n");
    if (wrote < 0) fail_writing(path_);
}

bool TrainLog::is_kept() const { return file_ != nullptr && !is_written_through(path_); }

void TrainLog::sync() {
    if (file_ == nullptr) return;
    if (std::fflush(file_) != 0) fail_writing(path_);
    if (!is_written_through(path_) && !sync_file(::fileno(file_))) fail_writing(path_);
}

} // namespace mote::cli
