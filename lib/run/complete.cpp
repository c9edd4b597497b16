// The search for endings.
#include "completer.h"
#include "largest.h"
#include "step.h"

namespace mote {
namespace {

constexpr uint16_t kTaken = 0xffff; // the use of a slot by a beginning that has been read

// Whether the first tokens come before the others: the lower one where they first differ, or the shorter ones.
bool precede(const uint16_t *a, uint32_t a_count, const uint16_t *b, uint32_t b_count) {
    for (uint32_t i = 0; i < a_count && i < b_count; ++i)
        if (a[i] != b[i]) return a[i] < b[i];
    return a_count < b_count;
}

// Beginnings are read in rounds, of all those of a length. A beginning that has been read lies in a slot: its tokens,
// and what the model remembers of them. Each of a round reads one token more and takes the slot of the beginning that
// it goes on with, or, while others need that, a free one: there is one, since of `width` beginnings two begin alike.
class Search {
  public:
    Search(mote_completer *completer, uint32_t until)
        : c_(*completer), vocab_(vocab_of(*completer->state->model)), until_(until), now_(completer->branches),
          next_(completer->branches + completer->width), next_count_(0), depth_(0) {}

    // From where the state stands.
    mote_status run(bool may_be_empty) {
        save(0);
        mote_status status = go_on(0, 0.0f, BegunCharacter(), may_be_empty);
        while (status == MOTE_OK && next_count_ != 0) status = read_round();
        return status;
    }

  private:
    mote_status read_round() {
        Branch *const read = next_;
        const uint32_t count = next_count_;
        next_ = now_;
        now_ = read;
        next_count_ = 0;
        ++depth_;
        memset(uses_of(c_), 0, c_.width * sizeof(uint16_t));
        for (uint32_t i = 0; i < count; ++i) ++uses_of(c_)[now_[i].slot];
        for (uint32_t i = 0; i < count && !is_hopeless(now_[i].nats); ++i) {
            uint32_t slot;
            mote_status status = read_token(now_[i], &slot);
            if (status == MOTE_OK) status = go_on(slot, now_[i].nats, now_[i].begun, true);
            if (status != MOTE_OK) return status;
        }
        return MOTE_OK;
    }

    mote_status read_token(const Branch &branch, uint32_t *slot) {
        load(branch.slot);
        *slot = take_slot(branch.slot);
        const mote_status status = step(c_.state, branch.token);
        if (status != MOTE_OK) return status;
        save(*slot);
        uint16_t *const tokens = slot_tokens(c_, *slot);
        if (*slot != branch.slot) memcpy(tokens, slot_tokens(c_, branch.slot), (depth_ - 1) * sizeof *tokens);
        tokens[depth_ - 1] = branch.token;
        return MOTE_OK;
    }

    uint32_t take_slot(uint32_t before) {
        uint16_t *const uses = uses_of(c_);
        uint32_t slot = before;
        if (--uses[before] != 0)
            for (slot = 0; uses[slot] != 0;) ++slot;
        uses[slot] = kTaken;
        return slot;
    }

    // The endings and the longer beginnings that the logits give.
    mote_status go_on(uint32_t slot, float nats, const BegunCharacter &begun, bool may_end) {
        const float *const logits = state_logits(c_.state), *const most = largest(logits, vocab_.count);
        float log_sum; // of exp(logit - largest): the surprise of the largest
        if (most == nullptr || cpu::surprise(logits, vocab_.count, static_cast<uint32_t>(most - logits), &log_sum) != 0)
            return MOTE_ERR_NUMERIC;
        const float max = *most;
        if (may_end && begun.count == 0) {
            const float share = share_of_ends(logits, max);
            if (mote_bits(share) != 0) add_ending(slot, nats + surprise_of(share, log_sum));
        }
        for (uint32_t token = 0; depth_ != c_.length && token < vocab_.count; ++token) {
            const float sum = nats + (log_sum - (logits[token] - max));
            if (finite(sum) && !is_hopeless(sum)) add_branch(slot, sum, token, begun);
        }
        return MOTE_OK;
    }

    float share_of_ends(const float *logits, float max) const {
        alignas(MOTE_ALIGN) float x[cpu::kLanes];
        float sum = 0.0f;
        for (uint32_t token = 0; token < vocab_.count; ++token) {
            if (!token_ends(vocab_.code_points[token], until_)) continue;
            cpu::draw_weights(x, logits + token, 1, max, 1.0f);
            sum += x[0];
        }
        return sum;
    }

    // Summed in another order, all tokens may have more than all of the probability.
    static float surprise_of(float share, float log_sum) {
        const float nats = log_sum - cpu::log1(share);
        return nats < 0.0f ? 0.0f : nats;
    }

    // Whether there are as many likelier endings as are asked for; what goes on never becomes likelier.
    bool is_hopeless(float nats) const { return c_.found == c_.count && endings_of(c_)[c_.count - 1].nats < nats; }

    bool precedes(const Branch &a, const Branch &b) const {
        if (a.nats < b.nats || b.nats < a.nats) return a.nats < b.nats;
        if (a.slot == b.slot) return a.token < b.token;
        return precede(slot_tokens(c_, a.slot), depth_, slot_tokens(c_, b.slot), depth_);
    }

    void add_branch(uint32_t slot, float nats, uint32_t token, BegunCharacter begun) {
        if (next_count_ == c_.width && next_[c_.width - 1].nats < nats) return;
        if (!may_follow(vocab_, until_, vocab_.code_points[token], &begun)) return;
        const Branch branch = {nats, static_cast<uint16_t>(slot), static_cast<uint16_t>(token), begun};
        if (next_count_ == c_.width && !precedes(branch, next_[c_.width - 1])) return;
        if (next_count_ != c_.width) ++next_count_;
        uint32_t at = next_count_ - 1;
        for (; at > 0 && precedes(branch, next_[at - 1]); --at) next_[at] = next_[at - 1];
        next_[at] = branch;
    }

    bool precedes(const Ending &a, const uint16_t *tokens, const Ending &b) const {
        if (a.nats < b.nats || b.nats < a.nats) return a.nats < b.nats;
        return precede(tokens, a.length, row_tokens(c_, b.row), b.length);
    }

    void add_ending(uint32_t slot, float nats) {
        const uint16_t *const tokens = slot_tokens(c_, slot);
        Ending *const endings = endings_of(c_);
        Ending ending = {nats, static_cast<uint16_t>(c_.found), static_cast<uint16_t>(depth_)};
        if (c_.found == c_.count) {
            if (!precedes(ending, tokens, endings[c_.count - 1])) return;
            ending.row = endings[c_.count - 1].row;
        } else {
            ++c_.found;
        }
        uint32_t at = c_.found - 1;
        for (; at > 0 && precedes(ending, tokens, endings[at - 1]); --at) endings[at] = endings[at - 1];
        endings[at] = ending;
        memcpy(row_tokens(c_, ending.row), tokens, depth_ * sizeof *tokens);
    }

    unsigned char *memory_of(uint32_t slot) const {
        return c_.memories + size_t{slot} * memory_bytes(c_.state->model->config);
    }
    void save(uint32_t slot) {
        const Config &config = c_.state->model->config;
        const size_t window = config.context * sizeof(uint16_t), carried = memory_bytes(config) - window;
        memcpy(memory_of(slot), hidden_now(c_.state, 0), carried);
        memcpy(memory_of(slot) + carried, window_now(c_.state), window); // without a window, the context is 0
    }
    void load(uint32_t slot) {
        const Config &config = c_.state->model->config;
        const size_t window = config.context * sizeof(uint16_t), carried = memory_bytes(config) - window;
        memcpy(hidden_now(c_.state, 0), memory_of(slot), carried);
        memcpy(window_now(c_.state), memory_of(slot) + carried, window);
    }

    mote_completer &c_;
    mote_vocab vocab_;
    uint32_t until_;
    Branch *now_, *next_;
    uint32_t next_count_;
    uint32_t depth_; // tokens of the beginnings of this round
};

// What is read of a prefix, and its last character; U+000A where it has none.
struct Line {
    size_t begin;
    uint32_t last;
};

mote_status find_line(const mote_vocab &vocab, const uint8_t *prefix, size_t bytes, Line *line) {
    *line = {0, kBoundary};
    for (size_t at = 0; at < bytes;) {
        line->last = next_character(prefix, bytes, &at);
        if (line->last == kNotCharacter) return MOTE_ERR_TEXT;
        if (line->last == kBoundary && vocab.boundary != 0) line->begin = at;
    }
    return MOTE_OK;
}

// The state behind the prefix.
mote_status read_prefix(mote_state *state, const mote_vocab &vocab, const uint8_t *prefix, size_t bytes) {
    mote_state_reset(state);
    mote_status status = MOTE_OK;
    if (vocab.boundary != 0 || bytes == 0) status = step(state, 0);
    Speller speller(vocab, prefix, bytes, Speller::LineEnds::kCharacters);
    while (status == MOTE_OK && !speller.at_end()) {
        uint32_t token;
        status = speller.next(&token) ? step(state, static_cast<uint16_t>(token)) : MOTE_ERR_TOKEN;
    }
    return status;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_complete(mote_completer *completer, const char *prefix, size_t bytes, uint32_t until,
                                     uint32_t *found) {
    if (completer == nullptr || found == nullptr || (prefix == nullptr && bytes != 0)) return MOTE_ERR_ARG;
    *found = completer->found = 0;
    if (until != MOTE_UNTIL_WORD && until != MOTE_UNTIL_LINE) return MOTE_ERR_ARG;
    const mote_vocab vocab = vocab_of(*completer->state->model);
    if (!has_token_that_ends(vocab, until)) return MOTE_ERR_MISSING;
    const uint8_t *const text = reinterpret_cast<const uint8_t *>(prefix);
    Line line;
    mote_status status = find_line(vocab, text, bytes, &line);
    if (status == MOTE_OK) status = read_prefix(completer->state, vocab, text + line.begin, bytes - line.begin);
    if (status == MOTE_OK) status = Search(completer, until).run(until == MOTE_UNTIL_LINE || !ends(line.last, until));
    if (status != MOTE_OK) completer->found = 0;
    *found = completer->found;
    return status;
}
