#pragma once

#include "csv_text.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A table of mote sweep, for a picture. */
class SweepResults {
  public:
    /* Throws Failure where the file is no such table, or has no rows. */
    explicit SweepResults(const std::string &path);

    struct Row {
        std::vector<std::string> values; /* of the keys; the last is the seed */
        double loss;                     /* NaN: the training failed, or has none */
        bool failed;
    };
    /* `column`: as dev_loss. */
    std::vector<Row> rows(const std::string &column) const;

    /* What was varied; the last is "seed". */
    const std::vector<std::string> &keys() const { return keys_; }
    /* The different values of a key, numbers in their order, others as they come. */
    std::vector<std::string> values(size_t key) const;

  private:
    std::string path_;
    std::vector<CsvRow> rows_; /* the header, too */
    std::vector<std::string> keys_;
};

/* Whether it is a finite number. */
bool is_number(const std::string &text, double &number);

} // namespace mote::cli
