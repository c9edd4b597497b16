#include "launcher.h"
#include "program.h"
#include "run_program.h"
#include "system_start.h"

#include <cstdlib>

namespace mote::cli {

/* Only trainings are shared by several processes. */
static Ending run(const std::vector<std::string> &arguments) {
    if (!arguments.empty() && (arguments[0] == "train" || arguments[0] == "sweep"))
        if (const std::optional<Ending> ending = run_as_rank(arguments)) return *ending;
    return run_command(arguments);
}

} // namespace mote::cli

int main(int argc, char **argv) {
    mote::cli::prepare_standard_streams();
    if (std::getenv(mote::cli::ends_with_parent) != nullptr) mote::cli::end_with_parent();
    return mote::cli::report(mote::cli::run(mote::cli::utf8_arguments(argc, argv)));
}
