#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "file_lock.h"
#include "files.h"
#include "option_values.h"
#include "ranks.h"
#include "results.h"
#include "run_sweep.h"
#include "sweep_best.h"
#include "sweep_jobs.h"
#include "sweep_table.h"
#include "system_files.h"

#include <algorithm>
#include <limits>
#include <memory>

namespace mote::cli {

namespace {

constexpr uint32_t most_workers = 1024, most_jobs = 100000;

struct SweepOptions {
    std::string output, seeds = "1", recipe;
    std::vector<std::string> corpora, grids, ranges, train;
    uint32_t random = 0;
    uint64_t seed = 1;
    bool retry = false, dry_run = false, json = false;
    SweepRun run;
};

constexpr const char *notes =
    "mote sweep CORPUS -o RESULTS.csv [OPTIONS] [-- OPTIONS OF mote train]\n\n"
    "KEY is an option of mote train without its dashes, as lr, hidden or recipe. What stands behind -- is given to "
    "each\n"
    "training, as in\n\n"
    "  mote sweep names -o r.csv --grid lr=0.003,0.01 --grid hidden=32,64 --seeds 1-3 -- --recipe demo-names\n\n"
    "With --random N, N points are drawn in place of all combinations: of a --grid each value is equally likely, of a\n"
    "--range from above 0 each ratio, so that 0.001 to 0.01 is as likely as 0.01 to 0.1, and of one from 0 each\n"
    "difference. A range between whole numbers has whole numbers. A larger N adds points to the same ones.\n\n"
    "RESULTS.csv has a row for each training that has ended, and is written after each. The same command again, or "
    "one\n"
    "with more values, seeds or points, goes on with what it lacks. The bytes are the same for any number of workers\n"
    "and interruptions. Models are not kept: the command that is printed at the end trains the best one again.\n\n"
    "mpirun -n N mote sweep … trains with N processes, on one machine or several, each one training at a time, the "
    "first\n"
    "of them too, which writes RESULTS.csv. Each training has one thread then, or --threads.";

void check_output(const SweepOptions &options) {
    if (is_written_through(options.output))
        throw UsageError("--output " + options.output + ": must be a file, which is read again");
    check_not_a_corpus("--output", options.output, options.corpora);
}

std::vector<Point> points_of(const SweepOptions &options, const std::vector<SweptOption> &swept, size_t seeds) {
    double count = options.random;
    if (options.random == 0) {
        if (!options.ranges.empty()) throw UsageError("--range: needs --random N, how many points to draw");
        count = 1;
        for (const SweptOption &option : swept) count *= static_cast<double>(option.values.size());
    }
    if (options.random != 0 && swept.empty()) throw UsageError("--random: needs a --range or --grid to draw from");
    if (count * static_cast<double>(seeds) > most_jobs)
        throw UsageError(
            formatted("sweep: %.0f trainings are more than %u", count * static_cast<double>(seeds), most_jobs));
    return options.random != 0 ? random_points(swept, options.random, options.seed) : grid_points(swept);
}

Sweep sweep_of(const SweepOptions &options) {
    if (std::find(options.corpora.begin(), options.corpora.end(), "-") != options.corpora.end())
        throw UsageError("CORPUS -: each training reads it, give a file");
    std::vector<SweptOption> swept;
    for (const std::string &text : options.grids) swept.push_back(read_list(text));
    for (const std::string &text : options.ranges) swept.push_back(read_range(text));
    Sweep sweep{options.corpora, options.train, {}, {}, read_seeds(options.seeds)};
    if (!options.recipe.empty()) sweep.options.push_back("--recipe=" + options.recipe);
    for (const SweptOption &option : swept) sweep.keys.push_back(option.key);
    sweep.points = points_of(options, swept, sweep.seeds.size());
    return sweep;
}

Json json_of(const SweepTable &table, const Sweep &sweep, const std::vector<Job> &jobs,
             const std::optional<BestPoint> &best) {
    Json json{{"jobs", jobs.size()}, {"failed", table.failed()}, {"best", Json()}};
    if (!best) return json;
    const Job &job = jobs[best->job];
    Json point = Json::object();
    for (size_t i = 0; i < sweep.keys.size(); ++i) point[sweep.keys[i]] = job.point[i];
    json["best"] = {{"point", point},
                    {"seeds", best->seeds},
                    {"dev_loss", best->mean},
                    {"least", best->least},
                    {"largest", best->largest},
                    {"seed", job.seed},
                    {"command", shell_command(sweep.corpora, job)}};
    return json;
}

void print_best(const Sweep &sweep, const std::vector<Job> &jobs, const BestPoint &best) {
    std::string spread;
    if (best.seeds > 1)
        spread = formatted(", the mean of %zu seeds from %.4f to %.4f", best.seeds, best.least, best.largest);
    std::string point = point_name(sweep.keys, jobs[best.job].point);
    print_line(formatted("best           %s: dev loss %.4f%s", point.empty() ? "all" : point.c_str(), best.mean,
                         spread.c_str()));
    print_line("again          " + shell_command(sweep.corpora, jobs[best.job]));
}

/* The whole table at the end, and where it is not. */
void report(const SweepOptions &options, const Sweep &sweep, const std::vector<Job> &jobs, const SweepTable &table) {
    const std::optional<BestPoint> best = best_point(table, sweep.points.size(), sweep.seeds.size());
    if (options.json)
        print_json(json_of(table, sweep, jobs, best));
    else if (best)
        print_best(sweep, jobs, *best);
    if (table.failed() != 0)
        throw Failure(formatted("%zu of %zu trainings failed, %s tells why; --retry runs them again", table.failed(),
                                jobs.size(), options.output.c_str()));
}

/* Who has the lock is the only one to write beside the table, too. */
void run_with_table(const SweepOptions &options, const Sweep &sweep, const std::vector<Job> &jobs) {
    check_output(options);
    const FileLock lock(options.output);
    check_writable(options.output);
    SweepTable table(options.output, sweep.keys, jobs);
    for (size_t i = 0; options.retry && i < jobs.size(); ++i)
        if (table.result(i) != nullptr && !table.result(i)->error.empty()) table.forget(i);
    run_missing(sweep, jobs, options.run, options.output, table);
    report(options, sweep, jobs, table);
}

void run(const SweepOptions &options) {
    const Ranks &ranks = program_ranks();
    if (ranks.count() > 1 && options.run.workers != 0)
        throw UsageError("--workers: mpirun has started a process for each training at a time; leave --workers out");
    const Sweep sweep = sweep_of(options);
    const std::vector<Job> jobs = jobs_of(sweep);
    if (options.dry_run) {
        for (const Job &job : jobs) print_line(shell_command(sweep.corpora, job));
        return;
    }
    if (ranks.is_first())
        run_with_table(options, sweep, jobs);
    else
        run_for_first_rank(sweep, jobs, options.run);
}

void add_options(CommandLine app, SweepOptions &o) {
    constexpr uint32_t most_points = most_jobs;
    auto add_many = [&](const char *name, std::vector<std::string> &values, const char *type, const char *help) {
        app.add_option(name, values, help).type_name(type).take_each();
    };
    add_corpora(app, "CORPUS", o.corpora, "a file as in mote train, or a built-in text").required();
    add_path(app, "-o,--output", o.output, "RESULTS.csv", "the table of results, and where to go on").required();
    add_many("--grid", o.grids, "KEY=A,B", "values of an option of mote train; several: give it again");
    add_many("--range", o.ranges, "KEY=A..B", "with --random: the least and the largest value of an option");
    add_whole(app, "--random", o.random, {1, most_points}, "draw so many points, see below")
        .default_str("all of --grid");
    add_whole(app, "--seed", o.seed, {0, std::numeric_limits<uint64_t>::max()}, "of --random");
    add_text(app, "--seeds", o.seeds, "A-B,C", "the --seed of trainings, each point with each").default_str("1");
    add_text(app, "--recipe", o.recipe, "NAME", "of each training (mote recipes)");
    add_whole(app, "--workers", o.run.workers, {1, most_workers}, "trainings at a time")
        .default_str("the cores, or mpirun's processes");
    add_whole(app, "--threads", o.run.threads, {1, MOTE_MAX_TASKS}, "of each training")
        .default_str("cores / workers, or 1 with mpirun");
    add_whole(app, "--timeout", o.run.timeout, {1, 86400}, "seconds that mpirun's process waits for another one");
    add_path(app, "--program", o.run.program, "PATH", "the mote that trains, as one of another target")
        .default_str("this");
    app.add_flag("--retry", o.retry, "run again the trainings that failed");
    app.add_flag("--dry-run", o.dry_run, "print the commands of the trainings, and run none");
    app.add_flag("--json", o.json, "one JSON object as the last line of stdout");
    app.add_flag("--quiet", o.run.quiet, "no progress on stderr");
    app.footer(notes);
}

} // namespace

Command sweep_command(CommandLine program, const std::vector<std::string> &train_options) {
    const CommandLine app = program.add_subcommand("sweep", "Train with many options and seeds, and compare");
    auto options = std::make_shared<SweepOptions>();
    add_options(app, *options);
    options->train = train_options;
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
