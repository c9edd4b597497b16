#include "numpy_file.h"

#include "container.h"
#include "errors.h"
#include "files.h"
#include "other_formats.h"
#include "zip_archive.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace mote::cli {

namespace fs = std::filesystem;

namespace {

constexpr char npy_magic[] = "\x93NUMPY";
constexpr size_t magic_size = sizeof npy_magic - 1;
constexpr std::string_view extension = ".npy";
constexpr const char *of_mac_os = "__MACOSX/"; /* what its archiver adds, under the names of the files */

/* An array that cannot be weights, but may stand beside them. */
struct Unusable : Failure {
    using Failure::Failure;
};

/* Where the header is, and the data after it. */
struct Layout {
    size_t header_at, data_at;
};

struct Header {
    std::string_view descr;
    bool fortran_order = false;
    std::vector<uint64_t> shape;
};

/* Reads the header, a dictionary in Python's notation, of which only what arrays need is known. */
class HeaderText {
  public:
    explicit HeaderText(std::string_view text) : text_(text) {}

    Header read() {
        expect('{');
        while (!accept('}')) {
            read_entry();
            if (accept(',')) continue;
            expect('}');
            break;
        }
        skip_blanks();
        if (at_ != text_.size()) fail();
        if (!has_descr_ || !has_order_ || !has_shape_)
            throw Failure("its header names no descr, fortran_order or shape");
        return std::move(header_);
    }

  private:
    [[noreturn]] void fail() const {
        throw Failure("its header cannot be read from byte " + std::to_string(at_) + " of it");
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    }

    bool accept(char c) {
        skip_blanks();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    void expect(char c) {
        if (!accept(c)) fail();
    }

    std::string_view read_text() {
        skip_blanks();
        char quote = at_ < text_.size() ? text_[at_] : ' ';
        if (quote != '\'' && quote != '"') fail();
        size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) fail();
        std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        if (inside.find('\\') != std::string_view::npos) fail();
        at_ = end + 1;
        return inside;
    }

    bool read_bool() {
        skip_blanks();
        for (std::string_view word : {std::string_view("False"), std::string_view("True")}) {
            if (text_.substr(at_, word.size()) == word) {
                at_ += word.size();
                return word == "True";
            }
        }
        fail();
    }

    uint64_t read_number() {
        skip_blanks();
        size_t start = at_;
        uint64_t number = 0;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
            if (at_ - start == 19) throw Failure("its header gives a dimension that is too large");
            number = 10 * number + static_cast<uint64_t>(text_[at_] - '0');
        }
        if (at_ == start) fail();
        if (at_ < text_.size() && text_[at_] == 'L') ++at_; /* a long of Python 2 */
        return number;
    }

    std::vector<uint64_t> read_shape() {
        std::vector<uint64_t> shape;
        expect('(');
        while (!accept(')')) {
            if (shape.size() == most_dimensions) throw Failure("its header gives too many dimensions");
            shape.push_back(read_number());
            if (accept(',')) continue;
            expect(')');
            break;
        }
        return shape;
    }

    void once(bool &seen) const {
        if (seen) throw Failure("its header says one thing twice");
        seen = true;
    }

    void read_entry() {
        std::string_view key = read_text();
        expect(':');
        if (key == "descr") {
            once(has_descr_);
            if (accept('[')) throw Unusable("holds records: save each of their fields as an array of its own");
            header_.descr = read_text();
        } else if (key == "fortran_order") {
            once(has_order_);
            header_.fortran_order = read_bool();
        } else if (key == "shape") {
            once(has_shape_);
            header_.shape = read_shape();
        } else {
            throw Failure("its header holds the unknown key " + shown(key));
        }
    }

    std::string_view text_;
    size_t at_ = 0;
    Header header_;
    bool has_descr_ = false, has_order_ = false, has_shape_ = false;
};

Layout layout_of(const std::string &bytes) {
    if (!is_npy(bytes) || bytes.size() < magic_size + 2) throw Failure("is no .npy array");
    int version = static_cast<unsigned char>(bytes[magic_size]);
    if (version < 1 || version > 3 || bytes[magic_size + 1] != 0)
        throw Failure("version " + std::to_string(version) + " of the npy format is not known");
    size_t length_at = magic_size + 2, length_size = version == 1 ? 2 : 4, header_at = length_at + length_size;
    if (bytes.size() < header_at) throw Failure("ends within its header");
    uint64_t length = little_endian(bytes.data() + length_at, length_size);
    if (length > bytes.size() - header_at) throw Failure("ends within its header");
    return {header_at, header_at + static_cast<size_t>(length)};
}

Dtype dtype_of(std::string_view type) {
    static const std::pair<const char *, Dtype> known[] = {
        {"f2", Dtype::f16}, {"f4", Dtype::f32}, {"f8", Dtype::f64}, {"i1", Dtype::i8},
        {"i2", Dtype::i16}, {"i4", Dtype::i32}, {"i8", Dtype::i64}, {"u1", Dtype::u8},
        {"u2", Dtype::u16}, {"u4", Dtype::u32}, {"u8", Dtype::u64}, {"b1", Dtype::boolean}};
    for (const auto &[text, dtype] : known) {
        if (type == text) return dtype;
    }
    return Dtype::other;
}

/* "<f4": the order of bytes, where there is one, and the type. '=' is that of the machine that wrote it, which numpy
 * replaces by '<' or '>' on writing; who writes it by hand has such a machine as this. */
void set_type(ForeignTensor &tensor, std::string_view descr) {
    if (descr.empty() || std::string_view("<>=|").find(descr[0]) == std::string_view::npos)
        throw Failure("its type " + shown(descr) + " is not known");
    if (descr.substr(1, 1) == "O")
        throw Unusable("holds objects of Python, which are never executed: save its numbers as an array of their own");
    tensor.big_endian = descr[0] == '>';
    tensor.dtype = dtype_of(descr.substr(1));
    tensor.dtype_name = descr;
}

std::vector<uint64_t> column_major(const std::vector<uint64_t> &shape) {
    std::vector<uint64_t> strides = row_major({shape.rbegin(), shape.rend()});
    std::reverse(strides.begin(), strides.end());
    return strides;
}

ForeignTensor tensor_of(const std::string &bytes, const std::string &name) {
    check_name(name);
    Layout layout = layout_of(bytes);
    std::string_view text = std::string_view(bytes).substr(layout.header_at, layout.data_at - layout.header_at);
    Header header = HeaderText(text).read();
    ForeignTensor tensor;
    tensor.name = name;
    set_type(tensor, header.descr);
    tensor.shape = std::move(header.shape);
    uint64_t count = checked_count(name, tensor.shape), size = bytes.size() - layout.data_at;
    if (tensor.dtype != Dtype::other && count * size_of(tensor.dtype) != size)
        throw Failure("its " + std::to_string(size) + " bytes of data are not those of " + tensor.dtype_name + " " +
                      shape_text(tensor.shape));
    tensor.strides = header.fortran_order ? column_major(tensor.shape) : row_major(tensor.shape);
    tensor.data = bytes_of(bytes) + layout.data_at;
    return tensor;
}

bool ends_with_extension(const std::string &name) {
    return name.size() > extension.size() &&
           name.compare(name.size() - extension.size(), extension.size(), extension) == 0;
}

std::string without_extension(const std::string &name) { return name.substr(0, name.size() - extension.size()); }

std::string ignored_by(const std::string &name) { return "; --ignore " + name + " leaves it out"; }

/* A file among the arrays that is none. */
ForeignTensor stray_file(const std::string &name) {
    check_name(name);
    return unusable_tensor(name, "is no .npy array" + ignored_by(name));
}

/* What is in the folder but for files whose names begin with a dot, sorted; throws where no array is. */
std::vector<std::string> names_in(const std::string &path) {
    std::error_code error;
    fs::directory_iterator entries(fs::u8path(path), error);
    if (error) throw Failure("cannot read " + path + ": " + error.message());
    std::vector<std::string> names;
    for (const fs::directory_entry &entry : entries) {
        std::string name = entry.path().filename().u8string();
        if (name[0] != '.') names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    if (std::none_of(names.begin(), names.end(), ends_with_extension))
        throw Failure(path + ": holds no .npy file" + folder_advice(names));
    return names;
}

} // namespace

bool is_npy(const std::string &bytes) { return bytes.compare(0, magic_size, npy_magic) == 0; }

void read_npy(ForeignFile &file, std::string bytes, const std::string &name) {
    file.memory.push_back(std::move(bytes));
    try {
        file.tensors.push_back(tensor_of(file.memory.back(), name));
    } catch (const Unusable &unusable) {
        file.memory.pop_back();
        file.tensors.push_back(unusable_tensor(name, unusable.what() + ignored_by(name)));
    } catch (const Failure &failure) {
        throw Failure("array " + shown(name) + ": " + failure.what());
    }
}

ForeignFile read_npz(const std::string &bytes) {
    ForeignFile file;
    file.format = "npz";
    ZipArchive archive(bytes);
    for (const ZipArchive::Entry &entry : archive.entries()) {
        if (entry.name.rfind(of_mac_os, 0) == 0) continue;
        if (ends_with_extension(entry.name)) {
            read_npy(file, archive.read(entry), without_extension(entry.name));
        } else if (entry.name.empty() || entry.name.back() != '/') { /* a folder of the archive holds nothing itself */
            file.tensors.push_back(stray_file(entry.name));
        }
    }
    check_names_differ(file);
    return file;
}

ForeignFile read_npy_folder(const std::string &path) {
    ForeignFile file;
    file.format = "npy";
    for (const std::string &name : names_in(path)) {
        std::error_code error;
        fs::path place = fs::u8path(path) / fs::u8path(name);
        bool array = ends_with_extension(name) && fs::is_regular_file(place, error);
        std::string bytes = array ? read_text(place.u8string()) : "";
        try {
            if (array) {
                read_npy(file, std::move(bytes), without_extension(name));
            } else {
                file.tensors.push_back(stray_file(name));
            }
        } catch (const Failure &failure) {
            throw Failure(path + ": " + failure.what());
        }
    }
    check_names_differ(file);
    return file;
}

} // namespace mote::cli
