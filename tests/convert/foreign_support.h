/* What the tests of readers share. make_containers.py wrote the containers, and says what values they hold. */
#ifndef MOTE_TESTS_FOREIGN_SUPPORT_H
#define MOTE_TESTS_FOREIGN_SUPPORT_H

#include "errors.h"
#include "foreign.h"

#include <functional>
#include <string>

namespace mote_test {

using Reader = std::function<mote::cli::ForeignFile(const std::string &bytes)>;

std::string container_path(const std::string &name);
std::string container(const std::string &name);

/* The tensor of this name; fails the test where there is none. */
const mote::cli::ForeignTensor &tensor(const mote::cli::ForeignFile &file, const std::string &name);

/* Checks that a tensor has this shape, and the value that belongs to each place. */
void check_tensor(const mote::cli::ForeignFile &file, const std::string &name, mote::cli::Dtype dtype,
                  const std::vector<uint64_t> &shape = {2, 3});

/* The tensors of the types that every container has, each named by its type. */
void check_common_types(const mote::cli::ForeignFile &file);

/* What a Failure says; "" where none is thrown. */
std::string failure(const std::function<void()> &act);

/* Reads the bytes cut off at every place, and with every byte changed in three ways: they are refused by a Failure of
 * one line, or all values of all tensors can be read. */
void check_damage(const std::string &bytes, const Reader &read);

/* The bytes, lowest first, of a number. */
std::string number_bytes(uint64_t number, size_t size);

} // namespace mote_test

#endif
