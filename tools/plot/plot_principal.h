#pragma once

#include <vector>

namespace mote::cli {

/* A column of numbers, one for each row of a matrix, along its principal component of that rank. */
struct Component {
    std::vector<double> scores;
    double share; /* of the variance; 0 where there is none */
};

/* The two components of most variance of a matrix of at least 2 rows. The sign is such that the score of the greatest
 * magnitude is positive. */
std::vector<Component> two_principal_components(const std::vector<std::vector<double>> &rows);

} // namespace mote::cli
