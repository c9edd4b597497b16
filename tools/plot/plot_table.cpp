#include "plot_table.h"

#include "errors.h"
#include "files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace mote::cli {

static std::vector<std::string> fields_of(const std::string &line) {
    std::vector<std::string> fields;
    size_t from = 0;
    for (size_t comma; (comma = line.find(',', from)) != std::string::npos; from = comma + 1) {
        fields.push_back(line.substr(from, comma - from));
    }
    fields.push_back(line.substr(from));
    return fields;
}

Table::Table(const std::string &path, const std::vector<std::string> &needed)
    : path_(path == "-" ? "standard input" : path) {
    std::string text = read_text(path);
    if (text.empty()) throw Failure(path_ + ": empty; give a table such as mote train --log writes");
    size_t from = 0;
    for (size_t end; (end = text.find('\n', from)) != std::string::npos; from = end + 1) {
        ++line_;
        std::string line = text.substr(from, end - from);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line_ == 1) {
            read_header(line, needed);
        } else {
            add_row(line);
        }
    }
    if (line_ < 2) throw Failure(path_ + ": no rows");
}

void Table::read_header(const std::string &line, const std::vector<std::string> &needed) {
    header_ = fields_of(line);
    columns_.resize(header_.size());
    needed_.resize(header_.size());
    for (const std::string &name : needed) {
        auto found = std::find(header_.begin(), header_.end(), name);
        if (found == header_.end()) throw Failure(path_ + ": no column " + name);
        needed_[static_cast<size_t>(found - header_.begin())] = true;
    }
}

std::string Table::here() const { return path_ + formatted(": line %zu", line_); }

void Table::add_row(const std::string &line) {
    std::vector<std::string> fields = fields_of(line);
    if (fields.size() != header_.size()) {
        throw Failure(here() + formatted(": %zu fields, the header has %zu", fields.size(), header_.size()));
    }
    for (size_t i = 0; i < fields.size(); ++i) columns_[i].push_back(number(fields[i], i));
}

double Table::number(const std::string &field, size_t column) const {
    if (field.empty() && !needed_[column]) return std::numeric_limits<double>::quiet_NaN();
    double value = 0;
    auto [stop, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || stop != field.data() + field.size() || !std::isfinite(value)) {
        throw Failure(here() + ": " + header_[column] + " '" + field + "' is not a finite number");
    }
    return value;
}

std::vector<double> Table::column(const std::string &name) const {
    auto found = std::find(header_.begin(), header_.end(), name);
    return found == header_.end() ? std::vector<double>() : columns_[static_cast<size_t>(found - header_.begin())];
}

} // namespace mote::cli
