#include "training_job.h"

#include "errors.h"
#include "progress.h"
#include "results.h"
#include "run_program.h"

#include <chrono>
#include <thread>

namespace mote::cli {

namespace {

/* The last line of a text that ends in one. */
std::string last_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    size_t before = text.rfind('\n');
    return before == std::string::npos ? text : text.substr(before + 1);
}

std::string error_of(const Ended &ended) {
    const std::string prefix = "mote: ";
    if (ended.exit_code < 0) return "ended by a signal";
    std::string line = last_line(ended.err);
    if (line.rfind(prefix, 0) == 0) return line.substr(prefix.size());
    return formatted("exit status %d", ended.exit_code) + (line.empty() ? "" : ": " + line);
}

std::string value_of(const Json &json, const char *name) {
    if (!json.contains(name) || json[name].is_null()) return "";
    return json[name].is_string() ? json[name].get<std::string>() : json[name].dump();
}

JobResult result_of(const Ended &ended) {
    JobResult result;
    if (ended.exit_code != 0) {
        result.error = error_of(ended);
        return result;
    }
    Json json = Json::parse(last_line(ended.out), nullptr, false);
    if (!json.is_object()) {
        result.error = "printed no results";
        return result;
    }
    for (size_t i = 0; i < measure_count; ++i) result.values[i] = value_of(json, measures[i].json);
    return result;
}

/* Whether the training ended because the sweep is to end. A signal to all processes at once, as by Ctrl-C, may end the
 * training before this process has it. */
bool is_given_up(const Ended &ended, const Stop &stop) {
    constexpr double longest = 1;         /* second that such a signal takes */
    constexpr int least_of_signals = 129; /* as shells tell of a signal */
    if (ended.exit_code == 0) return false;
    const bool by_signal = ended.exit_code < 0 || ended.exit_code >= least_of_signals ||
                           last_line(ended.err).find(": stopped by ") != std::string::npos;
    for (const Stopwatch watch; by_signal && !stop() && watch.seconds() < longest;)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return stop();
}

} // namespace

std::optional<JobResult> run_training(const std::vector<std::string> &command, const Stop &stop) {
    std::optional<Ended> ended = run_program(command, "", stop);
    if (!ended) throw Failure(command[0] + ": cannot be started");
    if (is_given_up(*ended, stop)) return std::nullopt;
    return result_of(*ended);
}

void check_program(const std::string &program) {
    std::optional<Ended> ended = run_program({program, "--version"}, "");
    if (!ended) throw UsageError(program + ": is no program that can be started; give --program another");
    if (ended->exit_code != 0 || ended->out.rfind("mote ", 0) != 0)
        throw UsageError(program + ": is no program mote, since --version does not say so; give --program another");
}

} // namespace mote::cli
