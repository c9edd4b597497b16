#include "teacher.h"

#include "aligned_memory.h"
#include "errors.h"
#include "model_file.h"
#include "progress.h"
#include "text_rows.h"

#include <algorithm>
#include <cstring>
#include <exception>

namespace mote::cli {

namespace {

constexpr uint32_t teacher_section = MOTE_SECTION_ID('t', 'c', 'h', '1');
constexpr uint32_t teacher_purpose = 0x74656163; /* of its generators: the library's own purposes are small numbers */

/* Of each target so many are drawn: a training of more passes begins again with the first. Fewer where the text is so
 * long that they would take more memory than this. */
constexpr size_t most_draws = 16, most_bytes = size_t{1} << 30;
/* Parts of a text that is not cut into items: they are read side by side. */
constexpr uint32_t rows_of_a_text = 64;

/* Draws the targets of stretches of a text. */
class Drawing {
  public:
    Drawing(const ModelFile &teacher, float share, uint32_t first, uint32_t step,
            std::vector<std::vector<uint16_t>> &drawn)
        : teacher_(teacher), share_(static_cast<uint32_t>(share * 0x1p24f)), first_(first), step_(step), drawn_(drawn),
          arena_(mote_state_bytes(&teacher.config())) {
        check(mote_state_init(&state_, arena_.get(), teacher.model()), "teacher");
    }

    /* The first token of a stretch is only read. */
    void draw(const std::vector<uint16_t> &text, TokenView stretch, mote_rng rng) {
        mote_state_reset(state_);
        for (size_t i = stretch.first + 1; i < stretch.first + stretch.count; ++i) {
            const float *logits = nullptr;
            check(mote_step(state_, text[i - 1], &logits), "teacher");
            for (size_t k = first_; k < drawn_.size(); k += step_) {
                uint16_t token = text[i];
                if (mote_rng_below(&rng, 1u << 24) < share_)
                    check(mote_sample(logits, teacher_.config().vocab, 1, 0, &rng, &token), "teacher");
                drawn_[k][i] = token;
            }
        }
    }

  private:
    const ModelFile &teacher_;
    uint32_t share_, first_, step_;
    std::vector<std::vector<uint16_t>> &drawn_;
    OwnArena arena_;
    mote_state *state_ = nullptr;
};

/* What is read without a break: an item with the boundaries around it, or a part of a text. */
std::vector<TokenView> stretches_of(TokenView text, const std::vector<uint32_t> &starts, bool lines) {
    if (!lines) return cut_into_rows(text, static_cast<uint32_t>(std::min<size_t>(rows_of_a_text, text.count - 1)));
    std::vector<TokenView> stretches;
    for (size_t i = 0; i < starts.size(); ++i) {
        size_t end = i + 1 < starts.size() ? starts[i + 1] : text.count;
        stretches.push_back({text.tokens, starts[i] - 1, end - starts[i] + 1});
    }
    return stretches;
}

void for_each(size_t count, Threads *threads, const std::function<void(size_t, size_t)> &work) {
    const uint32_t shares = threads != nullptr ? threads->count() : 1;
    std::vector<std::exception_ptr> failures(shares);
    auto take = [&](uint32_t i) {
        try {
            work(count * i / shares, count * (i + 1) / shares);
        } catch (...) {
            failures[i] = std::current_exception();
        }
    };
    if (shares > 1) {
        threads->run(shares, take);
    } else {
        take(0);
    }
    for (const std::exception_ptr &failure : failures)
        if (failure != nullptr) std::rethrow_exception(failure);
}

void check_teacher(const ModelFile &teacher, const std::string &path, const mote_vocab &vocab) {
    const mote_vocab &own = teacher.vocab();
    bool same = own.count == vocab.count && own.boundary == vocab.boundary &&
                std::equal(own.code_points, own.code_points + own.count, vocab.code_points);
    if (!same)
        throw Failure("--teacher " + path +
                      ": knows other characters than this training; train it on the same CORPUS with the same --lines "
                      "and --vocab-size");
}

/* Characters of the dev part that the teacher has learned would come back in what it teaches. */
void note_other_split(const ModelFile &teacher, const std::string &path, const RunRecord &run) {
    std::optional<RunRecord> own = teacher.run();
    bool whole = run.split[TRAIN] == 100;
    bool same = own && own->corpus_hash == run.corpus_hash && own->lines == run.lines &&
                std::equal(run.split, run.split + 3, own->split) && (run.lines == 0 || own->seed == run.seed);
    if (whole || same) return;
    tell(false, "--teacher " + path +
                    ": was not trained with this --split and --seed, and may know the other parts, whose losses are "
                    "then too low");
}

} // namespace

TeacherTargets::TeacherTargets(const std::vector<std::string> &paths, float share, Parts &parts, const RunRecord &run,
                               const mote_vocab &vocab, Threads *threads)
    : parts_(parts), lines_(run.lines != 0), record_{0xcbf29ce484222325u, static_cast<uint32_t>(paths.size()), share} {
    const TokenView part = parts.read(TRAIN);
    const size_t draws = std::min(most_draws, most_bytes / (sizeof(uint16_t) * part.count));
    const auto count = static_cast<uint32_t>(paths.size());
    if (draws < count)
        throw Failure(formatted("--teacher: the training part is too long, or the teachers are too many; of %zu "
                                "characters %zu can teach",
                                part.count, draws));
    const TokensInMemory text(part.all());
    std::vector<std::vector<uint16_t>> drawn(draws, text.all());
    if (lines_) {
        size_t found = 0;
        mote_items_find(text.all().data(), text.count(), nullptr, 0, &found);
        starts_.resize(found);
        check(mote_items_find(text.all().data(), text.count(), starts_.data(), found, &found), "items");
    }
    const std::vector<TokenView> stretches = stretches_of(TokenView::of(text), starts_, lines_);
    for (uint32_t t = 0; t < count; ++t) {
        const ModelFile teacher(paths[t]);
        check_teacher(teacher, paths[t], vocab);
        note_other_split(teacher, paths[t], run);
        record_.hash = (record_.hash ^ mote_weights_hash(teacher.model())) * 0x100000001b3u;
        for_each(stretches.size(), threads, [&](size_t first, size_t end) {
            Drawing drawing(teacher, share, t, count, drawn);
            for (size_t i = first; i < end; ++i) {
                mote_rng rng;
                mote_rng_derive(&rng, run.seed, teacher_purpose, uint64_t{i} * count + t);
                drawing.draw(text.all(), stretches[i], rng);
            }
        });
    }
    for (std::vector<uint16_t> &one : drawn) drawn_.push_back(std::make_unique<TokensInMemory>(std::move(one)));
}

TokenView TeacherTargets::pass(uint64_t pass, uint64_t arrangement) {
    const TokensInMemory &drawn = *drawn_[static_cast<size_t>(pass % drawn_.size())];
    if (!lines_) return TokenView::of(drawn);
    std::vector<uint16_t> arranged(1, 0);
    for (uint32_t item : parts_.order_of_pass(arrangement)) {
        const size_t end = item + 1 < starts_.size() ? starts_[item + 1] : drawn.count();
        arranged.insert(arranged.end(), drawn.all().begin() + starts_[item],
                        drawn.all().begin() + static_cast<ptrdiff_t>(end));
    }
    arranged_ = std::make_unique<TokensInMemory>(std::move(arranged));
    return TokenView::of(*arranged_);
}

mote_section section_of(const TeacherRecord &record) { return {teacher_section, &record, sizeof record}; }

TeacherRecord read_teacher_record(const void *blob, size_t bytes) {
    const void *data = nullptr;
    size_t size = 0;
    TeacherRecord record{};
    if (mote_blob_section(blob, bytes, teacher_section, &data, &size) == MOTE_OK && size == sizeof record)
        std::memcpy(&record, data, sizeof record);
    return record;
}

} // namespace mote::cli
