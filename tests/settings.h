/* Models and trainers drawn at random, for what must hold of all of them. */
#ifndef MOTE_TESTS_SETTINGS_H
#define MOTE_TESTS_SETTINGS_H

#include "support.h"

namespace mote_test {

struct Setting {
    mote_config config;
    mote_train_config train;
};

std::string describe(const Setting &s);

/* The same at every call. */
const std::vector<Setting> &settings();

} // namespace mote_test

#endif
