#include "launcher.h"
#include "program.h"
#include "system_start.h"

namespace mote::cli {

/* Only a training is shared by several processes. */
static Ending run(const std::vector<std::string> &arguments) {
    if (!arguments.empty() && arguments[0] == "train")
        if (const std::optional<Ending> ending = run_as_rank(arguments)) return *ending;
    if (!arguments.empty() && arguments[0] == "sweep" && is_one_of_several())
        return {EXIT_USAGE,
                "sweep: mpirun has started it more than once, each for the same table; leave mpirun out, and "
                "give --workers"};
    return run_command(arguments);
}

} // namespace mote::cli

int main(int argc, char **argv) {
    mote::cli::prepare_standard_streams();
    return mote::cli::report(mote::cli::run(mote::cli::utf8_arguments(argc, argv)));
}
