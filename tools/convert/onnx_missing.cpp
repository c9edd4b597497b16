/* In the place of onnx_*.cpp, where the program is built without protobuf. */
#include "errors.h"
#include "onnx_file.h"

namespace mote::cli {

ForeignFile read_onnx(const std::string &, const std::string &) {
    throw Failure(
        "an ONNX file, it seems; this program was built without protobuf and reads none: save the weights of the "
        "framework that made it as safetensors");
}

} // namespace mote::cli
