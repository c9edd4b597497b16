#include "corpus.h"

#include "errors.h"

#include <algorithm>

namespace mote::cli {

Option add_corpora(CommandLine app, const std::string &name, std::vector<std::string> &corpora,
                   const std::string &help) {
    auto read = [&corpora, name](const std::vector<std::string> &names) {
        if (std::find(names.begin(), names.end(), "") != names.end())
            throw UsageError(name + " '': must be the name of a file");
        corpora = names;
    };
    const bool is_argument = name[0] != '-';
    const std::string several = is_argument ? "; several are read one after another"
                                            : "; give it again for each of several, which are read one after another";
    const Option option = app.add_option_function(name, read, help + several);
    option.type_name(is_argument ? "" : "CORPUS");
    /* An option with several values would take the arguments behind it. */
    if (!is_argument) option.take_each();
    return option;
}

} // namespace mote::cli
