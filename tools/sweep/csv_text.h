#pragma once

#include <string>
#include <vector>

namespace mote::cli {

using CsvRow = std::vector<std::string>;

/* A line of CSV with its end of line. A field with a comma, a quotation mark or an end of line is quoted. */
std::string csv_line(const CsvRow &fields);

/* The rows of a CSV of a header and rows as long as it. `name` is the file's, for errors: Failure with the line where a
 * row is longer or shorter, a quotation is not closed, or the last line has no end. */
std::vector<CsvRow> csv_rows(const std::string &name, const std::string &text);

} // namespace mote::cli
