#pragma once

#include <string>
#include <vector>

namespace mote::cli {

/* A CSV of numbers with a header, as mote train --log writes it. A last row without an end of line is one that is still
 * being written, and left out. */
class Table {
  public:
    /* Refuses a table that lacks one of these columns, or a field of them. */
    Table(const std::string &path, const std::vector<std::string> &needed);

    /* Empty fields are NaN; a table without the column gives none. */
    std::vector<double> column(const std::string &name) const;

  private:
    void read_header(const std::string &line, const std::vector<std::string> &needed);
    void add_row(const std::string &line);
    double number(const std::string &field, size_t column) const;
    std::string here() const;

    std::string path_;
    size_t line_ = 0;
    std::vector<std::string> header_;
    std::vector<bool> needed_;
    std::vector<std::vector<double>> columns_;
};

} // namespace mote::cli
