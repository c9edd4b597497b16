#pragma once

#include "parts.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A character of the text to predict, and one to predict it from. */
constexpr size_t shortest_text = 2;

/* Nats of each character but the first, read once in order from the zero state. */
std::vector<float> surprises(const mote_model *model, TokenView text);

/* Their mean, summed in double in order. `what` names the text for the messages. */
double mean_surprise(const mote_model *model, TokenView text, const std::string &what);

double bits_of_nats(double nats);

} // namespace mote::cli
