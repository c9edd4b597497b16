#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/* CLI11 parses the command line. Its header takes a compiler some seconds, so only option_parser.cpp includes it, and
 * what it offers is called through the classes below. */
namespace CLI {
class App;
class Option;
} // namespace CLI

namespace mote::cli {

/* An option or an argument of a command line; made of nothing, none. A copy stands for the same one. */
class Option {
  public:
    Option() = default;
    explicit Option(CLI::Option *option) : option_(option) {}

    explicit operator bool() const { return option_ != nullptr; }

    /* These return the option again. */
    Option required() const;
    /* What --help shows for its value, and for the value that it has when it is not given. */
    Option type_name(const std::string &type) const;
    Option default_str(const std::string &shown) const;
    /* Where it is given several times the last value counts, or each does. */
    Option take_last() const;
    Option take_each() const;
    Option needs(Option other) const;
    Option excludes(Option other) const;

    /* How often it was given. */
    size_t count() const;
    bool is_positional() const;
    /* The first of them, with its dashes. */
    std::string long_name() const;

  private:
    CLI::Option *option_ = nullptr;
};

using ValueReader = std::function<void(const std::string &)>;
using ValuesReader = std::function<void(const std::vector<std::string> &)>;

/* The options of the program, or of one of its commands. A copy stands for the same ones. */
class CommandLine {
  public:
    explicit CommandLine(CLI::App *app) : app_(app) {}

    CommandLine add_subcommand(const std::string &name, const std::string &about) const;
    void require_subcommand(size_t least, size_t most) const;
    /* Unknown arguments are no error then, but remaining(). */
    void allow_extras() const;
    /* The heading in --help of the options that are added from here on. */
    void begin_group(const std::string &heading) const;
    void footer(const std::string &text) const;
    std::string get_footer() const;

    /* `name`: all names of the option, as "-o,--output", or that of an argument. Its value is read into a variable,
     * which must outlive the parsing, or by a function. */
    Option add_flag(const std::string &name, bool &value, const std::string &help) const;
    Option add_flag_callback(const std::string &name, const std::function<void()> &given,
                             const std::string &help) const;
    Option add_option(const std::string &name, std::string &value, const std::string &help) const;
    Option add_option(const std::string &name, std::vector<std::string> &values, const std::string &help) const;
    Option add_option_function(const std::string &name, const ValueReader &read, const std::string &help) const;
    Option add_option_function(const std::string &name, const ValuesReader &read, const std::string &help) const;

    /* The option of this name, else none. */
    Option option(const std::string &name) const;
    std::vector<Option> options() const;
    bool has_subcommand(const std::string &name) const;

    /* What the arguments were: whether they gave this command, and one of its own, how often an option, and which ones
     * were unknown. */
    bool parsed() const;
    bool parsed_subcommand() const;
    size_t count(const std::string &name) const;
    std::vector<std::string> remaining() const;

  private:
    CLI::App *app_;
};

/* Owns the options of a command line, and reads arguments by them. A copy shares them. */
class OptionParser {
  public:
    explicit OptionParser(const std::string &about = "", const std::string &name = "");

    CommandLine command_line() const { return CommandLine(app_.get()); }

    void set_version_flag(const std::string &name, const std::function<std::string()> &version,
                          const std::string &help) const;
    /* Of the options' names in --help; before commands are added, which have the same. */
    void set_column_width(size_t width) const;

    /* Throws UsageError for arguments that do not fit the options, and for --help. */
    void parse(const std::vector<std::string> &arguments) const;
    /* The same; but where they ask for --help or the version, prints it and returns false. */
    bool parse_or_show(const std::vector<std::string> &arguments) const;

  private:
    std::shared_ptr<CLI::App> app_;
};

} // namespace mote::cli
