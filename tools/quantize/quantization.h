#pragma once

#include "aligned_memory.h"
#include "parts.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* A model with weights of int8, made of one of float32. */
struct Quantized {
    OwnArena arena;
    mote_model *model = nullptr;
    std::vector<float> largest; /* of each layer of ReLU the activation that 127 stands for; else empty */
};

/* `text`: what the activations of ReLU are measured on. `what` names the model for the messages. */
Quantized quantize(const mote_model *model, TokenView text, const std::string &what);

/* Refuses a model that is quantized already, or that has more inputs of a product than may be. */
void check_quantizable(const mote_config &config, const std::string &what);

/* What a model itself writes: for a text to measure it on where there is none. */
std::vector<uint16_t> text_of_its_own(const mote_model *model, const std::string &what);

/* Two models on a text, each reading it once in order, or in rows. */
struct Comparison {
    double loss_before, loss;  /* mean nats of each character but the first */
    double largest_difference; /* of any logit */
};
Comparison compare(const mote_model *before, const mote_model *after, TokenView text, const std::string &what);

} // namespace mote::cli
