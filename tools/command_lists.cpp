#include "built_in.h"
#include "commands.h"
#include "errors.h"
#include "recipes.h"
#include "results.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

static void list_recipes() {
    constexpr size_t width = 100;
    for (const Recipe &recipe : recipes()) {
        print_line(std::string(recipe.name) + ": " + recipe.about);
        std::string line = "   ";
        for (size_t i = 0; i < recipe.options.size(); ++i) {
            bool breaks = recipe.options[i].rfind("--", 0) == 0 && line.size() > width - 20;
            if (breaks) print_line(line);
            line = (breaks ? "   " : line) + " " + recipe.options[i];
        }
        print_line(line);
    }
}

static void list_corpora() {
    for (size_t i = 0; i < built_in_count; ++i) {
        std::string text(reinterpret_cast<const char *>(built_in[i].bytes), built_in[i].count);
        auto ends = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
        size_t lines = text.back() == '\n' ? ends : ends + 1;
        print_line(formatted("%-8s %zu %s, %zu characters", built_in[i].name, lines, lines == 1 ? "line" : "lines",
                             count_code_points(text)));
    }
}

Command recipes_command(CommandLine program) {
    return {program.add_subcommand("recipes", "The setups that train --recipe knows, with their options"),
            list_recipes};
}

Command corpora_command(CommandLine program) {
    return {program.add_subcommand("corpora", "The built-in texts"), list_corpora};
}

} // namespace mote::cli
