/* Adapters: used in place and loaded, saved, damaged, and with a base that is not theirs. */
#include "adapted_model.h"
#include "damage.h"
#include "settings.h"

#include <cstring>

using namespace mote_test;

namespace {

constexpr size_t adapter_learned_at = 48, adapter_hash_at = 56, adapter_weights_at = 128;

/* A base in memory of the program's own, far from the heap on 64 bits. */
alignas(MOTE_ALIGN) unsigned char flash[1 << 16];

struct OpenedBase {
    explicit OpenedBase(const Model &model) : arena(MOTE_OPEN_BYTES) {
        const Buffer blob = save(model.get(), model.config());
        REQUIRE(blob.size() <= sizeof flash);
        std::memcpy(flash, blob.data(), blob.size());
        REQUIRE(mote_model_open(&opened, &arena.arena, flash, sizeof flash) == MOTE_OK);
    }
    Arena arena;
    const mote_model *opened = nullptr;
};

Buffer saved(const mote_adapter *adapter, const mote_config &config, uint32_t learned) {
    Buffer blob(mote_adapter_blob_bytes(&config, learned));
    mote_buffer buffer{blob.data(), blob.size(), 0};
    REQUIRE(mote_adapter_save(adapter, mote_buffer_write, &buffer) == MOTE_OK);
    REQUIRE(buffer.used == blob.size());
    return blob;
}

void learn(const Adapter &adapter, const mote_config &config, uint32_t learned, int steps) {
    const Learner learner(adapter, config, learned, train_config(1, 8));
    Random random(5);
    for (int i = 0; i < steps; ++i) {
        const Batch batch = draw_batch(random, config, 1, 8);
        float loss = -1;
        REQUIRE(mote_learn_step(learner.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    }
}

/* Whether two states give the same logits for a text. */
bool same_logits(const mote_model *a, const mote_model *b, const mote_config &config) {
    const State one(a, config), other(b, config);
    bool same = true;
    for (uint16_t token : draw_tokens(config.vocab, 20, 3)) {
        const float *x = nullptr, *y = nullptr;
        REQUIRE(mote_step(one.get(), token, &x) == MOTE_OK);
        REQUIRE(mote_step(other.get(), token, &y) == MOTE_OK);
        same = same && same_bits(x, y, config.vocab);
    }
    return same;
}

const mote_config configs[] = {rnn(19, 0, 18, 2), rnn(30, 5, 16, 1), gru(19, 4, 18, 2), mlp(19, 3, 4, 18, 2)};

/* What a blob is answered with by everything that reads one. */
mote_status status_of(const Buffer &blob, const mote_model *base, const mote_config &config, uint32_t learned) {
    mote_adapter_info info;
    Arena room(mote_adapter_open_bytes(&config)), more(mote_adapter_bytes(&config, learned));
    const mote_adapter *opened = nullptr;
    mote_adapter *loaded = nullptr;
    const mote_status status = mote_adapter_open(&opened, &room.arena, base, blob.data(), blob.size());
    CHECK(mote_adapter_load(&loaded, &more.arena, base, blob.data(), blob.size()) == status);
    const mote_status peeked = mote_adapter_peek(blob.data(), blob.size(), &info);
    if (status == MOTE_OK || status == MOTE_ERR_BASE || status == MOTE_ERR_NUMERIC) CHECK(peeked == MOTE_OK);
    if (status != MOTE_OK) {
        CHECK(room.arena.used == 0);
        CHECK(more.arena.used == 0);
    }
    return status;
}

} // namespace

TEST_CASE("an adapter that has learned nothing is its base, and the base's padding stays zero") {
    for (const mote_config &config : configs)
        for (const uint32_t learned : kinds_of_learning) {
            const Alphabet alphabet(config.vocab, 1);
            const Model model(config, 4, &alphabet.vocab());
            const OpenedBase base(model);
            const Adapter adapter(base.opened, config, learned);
            CHECK(mote_weights_hash(adapter.model()) == model.hash());
            CHECK(same_logits(adapter.model(), base.opened, config));
            mote_vocab vocab{};
            REQUIRE(mote_model_vocab(adapter.model(), &vocab) == MOTE_OK);
            CHECK(vocab.boundary == 1);
            CHECK(std::memcmp(vocab.code_points, alphabet.vocab().code_points, 4 * config.vocab) == 0);
        }
}

TEST_CASE("an adapter saved is the same opened in place, loaded, and merged into a model of its own") {
    for (const mote_config &config : configs)
        for (const uint32_t learned : kinds_of_learning) {
            INFO(describe(config) << " learned " << learned);
            const Alphabet alphabet(config.vocab, 1);
            const Model model(config, 4, &alphabet.vocab());
            const OpenedBase base(model);
            const Adapter adapter(base.opened, config, learned);
            learn(adapter, config, learned, 5);
            const uint64_t hash = mote_weights_hash(adapter.model());
            CHECK(hash != model.hash());
            const Buffer blob = saved(adapter.get(), config, learned);
            mote_adapter_info info;
            REQUIRE(mote_adapter_peek(blob.data(), blob.size(), &info) == MOTE_OK);
            CHECK(info.base_hash == model.hash());
            CHECK(info.learned == learned);
            CHECK(info.bytes == blob.size());
            CHECK(info.base.hidden == config.hidden);

            Arena room(mote_adapter_open_bytes(&config)), more(mote_adapter_bytes(&config, learned));
            const mote_adapter *opened = nullptr;
            mote_adapter *loaded = nullptr;
            REQUIRE(mote_adapter_open(&opened, &room.arena, base.opened, blob.data(), blob.size()) == MOTE_OK);
            REQUIRE(mote_adapter_load(&loaded, &more.arena, base.opened, blob.data(), blob.size()) == MOTE_OK);
            CHECK(mote_weights_hash(mote_adapter_model(opened)) == hash);
            CHECK(mote_weights_hash(mote_adapter_model(loaded)) == hash);
            CHECK(same_logits(adapter.model(), mote_adapter_model(opened), config));
            CHECK(saved(opened, config, learned) == blob);
            mote_learner *learner = nullptr;
            const mote_train_config train = train_config(1, 8);
            Arena unused(mote_learner_bytes(&config, learned, &train));
            CHECK(mote_learner_init(&learner, &unused.arena, const_cast<mote_adapter *>(opened), &train) ==
                  MOTE_ERR_ARG);
            CHECK(mote_adapter_weights(const_cast<mote_adapter *>(opened), nullptr) == nullptr);

            const Buffer merged = save(adapter.model(), config);
            Arena both(MOTE_OPEN_BYTES + mote_scratch_bytes(&config));
            const mote_model *whole = nullptr;
            REQUIRE(mote_model_open(&whole, &both.arena, merged.data(), merged.size()) == MOTE_OK);
            CHECK(mote_weights_hash(whole) == hash);
            CHECK(mote_selftest(whole, &both.arena) == MOTE_OK);
            CHECK(same_logits(whole, mote_adapter_model(opened), config));
        }
}

TEST_CASE("learning goes on from a loaded adapter as it would have without the pause") {
    for (const mote_config &config : configs)
        for (const uint32_t learned : kinds_of_learning) {
            const Model base(config, 4);
            const Adapter adapter(base.get(), config, learned);
            const mote_train_config train = train_config(1, 8);
            learn(adapter, config, learned, 3);
            const Buffer blob = saved(adapter.get(), config, learned);
            Arena room(mote_adapter_bytes(&config, learned) + mote_learner_bytes(&config, learned, &train));
            mote_adapter *loaded = nullptr;
            mote_learner *learner = nullptr;
            REQUIRE(mote_adapter_load(&loaded, &room.arena, base.get(), blob.data(), blob.size()) == MOTE_OK);
            REQUIRE(mote_learner_init(&learner, &room.arena, loaded, &train) == MOTE_OK);
            const Learner further(adapter, config, learned, train);
            Random random(7);
            const Batch batch = draw_batch(random, config, 1, 8);
            float loss[2];
            REQUIRE(mote_learn_step(learner, batch.tokens.data(), batch.targets.data(), loss) == MOTE_OK);
            REQUIRE(mote_learn_step(further.get(), batch.tokens.data(), batch.targets.data(), loss + 1) == MOTE_OK);
            CHECK(bits(loss[0]) == bits(loss[1]));
            CHECK(mote_weights_hash(mote_adapter_model(loaded)) == mote_weights_hash(adapter.model()));
        }
}

TEST_CASE("an adapter of another base is refused, and both hashes can be told") {
    const mote_config config = rnn(19, 0, 18, 1), wider = rnn(19, 0, 20, 1);
    const Model base(config, 4), other(config, 5), larger(wider, 4);
    const QuantizedModel integers(base);
    for (const uint32_t learned : kinds_of_learning) {
        const Adapter adapter(base.get(), config, learned);
        const Buffer blob = saved(adapter.get(), config, learned);
        CHECK(status_of(blob, base.get(), config, learned) == MOTE_OK);
        CHECK(status_of(blob, other.get(), config, learned) == MOTE_ERR_BASE);
        CHECK(status_of(blob, larger.get(), config, learned) == MOTE_ERR_BASE);
        CHECK(status_of(blob, integers.get(), config, learned) == MOTE_ERR_BASE);
        mote_adapter_info info;
        REQUIRE(mote_adapter_peek(blob.data(), blob.size(), &info) == MOTE_OK);
        CHECK(info.base_hash == base.hash());
        CHECK(info.base_hash != other.hash());
    }
}

TEST_CASE("every damaged byte of an adapter is found") {
    const mote_config config = rnn(5, 0, 4, 1);
    const Model base(config, 4);
    for (const uint32_t learned : kinds_of_learning) {
        const Adapter adapter(base.get(), config, learned);
        const Buffer blob = saved(adapter.get(), config, learned);
        for (size_t at = 0; at < blob.size(); ++at)
            for (const int bit : {0, 7}) {
                Buffer damaged = blob;
                damaged.data()[at] = static_cast<unsigned char>(damaged.data()[at] ^ (1 << bit));
                const mote_status status = status_of(damaged, base.get(), config, learned);
                /* A size that is another multiple of 64 within the bytes is told by the checksum. */
                const bool by_size = at >= blob_size_at && at < blob_size_at + 4;
                const mote_status wanted = at < 4                                   ? MOTE_ERR_FORMAT
                                           : at < 6                                 ? MOTE_ERR_VERSION
                                           : by_size && status != MOTE_ERR_CHECKSUM ? MOTE_ERR_FORMAT
                                                                                    : MOTE_ERR_CHECKSUM;
                CHECK(status == wanted);
            }
        for (size_t bytes = 0; bytes < blob.size(); bytes += 3)
            CHECK(status_of(Buffer(blob.data(), bytes), base.get(), config, learned) == MOTE_ERR_FORMAT);
        Buffer longer(blob.size() + 640, 0xff);
        std::memcpy(longer.data(), blob.data(), blob.size());
        CHECK(status_of(longer, base.get(), config, learned) == MOTE_OK);
    }
}

TEST_CASE("an adapter that is not made as the format says is refused though its checksum is right") {
    const mote_config config = rnn(5, 0, 4, 1);
    const Model base(config, 4);
    const uint32_t learned = MOTE_LEARN_OUTPUT;
    const Adapter adapter(base.get(), config, learned);
    const Buffer blob = saved(adapter.get(), config, learned);
    const auto status_with = [&](size_t at, uint32_t number) {
        Buffer changed = blob;
        put_u32(changed, at, number);
        repair_crc(changed);
        return status_of(changed, base.get(), config, learned);
    };
    CHECK(status_with(4, 0x00070001) == MOTE_OK); /* a later minor version */
    CHECK(status_with(blob_config_at, 9) == MOTE_ERR_UNSUPPORTED);
    CHECK(status_with(adapter_learned_at, 4) == MOTE_ERR_UNSUPPORTED);
    CHECK(status_with(adapter_learned_at, 0) == MOTE_ERR_FORMAT);
    CHECK(status_with(adapter_learned_at, MOTE_LEARN_BIASES) == MOTE_ERR_FORMAT);
    CHECK(status_with(adapter_learned_at + 4, 1) == MOTE_ERR_FORMAT);
    CHECK(status_with(adapter_hash_at, 1) == MOTE_ERR_BASE);
    CHECK(status_with(adapter_hash_at + 8, 1) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob_config_at + 8, 6) == MOTE_ERR_FORMAT); /* a vocabulary of 6 */
    CHECK(status_with(adapter_weights_at, 0x7f800000) == MOTE_ERR_NUMERIC);
    CHECK(status_with(adapter_weights_at, 0x00000001) == MOTE_ERR_NUMERIC);
    CHECK(status_with(adapter_weights_at + 4 * 5, 0x3f800000) == MOTE_ERR_FORMAT); /* padding */
    Buffer shifted(blob.size() + MOTE_ALIGN);
    const mote_adapter *opened = nullptr;
    Arena room(1000);
    CHECK(mote_adapter_open(&opened, &room.arena, base.get(), shifted.data() + 4, blob.size()) == MOTE_ERR_ALIGN);
    CHECK(mote_adapter_open(&opened, &room.arena, nullptr, blob.data(), blob.size()) == MOTE_ERR_ARG);
}

TEST_CASE("an adapter damaged anywhere, its checksum made right again, is refused or runs") {
    const mote_config config = rnn(5, 0, 4, 1);
    const Alphabet alphabet(config.vocab);
    const Model base(config, 4, &alphabet.vocab());
    Random random(11);
    for (const uint32_t learned : kinds_of_learning) {
        const Adapter adapter(base.get(), config, learned);
        const Buffer blob = saved(adapter.get(), config, learned);
        for (size_t at = 0; at < blob.size(); ++at) {
            if (at >= blob_crc_at && at < blob_crc_at + 4) continue;
            Buffer damaged = blob;
            damaged.data()[at] = static_cast<unsigned char>(damaged.data()[at] + 1 + random.below(255));
            const uint32_t size = get_u32(damaged, blob_size_at);
            if (size >= 128 && size <= damaged.size()) repair_crc(damaged);
            const mote_status status = status_of(damaged, base.get(), config, learned);
            CHECK(status != MOTE_ERR_CHECKSUM);
            if (status != MOTE_OK) continue;
            Arena room(mote_adapter_open_bytes(&config));
            const mote_adapter *opened = nullptr;
            REQUIRE(mote_adapter_open(&opened, &room.arena, base.get(), damaged.data(), damaged.size()) == MOTE_OK);
            exercise(mote_adapter_model(opened));
        }
    }
}

TEST_CASE("weights that may not be stored are not saved, and nothing is written") {
    const mote_config config = rnn(5, 0, 4, 1);
    const Model base(config, 4);
    const Adapter adapter(base.get(), config, MOTE_LEARN_OUTPUT);
    adapter.weights()[3] = from_bits(0x7fc00000u);
    Buffer blob(mote_adapter_blob_bytes(&config, MOTE_LEARN_OUTPUT));
    mote_buffer buffer{blob.data(), blob.size(), 0};
    CHECK(mote_adapter_save(adapter.get(), mote_buffer_write, &buffer) == MOTE_ERR_NUMERIC);
    CHECK(buffer.used == 0);
    adapter.weights()[3] = 0;
    buffer.capacity -= 1;
    CHECK(mote_adapter_save(adapter.get(), mote_buffer_write, &buffer) == MOTE_ERR_WRITE);
    CHECK(mote_adapter_save(adapter.get(), nullptr, &buffer) == MOTE_ERR_ARG);
}

TEST_CASE("a base of integers runs with an output layer of floats that was learned") {
    for (const mote_config &shape : configs)
        for (const uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
            INFO(describe(shape) << " precision " << precision);
            const Model floats(shape, 4);
            const QuantizedModel base(floats, precision);
            const mote_config &config = base.config();
            const Adapter adapter(base.get(), config, MOTE_LEARN_OUTPUT);
            CHECK(adapter.model() == nullptr);
            learn(adapter, config, MOTE_LEARN_OUTPUT, 3);
            const Buffer blob = saved(adapter.get(), config, MOTE_LEARN_OUTPUT);
            CHECK(blob.size() == 128 + 4 * (size_t{shape.hidden} + 1) * ((shape.vocab + 15) / 16 * 16));
            Arena room(mote_adapter_open_bytes(&config));
            CHECK(room.arena.size == 128);
            const mote_adapter *opened = nullptr;
            REQUIRE(mote_adapter_open(&opened, &room.arena, base.get(), blob.data(), blob.size()) == MOTE_OK);
            const State state(base.get(), config), alone(base.get(), config);
            for (uint16_t token : draw_tokens(config.vocab, 10, 3)) {
                const float *logits = nullptr, *unused = nullptr, *hidden = nullptr;
                uint32_t width = 0;
                REQUIRE(mote_adapter_step(opened, state.get(), token, &logits) == MOTE_OK);
                REQUIRE(mote_step(alone.get(), token, &unused) == MOTE_OK);
                REQUIRE(mote_state_hidden(alone.get(), config.layers - 1, &hidden, &width) == MOTE_OK);
                /* In double precision: the output layer is that of floats, of the activations of the base. */
                const float *const weights = adapter.weights();
                const uint32_t padded = (config.vocab + 15) / 16 * 16;
                for (uint32_t v = 0; v < config.vocab; ++v) {
                    double sum = double{weights[size_t{config.hidden} * padded + v]};
                    for (uint32_t k = 0; k < config.hidden; ++k)
                        sum += double{hidden[k]} * double{weights[(v / 16 * config.hidden + k) * 16 + v % 16]};
                    CHECK(double{logits[v]} == doctest::Approx(sum).epsilon(1e-4));
                }
            }
            const State foreign(floats.get(), shape);
            const float *logits = nullptr;
            CHECK(mote_adapter_step(opened, foreign.get(), 1, &logits) == MOTE_ERR_ARG);
            CHECK(mote_adapter_step(opened, state.get(), 19 + 11, &logits) == MOTE_ERR_TOKEN);
        }
}
