#include "same_model.h"

#include "errors.h"
#include "model_kinds.h"

#include <algorithm>

namespace mote::cli {

namespace {

std::string with_number(const char *what, uint32_t number) { return formatted("%s %u", what, number); }

std::string activation_of(const mote_config &config) {
    return kind_of(config).has_layers() ? activation_name(config.activation) : "";
}

/* What two configurations differ in, of the first and of the second. */
struct Difference {
    std::string first, second;
    bool is_there() const { return first != second; }
};

Difference difference_of(const mote_config &first, const mote_config &second) {
    const Difference differences[] = {
        {kind_of(first).name, kind_of(second).name},
        {with_number("--context", first.context), with_number("--context", second.context)},
        {with_number("--embed", first.embed), with_number("--embed", second.embed)},
        {with_number("--hidden", first.hidden), with_number("--hidden", second.hidden)},
        {with_number("--layers", first.layers), with_number("--layers", second.layers)},
        {activation_of(first), activation_of(second)}};
    for (const Difference &difference : differences)
        if (difference.is_there()) return difference;
    return {};
}

/* The place of the first token that is not the same in both. */
uint32_t first_other(const mote_vocab &first, const mote_vocab &second) {
    const uint32_t count = std::min(first.count, second.count);
    return static_cast<uint32_t>(std::mismatch(first.code_points, first.code_points + count, second.code_points).first -
                                 first.code_points);
}

void check_same_characters(const NamedModel &first, const NamedModel &second) {
    const mote_vocab &one = first.file.vocab(), &other = second.file.vocab();
    if (one.boundary != other.boundary)
        throw Failure(formatted("%s: learned from %s, but %s from %s (--lines)", second.path.c_str(),
                                other.boundary != 0 ? "items" : "a text", first.path.c_str(),
                                one.boundary != 0 ? "items" : "a text"));
    const uint32_t at = first_other(one, other);
    if (at == one.count && at == other.count) return;
    auto token = [at](const mote_vocab &vocab) {
        return at < vocab.count ? formatted("U+%04X", vocab.code_points[at]) : std::string("nothing");
    };
    throw Failure(formatted("%s: has other characters than %s, %s in place of %s as token %u; train all of them with "
                            "--base of one model, which gives its characters",
                            second.path.c_str(), first.path.c_str(), token(other).c_str(), token(one).c_str(), at));
}

} // namespace

void check_same_model(const NamedModel &first, const NamedModel &second) {
    const Difference difference = difference_of(first.file.config(), second.file.config());
    if (difference.is_there())
        throw Failure(formatted("%s: is another model than %s, %s and not %s", second.path.c_str(), first.path.c_str(),
                                difference.second.c_str(), difference.first.c_str()));
    check_same_characters(first, second);
}

} // namespace mote::cli
