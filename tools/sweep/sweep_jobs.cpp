#include "sweep_jobs.h"

#include "corpus.h"
#include "errors.h"
#include "results.h"
#include "train_check.h"

namespace mote::cli {

namespace {

std::vector<std::string> options_of(const Sweep &sweep, const Point &point) {
    std::vector<std::string> options = sweep.options;
    for (size_t i = 0; i < point.size(); ++i) options.push_back("--" + sweep.keys[i] + "=" + point[i]);
    return options;
}

/* Says which point is refused. */
TrainOptions checked_point(const Sweep &sweep, const Point &point, const std::vector<std::string> &options) {
    const std::string name = point.empty() ? "" : " (of " + point_name(sweep.keys, point) + ")";
    try {
        return checked_train_options(sweep.corpora, options);
    } catch (const UsageError &error) {
        throw UsageError(error.what() + name);
    }
}

bool is_plain(const std::string &word) {
    return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                                   "-_=./,:+@%") == std::string::npos;
}

std::string quoted(const std::string &word) {
    if (is_plain(word)) return word;
    std::string text = "'";
    for (char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

} // namespace

std::vector<Job> jobs_of(const Sweep &sweep) {
    check_shared_options(sweep);
    const Corpus corpus = load_corpus(sweep.corpora);
    InputHashes inputs(corpus.hash, corpus.has_messages);
    std::vector<Job> jobs;
    for (const Point &point : sweep.points) {
        Job job{point, 0, options_of(sweep, point), false, ""};
        const TrainOptions parsed = checked_point(sweep, point, job.options);
        job.takes_threads = !learns_part(parsed);
        for (uint64_t seed : sweep.seeds) {
            Job with_seed = job;
            with_seed.seed = seed;
            with_seed.options.push_back("--seed=" + std::to_string(seed));
            with_seed.id = hash_text(inputs.of(with_seed.options, parsed));
            jobs.push_back(std::move(with_seed));
        }
    }
    return jobs;
}

std::string shell_command(const std::vector<std::string> &corpora, const Job &job) {
    std::string command = "mote train";
    for (const std::string &corpus : corpora) command += " " + quoted(corpus);
    for (const std::string &option : job.options) command += " " + quoted(option);
    return command + " -o M.mote";
}

std::string point_name(const std::vector<std::string> &keys, const Point &point) {
    std::string name;
    for (size_t i = 0; i < point.size(); ++i) name += (i == 0 ? "" : " ") + keys[i] + "=" + point[i];
    return name;
}

std::string job_name(const std::vector<std::string> &keys, const Job &job) {
    std::string point = point_name(keys, job.point);
    return point + (point.empty() ? "" : " ") + "seed=" + std::to_string(job.seed);
}

} // namespace mote::cli
