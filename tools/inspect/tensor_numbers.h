#pragma once

#include "blob_parts.h"

#include <optional>

namespace mote::cli {

/* Of a tensor's elements that are finite, padding left out. */
struct TensorNumbers {
    double least = 0, greatest = 0, mean = 0, deviation = 0;
    double zeros = 0;        /* share */
    uint64_t not_finite = 0; /* how many NaN and infinities there are beside them */
};
TensorNumbers tensor_numbers(const mote_tensor &tensor);

/* Numbers that no blob may hold: not finite, smaller than `quantum` and not +0, or, where the array is of sums of
 * squares, negative; of int8 -128, of 4 bits a weight of -8 or a group of 0; in the padding anything but +0. */
struct BadNumbers {
    uint64_t first; /* its byte in the tensor */
    uint64_t count;
    float value; /* of the first */
    bool high;   /* of 4 bits: it is in the high half of that byte */
};
struct NumberRule {
    float quantum;
    bool negative_too;
};
std::optional<BadNumbers> bad_numbers(const unsigned char *bytes, const BlobTensor &tensor, const NumberRule &rule);

/* The longest run of zeros among the elements of a matrix as they are stored, padding left out, where it is of four or
 * more and there is hardly a zero elsewhere: what an erased block leaves, and training does not. */
struct ZeroRun {
    uint64_t first; /* the byte in the tensor */
    uint64_t count; /* elements */
};
std::optional<ZeroRun> odd_zeros(const unsigned char *floats, const BlobTensor &tensor);

/* "NaN", "-infinity", "1e-20" … */
std::string number_text(float value);

} // namespace mote::cli
