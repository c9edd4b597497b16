/* Weights of 4 bits: which integers and scales a model becomes. */
#include "integer_reference.h"
#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace mote_test;

namespace {

/* One matrix of a model of float32, and what it becomes. */
struct Quantization {
    explicit Quantization(const Model &model)
        : quantized(model, MOTE_PRECISION_INT4), before(tensor_at(model.get(), MOTE_ROLE_RECURRENT, 0)),
          after(tensor_at(quantized.get(), MOTE_ROLE_RECURRENT, 0)), w(after) {}
    float weight(uint32_t output, uint32_t input) const { return mote_tensor_at(&before, output, input); }
    float largest(uint32_t output, uint32_t first, uint32_t end) const {
        float most = 0;
        for (uint32_t i = first; i < std::min(end, w.inputs); ++i) most = std::fmax(most, std::fabs(weight(output, i)));
        return most;
    }

    QuantizedModel quantized;
    mote_tensor before, after;
    IntegerMatrix w;
};

void set_weight(const Model &model, uint32_t output, uint32_t input, float value) {
    const mote_tensor tensor = tensor_at(model.get(), MOTE_ROLE_RECURRENT, 0);
    model.weights()[tensor.offset + (size_t{output} / 16 * model.config().hidden + input) * 16 + output % 16] = value;
}

} // namespace

TEST_CASE("of 4 bits an output's scale is its largest weight / 131, and a group's integer the nearest to its own / 7") {
    const Model model(rnn(9, 0, 70, 1), 5);
    const Quantization q(model);
    for (uint32_t output = 0; output < 70; ++output) {
        CHECK(bits(q.w.scale(output)) == bits(q.largest(output, 0, 70) / 131.0f));
        for (uint32_t first = 0; first < 70; first += 32) {
            const float nearest = std::nearbyint(q.largest(output, first, first + 32) / 7.0f / q.w.scale(output));
            CHECK(static_cast<float>(q.w.group(output, first)) == std::fmin(15.0f, std::fmax(1.0f, nearest)));
        }
    }
}

TEST_CASE("of 4 bits a weight is the nearest multiple of its group's step") {
    const Model model(rnn(9, 0, 70, 1), 5);
    const Quantization q(model);
    for (uint32_t output = 0; output < 70; ++output)
        for (uint32_t i = 0; i < 70; ++i) {
            const float step = static_cast<float>(q.w.group(output, i)) * q.w.scale(output);
            const float nearest = std::nearbyint(q.weight(output, i) / step);
            CHECK(static_cast<float>(q.w.weight(output, i)) == std::fmin(7.0f, std::fmax(-7.0f, nearest)));
            CHECK(bits(mote_tensor_at(&q.after, output, i)) ==
                  bits(static_cast<float>(q.w.integer(output, i)) * q.w.scale(output)));
        }
}

TEST_CASE("of 4 bits the edges: no weight but +0, the least scale, the largest numbers, groups far apart") {
    const Model model(rnn(9, 0, 40, 1), 5);
    for (uint32_t i = 0; i < 40; ++i) {
        set_weight(model, 0, i, 0.0f);
        set_weight(model, 1, i, i == 0 ? -0x1p-39f : 0.0f);
        set_weight(model, 2, i, i == 0 ? 3.4028235e38f : 0.0f);
        set_weight(model, 3, i, i < 32 ? 1.0f : 0.001f);
    }
    const Quantization q(model);
    CHECK(bits(q.w.scale(0)) == 0);
    CHECK(q.w.weight(0, 7) == 0);
    CHECK(q.w.group(0, 7) == 1);
    CHECK(q.w.scale(1) == 0x1p-40f);
    CHECK(q.w.integer(1, 0) == -2);
    CHECK(q.w.integer(2, 0) == 105);
    CHECK(std::isfinite(105 * q.w.scale(2)));
    CHECK(q.w.integer(3, 0) == 105);
    CHECK(q.w.group(3, 32) == 1);
}

TEST_CASE("the hash of a model of 4 bits changes with a weight, a group and a scale") {
    const Model model(rnn(9, 0, 40, 1), 5);
    const QuantizedModel quantized(model, MOTE_PRECISION_INT4);
    mote_tensor matrix = tensor_at(quantized.get(), MOTE_ROLE_RECURRENT, 0);
    auto *const bytes = static_cast<unsigned char *>(const_cast<void *>(matrix.data));
    const uint64_t hash = mote_weights_hash(quantized.get());
    for (const size_t at : {size_t{3}, size_t{64}, size_t{64 + 16 + 3}}) {
        bytes[at] ^= 1;
        CHECK(mote_weights_hash(quantized.get()) != hash);
        bytes[at] ^= 1;
    }
    CHECK(mote_weights_hash(quantized.get()) == hash);
}
