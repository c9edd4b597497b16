/* A file of the program as the library opens it. */
#ifndef MOTE_TESTS_OPENED_MODEL_H
#define MOTE_TESTS_OPENED_MODEL_H

#include "mote.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

namespace mote_test {

class OpenedModel {
  public:
    explicit OpenedModel(const std::string &file) : lines_(file.size() / sizeof(Line) + 1) {
        std::memcpy(lines_.data(), file.data(), file.size());
        REQUIRE(mote_arena_init(&arena_, room_, sizeof room_) == MOTE_OK);
        REQUIRE(mote_model_open(&model_, &arena_, lines_.data(), file.size()) == MOTE_OK);
    }
    OpenedModel(const OpenedModel &) = delete;
    OpenedModel &operator=(const OpenedModel &) = delete;

    const mote_model *model() const { return model_; }
    mote_tensor tensor(uint32_t index) const {
        mote_tensor tensor{};
        REQUIRE(mote_model_tensor(model_, index, &tensor) == MOTE_OK);
        return tensor;
    }
    /* Where in the file a tensor begins. */
    size_t offset(const mote_tensor &tensor) const {
        return static_cast<size_t>(reinterpret_cast<const unsigned char *>(tensor.data) - lines_.data()->bytes);
    }

  private:
    struct alignas(MOTE_ALIGN) Line {
        unsigned char bytes[MOTE_ALIGN];
    };
    std::vector<Line> lines_;
    alignas(MOTE_ALIGN) unsigned char room_[MOTE_OPEN_BYTES] = {};
    mote_arena arena_{};
    const mote_model *model_ = nullptr;
};

/* Row-major, padding left out. */
inline std::vector<float> elements(const mote_tensor &tensor) {
    std::vector<float> values;
    for (uint32_t row = 0; row < tensor.shape[0]; ++row)
        for (uint32_t column = 0; column < tensor.shape[1]; ++column)
            values.push_back(mote_tensor_at(&tensor, row, column));
    return values;
}

} // namespace mote_test

#endif
