#pragma once

#include "threads.h"
#include "tokens.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mote::cli {

/* The text cut into stretches of about the same length, each of which begins with the character that the one before
 * ends with: of the c characters after the first, row i of n predicts floor(i c / n) … floor((i + 1) c / n) - 1. */
std::vector<TokenView> cut_into_rows(TokenView text, uint32_t rows);

/* Reads the rows side by side, each once in order from the zero state, and sums the nats of its characters but the
 * first in double, in order. `threads`, where there are some, share the rows; the sums do not depend on them. Takes at
 * most 1 MiB for each thread, or what one character of each row needs. `what` names the text for the messages. */
std::vector<double> sums_of_rows(const mote_model *model, const std::vector<TokenView> &rows, Threads *threads,
                                 const std::string &what);

} // namespace mote::cli
