#include "corpus.h"

#include "errors.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace mote::cli {

CLI::Option *add_corpora(CLI::App &app, const std::string &name, std::vector<std::string> &corpora,
                         const std::string &help) {
    auto read = [&corpora, name](const std::vector<std::string> &names) {
        if (std::find(names.begin(), names.end(), "") != names.end())
            throw UsageError(name + " '': must be the name of a file");
        corpora = names;
    };
    const std::string all = help + "; several are read one after another";
    return app.add_option_function<std::vector<std::string>>(name, read, all)
        ->type_name(name[0] == '-' ? "CORPUS" : "");
}

} // namespace mote::cli
