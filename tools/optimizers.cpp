#include "optimizers.h"

#include "errors.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace mote::cli {

namespace {

constexpr float usual_rate = 0.002f;
/* Those whose usual learning rate is another. */
constexpr std::pair<uint32_t, float> other_rates[] = {{MOTE_SGD, 0.1f}, {MOTE_MOMENTUM, 0.01f}, {MOTE_ADAGRAD, 0.1f}};

const mote_hyperparameter *find_hyperparameter(uint32_t optimizer, const std::string &name) {
    const mote_optimizer_info *info = mote_optimizer_describe(optimizer);
    const mote_hyperparameter *all = info->hyperparameters, *end = all + info->hyperparameter_count;
    const mote_hyperparameter *found =
        std::find_if(all, end, [&](const mote_hyperparameter &parameter) { return parameter.name == name; });
    return found != end ? found : nullptr;
}

} // namespace

const char *optimizer_name(uint32_t optimizer) { return mote_optimizer_describe(optimizer)->name; }

Choices optimizer_choices() {
    Choices choices;
    for (uint32_t i = 0; i < MOTE_OPTIMIZER_COUNT; ++i) choices.emplace_back(optimizer_name(i), i);
    return choices;
}

float usual_learning_rate(uint32_t optimizer) {
    for (const auto &[other, rate] : other_rates)
        if (other == optimizer) return rate;
    return usual_rate;
}

std::string usual_learning_rates() {
    std::string text = formatted("%g", static_cast<double>(usual_rate));
    for (const auto &[optimizer, rate] : other_rates) {
        text += text.find(';') == std::string::npos ? "; " : ", ";
        text += formatted("%s %g", optimizer_name(optimizer), static_cast<double>(rate));
    }
    return text;
}

bool has_hyperparameter(uint32_t optimizer, const std::string &name) {
    return find_hyperparameter(optimizer, name) != nullptr;
}

RealRange hyperparameter_range(const std::string &name) {
    for (uint32_t i = 0; i < MOTE_OPTIMIZER_COUNT; ++i) {
        const mote_hyperparameter *found = find_hyperparameter(i, name);
        if (found != nullptr) return {found->low, found->high, found->may_be_zero != 0};
    }
    throw std::logic_error("no optimizer has a hyperparameter " + name);
}

std::string optimizers_with(const std::string &name) {
    std::vector<std::string> names;
    for (uint32_t i = 0; i < MOTE_OPTIMIZER_COUNT; ++i)
        if (has_hyperparameter(i, name)) names.emplace_back(optimizer_name(i));
    return listed(names, " and ");
}

void fill_hyperparameters(mote_train_config &train) {
    const mote_optimizer_info *info = mote_optimizer_describe(train.optimizer);
    for (uint32_t i = 0; i < info->hyperparameter_count; ++i) {
        const mote_hyperparameter &parameter = info->hyperparameters[i];
        std::memcpy(reinterpret_cast<unsigned char *>(&train) + parameter.offset, &parameter.low, sizeof parameter.low);
    }
}

} // namespace mote::cli
