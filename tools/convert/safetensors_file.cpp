#include "safetensors_file.h"

#include "model_kinds.h"

#include "container.h"
#include "errors.h"

#include "mote.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace mote::cli {

namespace {

using nlohmann::json;

constexpr size_t length_bytes = 8;
constexpr uint64_t largest_header = 100000000; /* the format's own limit */

/* A tensor as the header describes it. */
struct Entry {
    ForeignTensor tensor;
    std::vector<uint64_t> offsets;
    bool has_dtype = false, has_shape = false, has_offsets = false;
};

Dtype dtype_of(const std::string &name) {
    static const std::pair<const char *, Dtype> known[] = {
        {"F64", Dtype::f64}, {"F32", Dtype::f32}, {"F16", Dtype::f16},     {"BF16", Dtype::bf16}, {"I64", Dtype::i64},
        {"I32", Dtype::i32}, {"I16", Dtype::i16}, {"I8", Dtype::i8},       {"U64", Dtype::u64},   {"U32", Dtype::u32},
        {"U16", Dtype::u16}, {"U8", Dtype::u8},   {"BOOL", Dtype::boolean}};
    for (const auto &[text, dtype] : known) {
        if (name == text) return dtype;
    }
    return Dtype::other;
}

/* Follows the header as it is parsed: a tree of it would take many times its size, and would keep the last of two equal
 * keys silently. */
class HeaderReader : public json::json_sax_t {
  public:
    std::vector<Entry> take() { return std::move(entries_); }
    /* As mote's own files tell it; 0: not told. */
    uint32_t activation() const { return activation_; }

    bool null() override { return value("null"); }
    bool boolean(bool) override { return value("a boolean"); }
    bool number_integer(number_integer_t) override { return value("a negative number"); }
    bool number_float(number_float_t, const string_t &) override { return value("no whole number"); }
    bool binary(binary_t &) override { return value("bytes"); }

    bool number_unsigned(number_unsigned_t number) override {
        if (place_ != Place::shape && place_ != Place::offsets) return value("a number");
        std::vector<uint64_t> &list = place_ == Place::shape ? entries_.back().tensor.shape : entries_.back().offsets;
        if (list.size() == most_dimensions) refuse("too many numbers");
        list.push_back(number);
        return true;
    }

    bool string(string_t &text) override {
        if (place_ == Place::metadata && metadata_depth_ == 1 && metadata_key_ == "mote.activation") {
            activation_ = 0;
            for (const auto &[name, activation] : activation_choices())
                if (text == name) activation_ = activation;
        }
        if (place_ != Place::tensor || field_ != "dtype") return value("a text");
        entries_.back().tensor.dtype = dtype_of(text);
        entries_.back().tensor.dtype_name = text;
        return true;
    }

    bool key(string_t &name) override {
        if (place_ == Place::file) {
            in_metadata_ = name == "__metadata__";
            if (!in_metadata_) begin_tensor(name);
        } else if (place_ == Place::tensor) {
            begin_field(name);
        } else if (place_ == Place::metadata) {
            metadata_key_ = name;
        }
        return true;
    }

    bool start_object(std::size_t) override {
        if (place_ == Place::metadata || (place_ == Place::file && in_metadata_)) {
            ++metadata_depth_;
            place_ = Place::metadata;
        } else if (place_ == Place::outside) {
            place_ = Place::file;
        } else if (place_ == Place::file) {
            place_ = Place::tensor;
        } else {
            refuse("an object");
        }
        return true;
    }

    bool end_object() override {
        if (place_ == Place::metadata) {
            leave_metadata();
        } else if (place_ == Place::tensor) {
            end_tensor();
        } else {
            place_ = Place::outside;
        }
        return true;
    }

    bool start_array(std::size_t) override {
        if (place_ == Place::metadata) {
            ++metadata_depth_;
        } else if (place_ == Place::tensor && field_ == "shape") {
            place_ = Place::shape;
        } else if (place_ == Place::tensor && field_ == "data_offsets") {
            place_ = Place::offsets;
        } else {
            refuse("a list");
        }
        return true;
    }

    bool end_array() override {
        if (place_ == Place::metadata) {
            leave_metadata();
        } else {
            place_ = Place::tensor;
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string &, const json::exception &) override {
        throw Failure("the header is not JSON at its byte " + std::to_string(position));
    }

  private:
    enum class Place { outside, file, tensor, shape, offsets, metadata };

    [[noreturn]] void refuse(const std::string &what) const {
        if (place_ == Place::outside) throw Failure("the header is " + what + " and no object");
        if (in_metadata_) throw Failure("the header's __metadata__ is " + what);
        throw Failure("tensor " + shown(entries_.back().tensor.name) + ": " + what + " in its description, at " +
                      shown(field_));
    }

    /* A value that nothing but metadata may hold. */
    bool value(const char *what) const {
        if (place_ != Place::metadata) refuse(what);
        return true;
    }

    void begin_tensor(const std::string &name) {
        check_name(name);
        entries_.emplace_back();
        entries_.back().tensor.name = name;
        field_.clear();
    }

    void begin_field(const std::string &name) {
        field_ = name;
        Entry &entry = entries_.back();
        bool *seen = name == "dtype"          ? &entry.has_dtype
                     : name == "shape"        ? &entry.has_shape
                     : name == "data_offsets" ? &entry.has_offsets
                                              : nullptr;
        if (seen == nullptr) refuse("an unknown key");
        if (*seen) refuse("a second value");
        *seen = true;
    }

    void end_tensor() {
        const Entry &entry = entries_.back();
        field_ = !entry.has_dtype ? "dtype" : !entry.has_shape ? "shape" : "data_offsets";
        if (!entry.has_dtype || !entry.has_shape || !entry.has_offsets) refuse("nothing");
        if (entry.offsets.size() != 2) refuse("other than two numbers");
        place_ = Place::file;
    }

    void leave_metadata() {
        if (--metadata_depth_ == 0) {
            place_ = Place::file;
            in_metadata_ = false;
        }
    }

    Place place_ = Place::outside;
    std::vector<Entry> entries_;
    std::string field_; /* the key of a tensor's description that is being read */
    bool in_metadata_ = false;
    size_t metadata_depth_ = 0;
    std::string metadata_key_;
    uint32_t activation_ = 0;
};

uint64_t header_size(const std::string &bytes) {
    if (bytes.size() < length_bytes) throw Failure("too short to be a safetensors file");
    uint64_t size = little_endian(bytes.data(), length_bytes);
    if (size > largest_header || size > bytes.size() - length_bytes)
        throw Failure("a header of " + std::to_string(size) + " bytes in a file of " + std::to_string(bytes.size()));
    return size;
}

std::vector<Entry> read_header(const char *text, size_t size, uint32_t &activation) {
    HeaderReader reader;
    json::sax_parse(text, text + size, &reader);
    activation = reader.activation();
    std::vector<Entry> entries = reader.take();
    auto earlier = [](const Entry &a, const Entry &b) { return a.offsets < b.offsets; };
    std::stable_sort(entries.begin(), entries.end(), earlier);
    return entries;
}

/* The tensors fill the data without a gap and without sharing a byte, as the format wants it. */
void check_place(const Entry &entry, uint64_t end_before, uint64_t data_size) {
    const ForeignTensor &tensor = entry.tensor;
    uint64_t begin = entry.offsets[0], end = entry.offsets[1];
    std::string where =
        "tensor " + shown(tensor.name) + ": its bytes " + std::to_string(begin) + " to " + std::to_string(end);
    if (end < begin || end > data_size) throw Failure(where + " do not lie in the file's " + std::to_string(data_size));
    if (begin != end_before)
        throw Failure(where + " do not begin where the ones before end, at " + std::to_string(end_before));
    uint64_t count = checked_count(tensor.name, tensor.shape);
    if (tensor.dtype != Dtype::other && end - begin != count * size_of(tensor.dtype))
        throw Failure(where + " are not those of " + tensor.dtype_name + " " + shape_text(tensor.shape));
}

} // namespace

bool is_safetensors(const std::string &bytes) {
    return bytes.size() > length_bytes && bytes[length_bytes] == '{' &&
           little_endian(bytes.data(), length_bytes) <= bytes.size() - length_bytes;
}

ForeignFile read_safetensors(std::string bytes) {
    ForeignFile file;
    file.format = "safetensors";
    file.memory.push_back(std::move(bytes));
    const std::string &memory = file.memory.back();
    size_t data_at = length_bytes + static_cast<size_t>(header_size(memory));
    uint64_t data_size = memory.size() - data_at, end = 0;
    std::vector<Entry> entries = read_header(memory.data() + length_bytes, data_at - length_bytes, file.activation);
    file.tensors.reserve(entries.size());
    for (Entry &entry : entries) {
        check_place(entry, end, data_size);
        end = entry.offsets[1];
        entry.tensor.strides = row_major(entry.tensor.shape);
        entry.tensor.data = bytes_of(memory) + data_at + entry.offsets[0];
        file.tensors.push_back(std::move(entry.tensor));
    }
    if (end != data_size)
        throw Failure(std::to_string(data_size - end) + " bytes after the last tensor belong to none");
    check_names_differ(file);
    return file;
}

} // namespace mote::cli
