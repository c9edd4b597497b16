#include "sweep_points.h"

#include "errors.h"
#include "files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace mote::cli {

bool is_number(const std::string &text, double &number) {
    const char *end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end && std::isfinite(number);
}

SweepResults::SweepResults(const std::string &path) : path_(path), rows_(csv_rows(path, read_text(path))) {
    if (rows_.size() < 2) throw Failure(path + ": no rows; give a table that mote sweep wrote");
    const CsvRow &header = rows_[0];
    auto seed = std::find(header.begin(), header.end(), "seed");
    if (seed == header.end() || std::find(seed, header.end(), "error") == header.end())
        throw Failure(path + ": no table of mote sweep, which has columns seed and error");
    keys_.assign(header.begin(), seed + 1);
}

std::vector<SweepResults::Row> SweepResults::rows(const std::string &column) const {
    auto column_of = [&](const std::string &name) {
        auto found = std::find(rows_[0].begin(), rows_[0].end(), name);
        if (found == rows_[0].end()) throw Failure(path_ + ": no column " + name);
        return static_cast<size_t>(found - rows_[0].begin());
    };
    const size_t losses = column_of(column), errors = column_of("error");
    std::vector<Row> list;
    for (size_t i = 1; i < rows_.size(); ++i) {
        const CsvRow &fields = rows_[i];
        Row row{{fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(keys_.size())},
                std::numeric_limits<double>::quiet_NaN(),
                !fields[errors].empty()};
        if (!fields[losses].empty() && !is_number(fields[losses], row.loss))
            throw Failure(path_ + formatted(": line %zu: ", i + 1) + column + " '" + fields[losses] +
                          "' is not a finite number");
        list.push_back(std::move(row));
    }
    return list;
}

std::vector<std::string> SweepResults::values(size_t key) const {
    std::vector<std::string> list;
    for (size_t i = 1; i < rows_.size(); ++i) {
        if (std::find(list.begin(), list.end(), rows_[i][key]) == list.end()) list.push_back(rows_[i][key]);
    }
    double number = 0;
    if (!std::all_of(list.begin(), list.end(), [&](const std::string &text) { return is_number(text, number); }))
        return list;
    std::stable_sort(list.begin(), list.end(), [](const std::string &first, const std::string &second) {
        double one = 0, other = 0;
        return is_number(first, one) && is_number(second, other) && one < other;
    });
    return list;
}

} // namespace mote::cli
