#include "sweep_table.h"

#include "errors.h"
#include "files.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace mote::cli {

namespace {

CsvRow row_of(const Job &job, const JobResult &result) {
    CsvRow row = job.point;
    row.push_back(std::to_string(job.seed));
    row.insert(row.end(), result.values.begin(), result.values.end());
    row.push_back(result.error);
    row.push_back(job.id);
    return row;
}

const char *const advice = "; give -o another file, or remove this one";

} // namespace

SweepTable::SweepTable(const std::string &path, const std::vector<std::string> &keys, const std::vector<Job> &jobs)
    : path_(path), keys_(keys), jobs_(jobs), results_(jobs.size()) {
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::u8path(path), error)) read();
}

CsvRow SweepTable::header() const {
    CsvRow names = keys_;
    names.emplace_back("seed");
    for (const Measure &measure : measures) names.emplace_back(measure.column);
    names.emplace_back("error");
    names.emplace_back("job");
    return names;
}

/* Of a table that can be damaged. */
static std::vector<CsvRow> rows_of(const std::string &path) {
    const std::string text = read_text(path);
    try {
        return csv_rows(path, text);
    } catch (const Failure &damage) {
        throw Failure(std::string(damage.what()) + advice);
    }
}

void SweepTable::read() {
    const std::vector<CsvRow> rows = rows_of(path_);
    if (rows.empty()) return;
    if (rows[0] != header()) throw Failure(path_ + ": is no table of this sweep, its columns are others" + advice);
    std::map<std::string, size_t> numbers;
    for (size_t i = 0; i < jobs_.size(); ++i) numbers[jobs_[i].id] = i;
    for (size_t i = 1; i < rows.size(); ++i) {
        auto found = numbers.find(rows[i].back());
        if (found == numbers.end())
            throw Failure(path_ +
                          formatted(": line %zu: is of another sweep: of other options, or another text or base%s",
                                    i + 1, advice));
        results_[found->second] = read_row(rows[i], found->second, i + 1);
    }
}

JobResult SweepTable::read_row(const CsvRow &row, size_t job, size_t line) const {
    JobResult result;
    std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(keys_.size() + 1), measure_count, result.values.begin());
    result.error = row[row.size() - 2];
    const std::string &loss = result.values[0];
    char *end = nullptr;
    const double number = std::strtod(loss.c_str(), &end);
    const bool is_number = !loss.empty() && *end == '\0' && std::isfinite(number);
    if (row_of(jobs_[job], result) != row || (result.error.empty() && !is_number))
        throw Failure(path_ + formatted(": line %zu: was changed%s", line, advice));
    return result;
}

size_t SweepTable::ended() const {
    return static_cast<size_t>(
        std::count_if(results_.begin(), results_.end(), [](const auto &result) { return result.has_value(); }));
}

size_t SweepTable::failed() const {
    return static_cast<size_t>(std::count_if(results_.begin(), results_.end(),
                                             [](const auto &result) { return result && !result->error.empty(); }));
}

void SweepTable::set(size_t job, const JobResult &result) {
    results_[job] = result;
    write();
}

void SweepTable::write() const {
    std::string text = csv_line(header());
    for (size_t i = 0; i < jobs_.size(); ++i) {
        if (results_[i]) text += csv_line(row_of(jobs_[i], *results_[i]));
    }
    OutputFile file(path_);
    file.write(text.data(), text.size());
    file.commit();
}

} // namespace mote::cli
