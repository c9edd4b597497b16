#pragma once

#include "option_values.h"

#include "mote.h"

#include <string>

namespace mote::cli {

/* The optimizers, by the library's table of them, and the one thing that the program adds to it: the learning rate
 * where no option says otherwise. */
const char *optimizer_name(uint32_t optimizer);
/* Names and numbers, for an option's choices. */
Choices optimizer_choices();

float usual_learning_rate(uint32_t optimizer);
/* "0.002; sgd 0.1, …" */
std::string usual_learning_rates();

/* Of a hyperparameter, by the name of its member in mote_train_config: what it may be, and the optimizers that have it,
 * "adagrad and adamw". */
RealRange hyperparameter_range(const std::string &name);
std::string optimizers_with(const std::string &name);
bool has_hyperparameter(uint32_t optimizer, const std::string &name);

/* Fills in values that the optimizer takes, to ask the library for sizes, which do not depend on them. */
void fill_hyperparameters(mote_train_config &train);

} // namespace mote::cli
