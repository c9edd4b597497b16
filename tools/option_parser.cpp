#include "option_parser.h"

#include "errors.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace mote::cli {

Option Option::required() const { return Option(option_->required()); }

Option Option::type_name(const std::string &type) const { return Option(option_->type_name(type)); }

Option Option::default_str(const std::string &shown) const { return Option(option_->default_str(shown)); }

Option Option::take_last() const { return Option(option_->take_last()); }

Option Option::take_each() const { return Option(option_->expected(1)->take_all()); }

Option Option::needs(Option other) const { return Option(option_->needs(other.option_)); }

Option Option::excludes(Option other) const { return Option(option_->excludes(other.option_)); }

size_t Option::count() const { return option_->count(); }

bool Option::is_positional() const { return option_->get_positional(); }

std::string Option::long_name() const {
    const std::vector<std::string> &names = option_->get_lnames();
    return "--" + (names.empty() ? "" : names.front());
}

CommandLine CommandLine::add_subcommand(const std::string &name, const std::string &about) const {
    return CommandLine(app_->add_subcommand(name, about));
}

void CommandLine::require_subcommand(size_t least, size_t most) const { app_->require_subcommand(least, most); }

void CommandLine::allow_extras() const { app_->allow_extras(); }

void CommandLine::begin_group(const std::string &heading) const { app_->option_defaults()->group(heading); }

void CommandLine::footer(const std::string &text) const { app_->footer(text); }

std::string CommandLine::get_footer() const { return app_->get_footer(); }

Option CommandLine::add_flag(const std::string &name, bool &value, const std::string &help) const {
    return Option(app_->add_flag(name, value, help));
}

Option CommandLine::add_flag_callback(const std::string &name, const std::function<void()> &given,
                                      const std::string &help) const {
    return Option(app_->add_flag_callback(name, given, help));
}

Option CommandLine::add_option(const std::string &name, std::string &value, const std::string &help) const {
    return Option(app_->add_option(name, value, help));
}

Option CommandLine::add_option(const std::string &name, std::vector<std::string> &values,
                               const std::string &help) const {
    return Option(app_->add_option(name, values, help));
}

Option CommandLine::add_option_function(const std::string &name, const ValueReader &read,
                                        const std::string &help) const {
    return Option(app_->add_option_function(name, read, help));
}

Option CommandLine::add_option_function(const std::string &name, const ValuesReader &read,
                                        const std::string &help) const {
    return Option(app_->add_option_function(name, read, help));
}

Option CommandLine::option(const std::string &name) const { return Option(app_->get_option_no_throw(name)); }

std::vector<Option> CommandLine::options() const {
    std::vector<Option> all;
    for (CLI::Option *option : app_->get_options()) all.emplace_back(option);
    return all;
}

bool CommandLine::has_subcommand(const std::string &name) const {
    return !app_->get_subcommands([&](const CLI::App *command) { return command->get_name() == name; }).empty();
}

bool CommandLine::parsed() const { return app_->parsed(); }

bool CommandLine::parsed_subcommand() const { return !app_->get_subcommands().empty(); }

size_t CommandLine::count(const std::string &name) const { return app_->count(name); }

std::vector<std::string> CommandLine::remaining() const { return app_->remaining(); }

OptionParser::OptionParser(const std::string &about, const std::string &name)
    : app_(std::make_shared<CLI::App>(about, name)) {
    app_->allow_windows_style_options(false); /* on Windows, too, /a/b is a path */
}

void OptionParser::set_version_flag(const std::string &name, const std::function<std::string()> &version,
                                    const std::string &help) const {
    app_->set_version_flag(name, version, help);
}

void OptionParser::set_column_width(size_t width) const { app_->get_formatter()->column_width(width); }

/* CLI11 takes the last argument first. */
static void read(CLI::App &app, std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
}

void OptionParser::parse(const std::vector<std::string> &arguments) const {
    try {
        read(*app_, arguments);
    } catch (const CLI::ParseError &error) {
        throw UsageError(error.what());
    }
}

bool OptionParser::parse_or_show(const std::vector<std::string> &arguments) const {
    try {
        read(*app_, arguments);
        return true;
    } catch (const CLI::Success &shown) {
        app_->exit(shown);
        return false;
    } catch (const CLI::ParseError &error) {
        throw UsageError(error.what());
    }
}

} // namespace mote::cli
