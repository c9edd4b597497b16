#include "commands.h"
#include "errors.h"
#include "files.h"
#include "journal_dump.h"
#include "option_values.h"
#include "results.h"

#include <memory>

namespace mote::cli {

namespace {

struct JournalOptions {
    std::string dump, output;
    bool json = false;
};

Json record_json(const mote_journal_record &record) {
    return {{"sequence", record.sequence},
            {"bytes", record.bytes},
            {"address", record.address},
            {"state", state_name(record.state)}};
}

Json report_of(const JournalDump &dump) {
    Json records = Json::array();
    for (const mote_journal_record &record : dump.records()) records.push_back(record_json(record));
    return {{"sectors", dump.flash().sectors},
            {"sector_bytes", dump.flash().sector_bytes},
            {"word", dump.flash().word},
            {"newest", dump.newest() != nullptr ? record_json(*dump.newest()) : Json()},
            {"records", records}};
}

void print_records(const JournalDump &dump) {
    print_line(formatted("%u sectors of %u bytes, words of %u", dump.flash().sectors, dump.flash().sector_bytes,
                         dump.flash().word));
    print_line("    sequence       bytes     address");
    for (const mote_journal_record &record : dump.records()) {
        const bool newest = dump.newest() != nullptr && dump.newest()->address == record.address;
        print_line(formatted("%12u%12u%12u  %s%s", record.sequence, record.bytes, record.address,
                             state_name(record.state), newest ? "; the newest" : ""));
    }
}

void write_newest(const JournalDump &dump, const JournalOptions &options) {
    const mote_journal_record *newest = dump.newest();
    if (newest == nullptr) throw Failure(options.dump + ": no record of it was saved to the end, so none is written");
    OutputFile file(options.output);
    file.write(dump.bytes_of(*newest), newest->bytes);
    file.commit();
}

void run(const JournalOptions &options) {
    if (!options.output.empty() && same_file(options.dump, options.output))
        throw UsageError("--output: " + options.output + " is the dump; give another file");
    JournalDump dump(options.dump);
    if (!options.output.empty()) write_newest(dump, options);
    if (options.json)
        print_json(report_of(dump));
    else
        print_records(dump);
}

} // namespace

Command journal_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("journal", "What the journal in a flash holds, and its newest record");
    auto options = std::make_shared<JournalOptions>();
    app.footer(
        "The latest record is listed first; nothing is repaired. A checkpoint or a model that a device saved is\n"
        "a .mote file again: mote inspect and mote train --resume take it.");
    add_path(app, "DUMP", options->dump, "", "the bytes of the flash, from the first sector of the journal on")
        .required();
    add_path(app, "-o,--output", options->output, "FILE", "where the newest record goes");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
