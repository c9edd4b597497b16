#include "output.h"

namespace mote {

float sum_lanes(float *lanes) {
    for (uint32_t half = cpu::kLanes / 2; half > 0; half /= 2)
        for (uint32_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
    return lanes[0];
}

namespace {

// The loss of the rows whose lanes, row mod 16, are in the range: a lane's sum is one chain, whoever computes it.
MOTE_INLINE uint32_t lanes_loss(Batch &b, const uint16_t *targets, float scale, float *nats, Range lanes) {
    const cpu::Mat logits = b.logits();
    // One after the other in a text, the rows may wait for each other's latency together.
    if (cpu::kRoomForCode && b.batch == 1 && lanes.size() == cpu::kLanes)
        return cpu::cross_entropy(logits, b.time, b.config().vocab, {targets, 1}, scale, nats, 0);
    uint32_t bad = 0;
    for (uint32_t begin = 0; begin < b.rows(); begin += b.batch, ++targets) {
        const uint32_t end = begin + b.batch;
        for (uint32_t block = begin / cpu::kLanes * cpu::kLanes; block < end; block += cpu::kLanes) {
            const uint32_t low = block + lanes.first, high = block + lanes.end;
            const uint32_t first = low < begin ? begin : low, last = high < end ? high : end;
            if (first >= last) continue;
            const cpu::Tokens wanted{targets + size_t{first - begin} * b.time, b.time};
            bad |= cpu::cross_entropy(logits.row(first), last - first, b.config().vocab, wanted, scale, nats, first);
        }
    }
    return bad;
}

} // namespace

uint32_t cross_entropy(Batch &b, const uint16_t *targets, float scale, float *nats) {
    const uint64_t macs = b.macs(16, b.config().vocab); // an exponential takes as long as 16 multiply-adds
    return parallel_for(b.split, cpu::kLanes, 1, macs,
                        [&b, targets, scale, nats](Range lanes) { return lanes_loss(b, targets, scale, nats, lanes); });
}

} // namespace mote
