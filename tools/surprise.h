#pragma once

#include "threads.h"
#include "tokens.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A character of the text to predict, and one to predict it from. */
constexpr size_t shortest_text = 2;

/* Nats of each character but the first, read once in order from the zero state. */
std::vector<float> surprises(const mote_model *model, const std::vector<uint16_t> &text);

/* Rows that a training part is cut into to be measured. */
constexpr uint32_t rows_of_training = 64;

/* The mean nats of each character but the first. The text is cut into rows that are read side by side, each from the
 * zero state, and whose sums in double are added in order; one row: it is read once in order. `what` names the text for
 * the messages. */
double mean_surprise(const mote_model *model, TokenView text, uint32_t rows, Threads *threads, const std::string &what);

/* Of each of several texts, each read once in order, beside each other. */
std::vector<double> mean_surprises(const mote_model *model, const std::vector<TokenView> &texts, Threads *threads,
                                   const std::string &what);

double bits_of_nats(double nats);

} // namespace mote::cli
