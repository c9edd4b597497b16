#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>

namespace mote::onnx {
class Tensor;
}

namespace mote::cli {

/* The files beside an ONNX model that hold its tensors' values. Each is read once, whole. */
class OnnxExternal {
  public:
    /* `path`: of the model. The files' bytes go into `memory`. */
    OnnxExternal(std::string path, std::list<std::string> &memory) : path_(std::move(path)), memory_(memory) {}

    /* Where the `size` bytes of a tensor are. Throws Failure for a file that is missing or lies outside the model's
     * folder, for bytes beyond its end, and for a checksum (SHA-1) that the file does not have. */
    const unsigned char *data_of(const std::string &name, const onnx::Tensor &tensor, uint64_t size);

  private:
    const std::string &file(const std::string &location);

    std::string path_;
    std::list<std::string> &memory_;
    std::map<std::string, const std::string *> files_; /* by location */
};

} // namespace mote::cli
