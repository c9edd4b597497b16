/* In the place of zip_archive.cpp and npz_write.cpp, where the program is built without libzip. */
#include "errors.h"
#include "npz_write.h"
#include "zip_archive.h"

namespace mote::cli {

bool is_zip(const std::string &bytes) {
    return bytes.compare(0, 4, "PK\x03\x04") == 0 || bytes.compare(0, 4, "PK\x05\x06") == 0;
}

void ZipArchive::Close::operator()(zip *) const {}

ZipArchive::ZipArchive(const std::string &) {
    throw Failure(
        "a zip archive, as PyTorch's files and .npz are; this program was built without libzip and reads none: "
        "save the weights as safetensors, or unpack the .npz into a folder");
}

const ZipArchive::Entry *ZipArchive::find(const std::string &) const { return nullptr; }

std::string ZipArchive::read(const Entry &) const { return {}; }

std::string npz_of(const ModelFile &) {
    throw Failure(
        "an .npz is a zip archive; this program was built without libzip and writes none: give a file that ends "
        "in .safetensors");
}

} // namespace mote::cli
