/* fuzz_seeds FOLDER: writes small blobs of every kind and a checkpoint, for the fuzzer to begin with. */
#include "files.h"
#include "support.h"

#include <cstdio>
#include <exception>

using namespace mote_test;

namespace {

void write(const std::string &folder, const char *name, const Buffer &bytes) {
    mote::cli::OutputFile file(folder + "/" + name);
    file.write(bytes.data(), bytes.size());
    file.commit();
}

Buffer blob_of(const mote_config &config) {
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 1, &alphabet.vocab());
    const OwnRecord run = some_record();
    return save(model.get(), config, &run);
}

Buffer int8_blob_of(const mote_config &config) {
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 1, &alphabet.vocab());
    const Int8Model quantized(model);
    return save(quantized.get(), quantized.config());
}

Buffer checkpoint_of(const mote_config &config) {
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 1, &alphabet.vocab());
    const Trainer trainer(model, train_config(2, 2, MOTE_ADAMW));
    const OwnRecord run = some_record();
    return save_checkpoint(trainer.get(), config, &run);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    try {
        write(argv[1], "bigram", blob_of(bigram(5)));
        write(argv[1], "mlp", blob_of(mlp(5, 2, 2, 3, 1)));
        write(argv[1], "rnn", blob_of(rnn(5, 2, 3, 2)));
        write(argv[1], "gru", blob_of(gru(5, 2, 3, 2)));
        write(argv[1], "int8-bigram", int8_blob_of(bigram(5)));
        write(argv[1], "int8-mlp", int8_blob_of(mlp(5, 2, 2, 3, 1, MOTE_RELU)));
        write(argv[1], "int8-rnn", int8_blob_of(rnn(5, 2, 3, 2)));
        write(argv[1], "int8-gru", int8_blob_of(gru(5, 2, 3, 2)));
        write(argv[1], "checkpoint", checkpoint_of(rnn(5, 2, 3, 1)));
    } catch (const std::exception &error) {
        std::fprintf(stderr, "fuzz_seeds: %s\n", error.what());
        return 1;
    }
    return 0;
}
