// What an adapter says of the Eigen that it was compiled with.
#ifndef MOTE_EIGEN_VERSION_H
#define MOTE_EIGEN_VERSION_H

#include <Eigen/Core>
#include <string>

namespace mote_bench {

// Its version, and the best of its instruction sets: Eigen::SimdInstructionSetsInUse() does not name AVX2.
inline std::string eigen_version() {
    const std::string version = std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                                std::to_string(EIGEN_MINOR_VERSION);
#if defined(EIGEN_VECTORIZE_AVX512)
    return "Eigen " + version + ", AVX512";
#elif defined(EIGEN_VECTORIZE_AVX2) && defined(EIGEN_VECTORIZE_FMA)
    return "Eigen " + version + ", AVX2";
#else
    return "Eigen " + version + ", " + Eigen::SimdInstructionSetsInUse();
#endif
}

} // namespace mote_bench

#endif
