/* The program of one rank: mote, which shares a training with the other processes of an MPI job. */
#include "mote.h"
#include "mpi_ranks.h"
#include "program.h"
#include "run_program.h"
#include "system_start.h"

#include <cstdio>
#include <cstdlib>

/* Tests build it with another version. */
#if !defined(MOTE_RANK_VERSION)
#define MOTE_RANK_VERSION MOTE_VERSION_NUMBER
#endif

int main(int argc, char **argv) {
    using namespace mote::cli;
    prepare_standard_streams();
    if (std::getenv("PMI_SIZE") != nullptr) end_with_parent();
    const std::vector<std::string> arguments = utf8_arguments(argc, argv);
    MpiRanks ranks(&argc, &argv, MOTE_RANK_VERSION);
    use_ranks(ranks);
    if (!ranks.is_first() && std::freopen("/dev/null", "w", stdout) == nullptr) return EXIT_FAILED;
    const Ending ending = run_command(arguments);
    if (ending.code != EXIT_DONE) ranks.end_all(ending);
    return report(ending);
}
