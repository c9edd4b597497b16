#pragma once

#include "job_result.h"
#include "run_jobs.h"

#include <string>
#include <vector>

namespace mote::cli {

/* Runs `mote train … --json` as a program of its own, `command` its name and arguments, and reads what it printed.
 * None: it was stopped. Throws Failure where the program cannot be started; a training that fails is a result. */
std::optional<JobResult> run_training(const std::vector<std::string> &command, const Stop &stop);

/* Throws UsageError where this is not a program mote that runs here. */
void check_program(const std::string &program);

} // namespace mote::cli
