#include "csv_text.h"

#include "errors.h"

namespace mote::cli {

namespace {

std::string csv_field(const std::string &field) {
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string text = "\"";
    for (char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

/* Reads one row of a text, which is known to have more. */
class RowReader {
  public:
    RowReader(const std::string &name, const std::string &text) : name_(name), text_(text) {}

    bool at_end() const { return at_ == text_.size(); }

    CsvRow row() {
        ++line_;
        CsvRow fields = {field()};
        while (next() == ',') {
            ++at_;
            fields.push_back(field());
        }
        if (next() == '\r') ++at_;
        if (next() != '\n') throw Failure(here() + "not ended, or text behind a quotation");
        ++at_;
        return fields;
    }

    std::string here() const { return name_ + formatted(": line %zu: ", line_); }

  private:
    char next() const { return at_end() ? '\0' : text_[at_]; }

    std::string field() {
        if (next() == '"') return quotation();
        size_t end = text_.find_first_of(",\r\n", at_);
        std::string plain = text_.substr(at_, end - at_);
        at_ += plain.size();
        return plain;
    }

    std::string quotation() {
        std::string inner;
        for (;;) {
            size_t mark = text_.find('"', at_ + 1);
            if (mark == std::string::npos) throw Failure(here() + "a quotation is not closed");
            inner += text_.substr(at_ + 1, mark - at_ - 1);
            at_ = mark + 1;
            if (next() != '"') return inner;
            inner += '"';
        }
    }

    const std::string &name_, &text_;
    size_t at_ = 0, line_ = 0;
};

} // namespace

std::string csv_line(const CsvRow &fields) {
    std::string line;
    for (size_t i = 0; i < fields.size(); ++i) line += (i == 0 ? "" : ",") + csv_field(fields[i]);
    return line + "\n";
}

std::vector<CsvRow> csv_rows(const std::string &name, const std::string &text) {
    std::vector<CsvRow> rows;
    RowReader reader(name, text);
    while (!reader.at_end()) {
        rows.push_back(reader.row());
        if (rows.back().size() != rows[0].size())
            throw Failure(reader.here() +
                          formatted("%zu fields, the header has %zu", rows.back().size(), rows[0].size()));
    }
    return rows;
}

} // namespace mote::cli
