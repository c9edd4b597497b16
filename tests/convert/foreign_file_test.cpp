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

TEST_CASE("other formats are told by name, with what to do") {
    struct Other {
        std::string bytes, name, advice;
    };
    const std::string lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
    const std::vector<Other> others = {
        {"\x89HDF\r\n\x1a\n", "HDF5, as Keras writes it", "model.get_weights()"},
        {container("keras_archive.keras"), "a .keras archive", "model.get_weights()"},
        {lfs, "a pointer of git-lfs", "git lfs pull"},
        {"GGUF\3", "GGUF", "safetensors"},
        {"\x1f\x8b\x08", "gzip", "gunzip"},
        {"\x28\xB5\x2F\xFD", "zstd", "unzstd"},
        {"MATLAB 5.0 MAT-file", "a MAT-file", "numpy.savez"},
        {"....TFL3", "TensorFlow Lite", "the model it was made of"},
        {std::string(20, '\0') + "\x57\xFB\x80\x8B\x24\x75\x47\xDB", "a TensorFlow checkpoint", "numpy.savez"},
        {"model_checkpoint_path: \"ckpt-1\"", "a TensorFlow checkpoint", "numpy.savez"},
        {"\x08\x01\x12\x05 VarHandleOp", "a TensorFlow SavedModel", "numpy.savez"},
        {"{\"model_type\": \"rnn\"}", "JSON", "numpy.savez"},
        {"\n<!DOCTYPE html><html>", "a page of the web", "download"},
        {container("exported.pt2"), "a program of torch.export", "state_dict()"},
        {container("script.pt"), "a TorchScript program", "torch.jit.load"}};
    for (const Other &other : others) {
        const std::string message = refused(other.bytes);
        CAPTURE(message);
        CHECK(message.find(other.name) != std::string::npos);
        CHECK(message.find(other.advice) != std::string::npos);
    }
}

TEST_CASE("what cannot be read is refused with its path and what it is") {
    CHECK(failure([] { read_foreign(container_path("folder/version1.npy"), ""); }) ==
          container_path("folder/version1.npy") + ": a single array; put the arrays into a folder or an .npz");
    CHECK(failure([] { read_foreign(container_path("none.pt"), ""); }) ==
          "cannot read " + container_path("none.pt") + ": No such file or directory");
    CHECK(refused("\x80\x02N.").find("a pickle that torch.save did not write: ") == 0);
    CHECK(refused("MOTE....") == "already a model of mote");
    CHECK(refused(std::string("PK\5\6", 4) + std::string(18, '\0')) ==
          "a zip archive with neither .npy arrays nor a data.pkl");
    CHECK(refused("PK\3\4") == "no zip archive: Not a zip archive");
    CHECK(refused("hello").find("not a file of weights that mote knows") == 0);
    CHECK(refused("") == "is empty");
}
