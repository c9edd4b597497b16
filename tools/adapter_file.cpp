#include "adapter_file.h"

#include "errors.h"
#include "results.h"
#include "surprise.h"
#include "text_rows.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

Choices learned_choices() {
    return {{"output", MOTE_LEARN_OUTPUT},
            {"biases", MOTE_LEARN_BIASES},
            {"both", MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES},
            {"all", LEARN_ALL}};
}

std::string learned_name(uint32_t learned) {
    for (const auto &[name, number] : learned_choices())
        if (number == learned) return name;
    return std::to_string(learned);
}

bool is_adapter(const AlignedBytes &bytes) { return bytes.size() >= 4 && std::memcmp(bytes.data(), "MOTA", 4) == 0; }

void check_adapter(mote_status status, const AlignedBytes &bytes, const std::string &path, const ModelFile &base,
                   const std::string &base_path) {
    if (status == MOTE_ERR_FORMAT) throw Failure(path + ": not an adapter, or cut short; mote train --learn makes one");
    if (status != MOTE_ERR_BASE) return check(status, path);
    mote_adapter_info info{};
    check(mote_adapter_peek(bytes.data(), bytes.size(), &info), path);
    throw Failure(formatted("%s: is an adapter of the model with the weights hash %s, but %s has %s; give it its own "
                            "base",
                            path.c_str(), hash_text(info.base_hash).c_str(), base_path.c_str(),
                            hash_text(mote_weights_hash(base.model())).c_str()));
}

AdaptedModel::AdaptedModel(const ModelFile &base, const std::string &base_path, const std::string &path) : base_(base) {
    if (path.empty()) return;
    if (base.config().layers == 0) throw Failure(base_path + ": a bigram, which has no adapters");
    bytes_ = read_bytes(path);
    arena_ = OwnArena(mote_adapter_open_bytes(&base.config()));
    const mote_status status = mote_adapter_open(&adapter_, arena_.get(), base.model(), bytes_.data(), bytes_.size());
    check_adapter(status, bytes_, path, base, base_path);
}

const mote_model *AdaptedModel::model() const {
    return adapter_ != nullptr ? mote_adapter_model(adapter_) : base_.model();
}

namespace {

/* Calls sum(nats) for each character of the text but the first, read once in order from the zero state. */
template <typename Sum> void score_with(const mote_adapter *adapter, const mote_model *base, TokenView text, Sum sum) {
    constexpr size_t most = 1u << 16; /* tokens at once */
    mote_config config{};
    check(mote_model_config(base, &config), "score");
    OwnArena arena(mote_state_bytes(&config));
    mote_state *state = nullptr;
    check(mote_state_init(&state, arena.get(), base), "score");
    std::vector<uint16_t> piece(std::min(most + 1, text.count));
    for (size_t first = 0; first + 1 < text.count; first += most) {
        const size_t length = std::min(most + 1, text.count - first);
        text.read(first, length, piece.data());
        for (size_t i = 0; i + 1 < length; ++i) {
            float nats = 0;
            check(mote_adapter_score(adapter, state, piece[i], piece[i + 1], &nats), "score");
            sum(nats);
        }
    }
}

} // namespace

const mote_model *AdaptedModel::model_of_state() const { return model() != nullptr ? model() : base_.model(); }

mote_status AdaptedModel::step(mote_state *state, uint16_t token, const float **logits) const {
    return adapter_ != nullptr ? mote_adapter_step(adapter_, state, token, logits) : mote_step(state, token, logits);
}

std::vector<float> AdaptedModel::nats_of(const std::vector<uint16_t> &text) const {
    if (model() != nullptr) return surprises(model(), text);
    std::vector<float> all;
    all.reserve(text.size());
    const TokensInMemory tokens(text);
    score_with(adapter_, base_.model(), TokenView::of(tokens), [&](float nats) { all.push_back(nats); });
    return all;
}

double AdaptedModel::mean_nats(TokenView text, uint32_t rows, const std::string &what) const {
    return model() != nullptr ? mean_surprise(model(), text, rows, nullptr, what)
                              : adapter_mean_surprise(adapter_, base_.model(), text, rows, what);
}

double adapter_mean_surprise(const mote_adapter *adapter, const mote_model *base, TokenView text, uint32_t rows,
                             const std::string &what) {
    if (text.count < shortest_text)
        throw Failure(formatted("%s: too short to be measured, %zu characters", what.c_str(), text.count));
    double sum = 0;
    for (TokenView row : cut_into_rows(text, rows)) {
        double of_row = 0;
        score_with(adapter, base, row, [&](float nats) { of_row += static_cast<double>(nats); });
        sum += of_row;
    }
    return sum / static_cast<double>(text.count - 1);
}

Option add_adapter(CommandLine app, std::string &path) {
    return add_path(app, "--adapter", path, "A.adapter", "what was learned beside the model (mote train --learn)");
}

} // namespace mote::cli
