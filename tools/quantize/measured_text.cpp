#include "measured_text.h"

#include "errors.h"
#include "quantization.h"

namespace mote::cli {

MeasuredText measured_on_itself(const mote_model *model, const std::string &path, const std::string &advice) {
    try {
        return {"its own text", std::make_shared<TokensInMemory>(text_of_its_own(model, path))};
    } catch (const NotFinite &) {
        throw Failure(path + ": grows beyond all numbers on what it writes itself; " + advice);
    }
}

MeasuredText measured_on(Corpus &corpus, const mote_vocab &vocab, const RunRecord &run, ChosenPart part,
                         uint32_t limit) {
    Parts parts(tokens_of(corpus, vocab), run);
    TokenView text = beginning_of(read_part(parts, part), limit);
    const std::string of_part = part ? formatted(", %s part", part_name(static_cast<Part>(*part))) : "";
    return {corpus.name + of_part, std::make_shared<TokensInMemory>(text.all())};
}

} // namespace mote::cli
