#include "launcher.h"

#include "errors.h"
#include "run_program.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace mote::cli {

namespace {

/* How the processes of a launcher know how many they are. */
struct Launcher {
    const char *size; /* a variable of the environment */
    const char *rank;
    const char *name, *program, *package;
    bool kills; /* at once all ranks where one has died, so that none of them can say so */
};
constexpr Launcher launchers[] = {
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "Open MPI", "mote-mpi-openmpi", "libopenmpi-dev", false},
    {"PMI_SIZE", "PMI_RANK", "MPICH", "mote-mpi-mpich", "libmpich-dev", true}};

bool has_several(const Launcher &launcher) {
    const char *size = std::getenv(launcher.size);
    return size != nullptr && std::strtol(size, nullptr, 10) > 1;
}

std::string advice(const std::vector<std::string> &arguments) {
    if (arguments[0] == "sweep") return "; the same command goes on";
    for (size_t i = 0; i + 1 < arguments.size(); ++i)
        if (arguments[i] == "--checkpoint" && std::filesystem::exists(arguments[i + 1]))
            return "; go on with --resume " + arguments[i + 1];
    return "";
}

/* MPICH's transport aborts a rank that reads the memory of another one which has just died. The other one is to be
 * named: where it has died, its launcher says so, and mpirun ends this one meanwhile. */
void let_others_speak_first(int status) {
    if (status == -SIGABRT) std::this_thread::sleep_for(std::chrono::seconds(2));
}

/* Stays beside the rank, and says so where it dies. */
std::optional<Ending> watch_rank(const Launcher &launcher, const std::string &program,
                                 const std::vector<std::string> &arguments) {
    const std::optional<int> status = run_beside(program, arguments);
    if (!status) return std::nullopt;
    if (*status >= 0) return Ending{static_cast<ExitCode>(*status), ""};
    let_others_speak_first(*status);
    const char *const rank = std::getenv(launcher.rank);
    return Ending{EXIT_FAILED, formatted("rank %s was ended by signal %d", rank != nullptr ? rank : "?", -*status) +
                                   advice(arguments)};
}

} // namespace

std::optional<Ending> run_as_rank(const std::vector<std::string> &arguments) {
    for (const Launcher &launcher : launchers) {
        if (!has_several(launcher)) continue;
        const std::filesystem::path own = own_path();
        const std::string program = (own.parent_path() / launcher.program).string();
        if (launcher.kills) {
            if (std::optional<Ending> ending = watch_rank(launcher, program, arguments)) return ending;
        } else {
            replace_program(program, arguments);
        }
        return Ending{EXIT_FAILED, std::string("started by mpirun of ") + launcher.name + ", but " + program +
                                       " cannot be started; build mote where the package " + launcher.package +
                                       " is installed, or leave mpirun out"};
    }
    return std::nullopt;
}

} // namespace mote::cli
