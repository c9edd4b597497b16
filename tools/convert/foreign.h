#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

namespace mote::cli {

/* What the elements of a foreign tensor are. `other`: a type that holds no weights (complex, strings …). */
enum class Dtype { f16, bf16, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64, boolean, other };

/* Bytes of an element; 0 for `other`. */
size_t size_of(Dtype dtype);
bool is_real(Dtype dtype);
bool is_whole(Dtype dtype);

/* A tensor in the memory of a ForeignFile. Whoever makes one has checked that every element lies in that memory. */
struct ForeignTensor {
    std::string name;
    Dtype dtype = Dtype::other;
    std::string dtype_name; /* as the file calls it, for messages */
    std::vector<uint64_t> shape;
    std::vector<uint64_t> strides; /* in elements; as many as there are dimensions */
    const unsigned char *data = nullptr;
    bool big_endian = false;
    std::string unusable; /* of an entry that is not a tensor: what it is, and what to do; then it is of type `other` */

    uint64_t count() const; /* elements; of a scalar 1 */
    /* Element `index` in row-major order of the shape, exactly: f64 holds every real type and, up to 2^53, every whole
     * one. Not for `other`. */
    double at(uint64_t index) const;
};

/* An entry of a file that has a name and is not a tensor: --ignore can leave it out. */
ForeignTensor unusable_tensor(std::string name, std::string why);

/* Throws Failure for such an entry. */
void check_usable(const ForeignTensor &tensor);

/* "[65, 128]" */
std::string shape_text(const std::vector<uint64_t> &shape);

/* Strides of a row-major shape. */
std::vector<uint64_t> row_major(const std::vector<uint64_t> &shape);

/* The product of the dimensions; throws Failure, naming the tensor, where it exceeds 2^40. */
uint64_t checked_count(const std::string &name, const std::vector<uint64_t> &shape);

/* A file of weights that another framework wrote. Reading it costs its size in memory, what is compressed in it
 * unpacked, and small records of what lies where. */
struct ForeignFile {
    std::string format;                 /* "safetensors", "npz", "PyTorch", "ONNX" … */
    std::list<std::string> memory;      /* a list, since the tensors point into its elements */
    std::vector<ForeignTensor> tensors; /* in the file's order */
    bool whole_graph = false;           /* the file tells how its tensors are used: a bias that it lacks is none */
    uint32_t activation = 0;            /* MOTE_TANH, MOTE_RELU; 0: the file does not tell */
    std::string gates = "rzn";          /* in which order tensors of a GRU hold its gates; this is PyTorch's */
    std::vector<std::string> notes;     /* what of the file is not part of the weights */
};

} // namespace mote::cli
