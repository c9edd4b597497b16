#pragma once

#include "csv_text.h"
#include "job_result.h"
#include "sweep_jobs.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* The results of a sweep in a CSV file: a row for each job that has ended, in the order of the jobs. It is whole at any
 * time, and the same bytes whoever ran the jobs, and in which order. */
class SweepTable {
  public:
    /* `jobs` must outlive the table. Reads what the file has already; throws Failure where it is of another sweep. */
    SweepTable(const std::string &path, const std::vector<std::string> &keys, const std::vector<Job> &jobs);

    /* NULL: the job has not ended. */
    const JobResult *result(size_t job) const { return results_[job] ? &*results_[job] : nullptr; }
    size_t ended() const;
    size_t failed() const;

    /* Writes the file. */
    void set(size_t job, const JobResult &result);
    /* The job is to run again; the file keeps its row until it is written next. */
    void forget(size_t job) { results_[job].reset(); }

  private:
    CsvRow header() const;
    void read();
    JobResult read_row(const CsvRow &row, size_t job, size_t line) const;
    void write() const;

    std::string path_;
    std::vector<std::string> keys_;
    const std::vector<Job> &jobs_;
    std::vector<std::optional<JobResult>> results_;
};

} // namespace mote::cli
