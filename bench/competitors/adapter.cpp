#include "adapter.h"

#include <cstdio>
#include <ctime>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

namespace mote_bench {

namespace {

// Of all threads: an adapter that uses a second core pays for it.
double process_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::string timed(Task &task, std::size_t steps) {
    std::vector<float> losses(steps);
    const double start = process_seconds();
    task.run(steps, losses.data());
    char answer[64];
    std::snprintf(answer, sizeof answer, "seconds %.9g", process_seconds() - start);
    return answer;
}

std::string checked(Task &task, std::size_t steps) {
    std::vector<float> losses(steps);
    task.run(steps, losses.data());
    const std::vector<float> elements = task.elements();
    std::ostringstream answer;
    answer.precision(9);
    answer << "losses";
    for (const float one : elements.empty() ? losses : elements) answer << ' ' << one;
    return answer.str();
}

} // namespace

int run_adapter(const std::string &name, MakeTask make_task, double (*limit)(const Workload &w)) {
    std::map<std::string, std::unique_ptr<Task>> tasks;
    std::cout << "ready " << name << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string what, id, answer = "cannot";
        std::size_t steps = 0;
        words >> what >> id >> steps;
        const Workload *w = find_workload(id);
        if (w == nullptr || (what != "check" && what != "time" && what != "limit" && what != "forget")) {
            std::cerr << "adapter: \"" << line << "\" is not a request\n";
            return 2;
        }
        std::unique_ptr<Task> &task = tasks[id];
        if (what == "limit") {
            if (limit != nullptr) answer = "seconds " + std::to_string(1e9 * limit(*w)) + "e-9";
        } else if (what == "forget") {
            task.reset();
            answer = "forgotten";
        } else {
            if (what == "check" || !task) task = make_task(*w);
            if (task) answer = what == "check" ? checked(*task, steps) : timed(*task, steps);
        }
        std::cout << answer << std::endl;
    }
    return 0;
}

} // namespace mote_bench
