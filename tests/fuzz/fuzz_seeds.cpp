/* fuzz_seeds blob FOLDER: writes small blobs of every kind and a checkpoint, for the fuzzer to begin with.
 * fuzz_seeds packet|stream FOLDER: packets, or streams, of every kind of model. */
#include "files.h"
#include "stream_support.h"

#include <cstdio>
#include <cstring>
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
    const QuantizedModel quantized(model);
    return save(quantized.get(), quantized.config());
}

Buffer checkpoint_of(const mote_config &config) {
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 1, &alphabet.vocab());
    const Trainer trainer(model, train_config(2, 2, MOTE_ADAMW));
    const OwnRecord run = some_record();
    return save_checkpoint(trainer.get(), config, &run);
}

void write_blobs(const std::string &folder) {
    write(folder, "bigram", blob_of(bigram(5)));
    write(folder, "mlp", blob_of(mlp(5, 2, 2, 3, 1)));
    write(folder, "rnn", blob_of(rnn(5, 2, 3, 2)));
    write(folder, "gru", blob_of(gru(5, 2, 3, 2)));
    write(folder, "int8-bigram", int8_blob_of(bigram(5)));
    write(folder, "int8-mlp", int8_blob_of(mlp(5, 2, 2, 3, 1, MOTE_RELU)));
    write(folder, "int8-rnn", int8_blob_of(rnn(5, 2, 3, 2)));
    write(folder, "int8-gru", int8_blob_of(gru(5, 2, 3, 2)));
    write(folder, "checkpoint", checkpoint_of(rnn(5, 2, 3, 1)));
}

/* As fuzz_packet reads them: the number of the model, then the packet. */
void write_packets(const std::string &folder) {
    for (size_t i = 0; i < message_models().size(); ++i) {
        const Codec codec(*message_models()[i].model);
        size_t number = 0;
        for (const std::string &message : messages_for(message_models()[i], 2)) {
            const std::string packet = static_cast<char>(i) + pack(codec, message);
            const std::string name = std::to_string(i) + "-" + std::to_string(number++);
            write(folder, name.c_str(), Buffer(packet.data(), packet.size()));
        }
    }
}

/* As fuzz_stream reads them: the number of the model, then all but the head. */
void write_streams(const std::string &folder) {
    for (size_t i = 0; i < message_models().size(); ++i) {
        const Stream stream(*message_models()[i].model);
        for (const size_t size : {size_t{20}, size_t{1000}}) {
            std::string bytes = write_stream(stream, text_for(message_models()[i], 4), size);
            bytes = static_cast<char>(i) + bytes.substr(MOTE_STREAM_HEAD_BYTES);
            const std::string name = std::to_string(i) + "-" + std::to_string(size);
            write(folder, name.c_str(), Buffer(bytes.data(), bytes.size()));
        }
    }
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::fputs("usage: fuzz_seeds blob|packet|stream FOLDER\n", stderr);
        return 2;
    }
    try {
        if (std::strcmp(argv[1], "packet") == 0)
            write_packets(argv[2]);
        else if (std::strcmp(argv[1], "stream") == 0)
            write_streams(argv[2]);
        else
            write_blobs(argv[2]);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "fuzz_seeds: %s\n", error.what());
        return 1;
    }
    return 0;
}
