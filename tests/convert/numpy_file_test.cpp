#include "numpy_file.h"

#include "files.h"
#include "foreign_support.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace mote_test;
using mote::cli::Dtype;
using mote::cli::ForeignFile;
using mote::cli::read_npy;
using mote::cli::read_npy_folder;
using mote::cli::read_npz;

namespace fs = std::filesystem;

namespace {

std::string npy(const std::string &header, const std::string &data, char version = 1) {
    return "\x93NUMPY" + std::string{version, '\0'} + number_bytes(header.size(), version == 1 ? 2 : 4) + header + data;
}

ForeignFile read_array(const std::string &bytes) {
    ForeignFile file;
    read_npy(file, bytes, "W");
    return file;
}

std::string refused(const std::string &header, const std::string &data = "1234") {
    return failure([&] { read_array(npy(header, data)); });
}

std::string header_of(const std::string &shape, const std::string &descr = "'<f4'",
                      const std::string &order = "False") {
    return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

void check_every_type(const ForeignFile &file) {
    CHECK(file.format == "npz");
    check_common_types(file);
    check_tensor(file, "uint64", Dtype::u64);
    check_tensor(file, "uint32", Dtype::u32);
    check_tensor(file, "uint16", Dtype::u16);
}

/* A folder that is gone with the test. */
struct Folder {
    fs::path path = fs::temp_directory_path() / ("mote_npy_" + std::to_string(reinterpret_cast<uintptr_t>(this)));
    Folder() { fs::create_directory(path); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;
    void add(const std::string &name, const std::string &bytes) const {
        mote::cli::OutputFile file((path / name).string());
        file.write(bytes.data(), bytes.size());
        file.commit();
    }
};

/* An entry that is not a tensor is there by name, says what it is, and that it may be left out. */
void check_unusable(const ForeignFile &file, const std::string &name, const std::string &what) {
    const mote::cli::ForeignTensor &entry = tensor(file, name);
    CHECK(entry.dtype == Dtype::other);
    const std::string message = failure([&] { mote::cli::check_usable(entry); });
    CAPTURE(message);
    CHECK(message.find("\"" + name + "\" ") == 0);
    CHECK(message.find(what) != std::string::npos);
    CHECK(message.find("--ignore " + name + " leaves it out") != std::string::npos);
}

} // namespace

TEST_CASE("npz: every type is read, stored, deflated and big-endian") {
    check_every_type(read_npz(container("types.npz")));
    check_every_type(read_npz(container("big_endian.npz")));
    const ForeignFile deflated = read_npz(container("deflated.npz"));
    check_every_type(deflated);
    CHECK(tensor(deflated, "zeros").count() == 4096);
    CHECK(tensor(deflated, "zeros").at(4095) == 0);
}

TEST_CASE("npz: arrays in Fortran's order have the same elements") {
    const ForeignFile file = read_npz(container("fortran.npz"));
    check_tensor(file, "matrix", Dtype::f32);
    check_tensor(file, "cube", Dtype::f32, {2, 3, 4});
    CHECK(tensor(file, "matrix").strides == std::vector<uint64_t>{1, 2});
}

TEST_CASE("npz: scalars, empty arrays and arrays of three dimensions are read") {
    const ForeignFile file = read_npz(container("shapes.npz"));
    check_tensor(file, "scalar", Dtype::f32, {});
    check_tensor(file, "empty", Dtype::f32, {0, 3});
    check_tensor(file, "cube", Dtype::f32, {2, 3, 4});
}

TEST_CASE("npz: arrays of no weights are there by name, and Python's objects are refused") {
    const ForeignFile file = read_npz(container("other.npz"));
    check_tensor(file, "W", Dtype::f32);
    CHECK(tensor(file, "letters").dtype == Dtype::other);
    CHECK(tensor(file, "complex").dtype_name == "<c8");
    check_unusable(read_npz(container("objects.npz")), "W", "objects of Python");
    check_unusable(read_npz(container("records.npz")), "W", "records");
}

TEST_CASE("npz: what is not an array, or packed in another way, is refused by name") {
    const ForeignFile stray = read_npz(container("stray.npz"));
    check_tensor(stray, "W", Dtype::f32);
    check_unusable(stray, "notes.txt", "is no .npy array");
    CHECK(failure([] { read_npz(container("bzip2.npz")); }) ==
          "zip entry \"W.npy\": compression 12 is neither stored nor deflated");
}

TEST_CASE("npz: a size that its bytes cannot become is refused before it is allocated") {
    std::string bytes = container("deflated.npz");
    size_t entry = bytes.find("PK\x01\x02");
    REQUIRE(entry != std::string::npos);
    bytes.replace(entry + 24, 4, number_bytes(0x7FFFFFFF, 4)); /* the size, in the central directory */
    CHECK(failure([&] { read_npz(bytes); }).find("cannot become 2147483647") != std::string::npos);
}

TEST_CASE("npz: more entries than there is room for are refused before they are allocated") {
    std::string bytes = container("types.npz");
    const size_t end = bytes.rfind("PK\x05\x06");
    REQUIRE(end != std::string::npos);
    bytes.replace(end + 8, 4, "\xFE\xFF\xFE\xFF");
    CHECK(failure([&] { read_npz(bytes); }) == "no zip archive: 65534 entries in 3210 bytes");
    const std::string record = "PK\x06\x06" + number_bytes(44, 8) + std::string(12, '\0') + number_bytes(1u << 30, 8) +
                               number_bytes(1u << 30, 8) + std::string(16, '\0');
    const std::string locator = "PK\x06\x07" + number_bytes(0, 4) + number_bytes(end, 8) + number_bytes(1, 4);
    bytes.insert(end, record + locator);
    CHECK(failure([&] { read_npz(bytes); }) == "no zip archive: 1073741824 entries in 3286 bytes");
}

TEST_CASE("npz: a comment that looks like many ends of an archive is refused, one that does not is nothing") {
    std::string bytes = container("fortran.npz");
    const size_t comment = bytes.size(), end = bytes.rfind("PK\x05\x06");
    for (int i = 0; i < 100; ++i) bytes += std::string("PK\x05\x06", 4) + std::string(18, '\0');
    bytes.replace(end + 20, 2, number_bytes(bytes.size() - comment, 2));
    CHECK(failure([&] { read_npz(bytes); }) == "not a zip archive: its end cannot be found");
    bytes.replace(comment, std::string::npos, std::string(2200, 'x'));
    check_tensor(read_npz(bytes), "matrix", Dtype::f32);
}

TEST_CASE("npz: a changed element is found by the checksum") {
    std::string bytes = container("types.npz");
    size_t number = bytes.find(std::string("\0\0\0\0\0\0\xF0\xBF", 8)); /* -1 */
    REQUIRE(number != std::string::npos);
    bytes[number] = '\1';
    CHECK(failure([&] { read_npz(bytes); }) == "zip entry \"float64.npy\": CRC error");
}

TEST_CASE("npz: damage is refused or harmless") {
    check_damage(container("fortran.npz"), read_npz);
    check_damage(container("deflated.npz"), read_npz);
}

TEST_CASE("npy: versions 1 to 3, Python 2's long numbers and either quotes are read") {
    for (const char *name : {"folder/version1.npy", "folder/version2.npy", "folder/version3.npy"})
        check_tensor(read_array(container(name)), "W", Dtype::f32);
    CHECK(read_array(npy(header_of("(1L,)"), "1234")).tensors[0].shape == std::vector<uint64_t>{1});
    CHECK(read_array(npy(R"({"shape":(1,1),"descr":"=f4","fortran_order":True})", "1234")).tensors[0].shape.size() ==
          2);
    CHECK(failure([] { read_array(npy(header_of("(1,)"), "1234", 4)); }) ==
          "array \"W\": version 4 of the npy format is not known");
}

TEST_CASE("npy: a header that says other than what follows is refused") {
    CHECK(refused(header_of("(2,)")) == "array \"W\": its 4 bytes of data are not those of <f4 [2]");
    CHECK(refused(header_of("()"), "12345") == "array \"W\": its 5 bytes of data are not those of <f4 []");
    CHECK(refused(header_of("(1099511627777,)")) ==
          "array \"W\": tensor \"W\": a shape of [1099511627777] is too large");
    CHECK(refused(header_of("(99999999999999999999,)")) ==
          "array \"W\": its header gives a dimension that is too large");
    CHECK(refused(header_of("(1,1,1,1,1,1,1,1,1)")) == "array \"W\": its header gives too many dimensions");
    CHECK(refused(header_of("(1,)", "'f4'")) == "array \"W\": its type \"f4\" is not known");
    CHECK(refused(header_of("(1,)", "''")) == "array \"W\": its type \"\" is not known");
}

TEST_CASE("npy: a header that is none is refused where it ends to be one") {
    CHECK(refused("{'descr': '<f4'}") == "array \"W\": its header names no descr, fortran_order or shape");
    CHECK(refused("{'descr': '<f4', 'descr': '<f8'}") == "array \"W\": its header says one thing twice");
    CHECK(refused("{'color': '<f4'}") == "array \"W\": its header holds the unknown key \"color\"");
    CHECK(refused("(1,)") == "array \"W\": its header cannot be read from byte 0 of it");
    CHECK(refused("{'shape': (-1,)}") == "array \"W\": its header cannot be read from byte 11 of it");
    CHECK(refused("{'fortran_order': 0}") == "array \"W\": its header cannot be read from byte 18 of it");
    CHECK(refused(header_of("(1,)") + "x") == "array \"W\": its header cannot be read from byte 57 of it");
    CHECK(failure([] { read_array("\x93NUMPY\1"); }) == "array \"W\": is no .npy array");
    CHECK(failure([] { read_array(std::string("\x93NUMPY\1\0\xFF\xFF{}", 12)); }) ==
          "array \"W\": ends within its header");
}

TEST_CASE("npy: damage is refused or harmless") { check_damage(container("folder/version2.npy"), read_array); }

TEST_CASE("npy: a folder is read in the order of names, and hidden files are none of it") {
    const ForeignFile file = read_npy_folder(container_path("folder"));
    CHECK(file.format == "npy");
    REQUIRE(file.tensors.size() == 3);
    CHECK(file.tensors[0].name == "version1");
    CHECK(file.tensors[2].name == "version3");
    Folder folder;
    folder.add("W.npy", npy(header_of("()"), "1234"));
    folder.add(".hidden", "");
    CHECK(read_npy_folder(folder.path.string()).tensors.size() == 1);
}

TEST_CASE("npy: nothing of a folder is dropped") {
    Folder folder;
    const std::string path = folder.path.string();
    CHECK(failure([&] { read_npy_folder(path); }) == path + ": holds no .npy file");
    folder.add("W.npy", "");
    CHECK(failure([&] { read_npy_folder(path); }) == path + ": array \"W\": is no .npy array");
    folder.add("W.npy", npy(header_of("()"), "1234"));
    folder.add("notes.txt", "");
    fs::create_directory(folder.path / "more.npy");
    const ForeignFile file = read_npy_folder(path);
    CHECK(file.tensors.size() == 3);
    check_unusable(file, "notes.txt", "is no .npy array");
    check_unusable(file, "more.npy", "is no .npy array");
    CHECK(failure([&] { read_npy_folder(path + "/none"); }).find("cannot read") == 0);
}
