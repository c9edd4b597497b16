#include "training_job.h"

#include "errors.h"
#include "results.h"
#include "run_program.h"

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

} // namespace

std::optional<JobResult> run_training(const std::vector<std::string> &command, const Stop &stop) {
    std::optional<Ended> ended = run_program(command, "", stop);
    if (!ended) throw Failure(command[0] + ": cannot be started");
    if (ended->exit_code != 0 && stop()) return std::nullopt;
    return result_of(*ended);
}

void check_program(const std::string &program) {
    std::optional<Ended> ended = run_program({program, "--version"}, "");
    if (!ended) throw UsageError(program + ": is no program that can be started; give --program another");
    if (ended->exit_code != 0 || ended->out.rfind("mote ", 0) != 0)
        throw UsageError(program + ": is no program mote, since --version does not say so; give --program another");
}

} // namespace mote::cli
