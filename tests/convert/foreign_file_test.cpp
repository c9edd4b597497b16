/* What a file is, is seen by what it holds. */
#include "foreign_file.h"

#include "files.h"
#include "foreign_support.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace mote_test;
using mote::cli::read_foreign;
using mote::cli::UsageError;

namespace {

std::string format_of(const std::string &name) { return read_foreign(container_path(name), "").format; }

/* What is said of a file with these bytes, without its path. */
std::string refused(const std::string &bytes) {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("mote_foreign_" + std::to_string(bytes.size()))).string();
    mote::cli::OutputFile file(path);
    file.write(bytes.data(), bytes.size());
    file.commit();
    std::string text = failure([&] { read_foreign(path, ""); });
    std::filesystem::remove(path);
    REQUIRE(text.rfind(path + ": ", 0) == 0);
    return text.substr(path.size() + 2);
}

} // namespace

TEST_CASE("a file is read by its content, a folder as arrays") {
    CHECK(format_of("types.safetensors") == "safetensors");
    CHECK(format_of("deflated.npz") == "npz");
    CHECK(format_of("types.pt") == "PyTorch");
    CHECK(format_of("types_legacy.pt") == "PyTorch");
    CHECK(format_of("folder") == "npy");
}

TEST_CASE("a key is for PyTorch files") {
    CHECK(read_foreign(container_path("checkpoint.pt"), "model_state_dict").tensors.size() == 2);
    CHECK_THROWS_AS(read_foreign(container_path("types.npz"), "a"), UsageError);
    CHECK_THROWS_AS(read_foreign(container_path("folder"), "a"), UsageError);
}

TEST_CASE("what cannot be read is refused with its path and what it is") {
    CHECK(failure([] { read_foreign(container_path("folder/version1.npy"), ""); }) ==
          container_path("folder/version1.npy") + ": a single array; put the arrays into a folder or an .npz");
    CHECK(failure([] { read_foreign(container_path("none.pt"), ""); }) ==
          "cannot read " + container_path("none.pt") + ": No such file or directory");
    CHECK(refused("\x89HDF\r\n\x1a\n") == "is HDF5, which is not read");
    CHECK(refused("GGUF\3") == "is GGUF, which is not read");
    CHECK(refused("\x1f\x8b\x08") == "is gzip, which is not read");
    CHECK(refused("\x80\x02N.") == "a pickle that torch.save did not write");
    CHECK(refused("MOTE....") == "already a model of mote");
    CHECK(refused(std::string("PK\5\6", 4) + std::string(18, '\0')) ==
          "a zip archive with neither .npy arrays nor a data.pkl");
    CHECK(refused("PK\3\4") == "no zip archive: Not a zip archive");
    CHECK(refused("hello").find("not a file of weights that mote knows") == 0);
    CHECK(refused("").find("not a file of weights that mote knows") == 0);
}
