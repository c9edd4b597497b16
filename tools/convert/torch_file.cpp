#include "torch_file.h"

#include "container.h"
#include "errors.h"
#include "pickle.h"
#include "torch_entries.h"
#include "torch_globals.h"
#include "torch_objects.h"
#include "zip_archive.h"

#include <map>
#include <string_view>
#include <utility>

namespace mote::cli {

namespace {

constexpr std::string_view pickle_name = "data.pkl";
constexpr size_t largest_pickle = size_t{1} << 26, longest_key = 256;
/* 0x1950a86a20f9469cfc6c, with which the older format begins, as a pickle holds it. */
constexpr std::string_view magic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");
constexpr std::string_view decimal_magic("119547037146038801333356L"); /* as protocol 1 writes it */
constexpr int64_t stream_version = 1001;
constexpr uint64_t most_repeated = uint64_t{1} << 24; /* mote's models of weights for a device are far smaller */
constexpr size_t count_bytes = 8;                     /* before the elements of a storage */

/* The elements of a storage. */
struct Storage {
    const unsigned char *data;
    uint64_t size; /* in bytes */
    size_t item_size;
};

/* Throws unless every element lies in the storage. Elements may share a place, as expand() makes them; how many there
 * are is then bounded by nothing in the file. */
void check_bounds(const std::string &name, const TorchTensor &tensor, uint64_t available) {
    std::string text = "tensor " + shown(name) + ": ";
    uint64_t count = checked_count(name, tensor.shape), last = tensor.offset;
    if (count == 0) return;
    if (count > available && count > most_repeated)
        throw Failure(text + std::to_string(count) + " elements that share " + std::to_string(available) +
                      ", more than are read");
    for (size_t i = 0; i < tensor.shape.size(); ++i) {
        uint64_t steps = tensor.shape[i] - 1, stride = tensor.strides[i];
        if (last >= available || (steps != 0 && stride > (available - 1 - last) / steps))
            throw Failure(text + "reaches beyond its storage");
        last += steps * stride;
    }
    if (last >= available) throw Failure(text + "reaches beyond its storage");
}

ForeignTensor foreign_tensor(std::string name, TorchTensor &&tensor, const Storage &storage, bool big_endian) {
    const TorchGlobal &type = torch_global(tensor.type_code);
    check_bounds(name, tensor, storage.size / type.item_size);
    bool empty = checked_count(name, tensor.shape) == 0;
    ForeignTensor foreign;
    foreign.name = std::move(name);
    foreign.dtype = type.dtype;
    foreign.dtype_name = type.dtype_name;
    foreign.data = storage.data + (empty ? 0 : tensor.offset * type.item_size);
    foreign.shape = std::move(tensor.shape);
    foreign.strides = std::move(tensor.strides);
    foreign.big_endian = big_endian;
    return foreign;
}

/* Fills `file` with the tensors at the key; find_storage(TorchStorage) is where the file keeps a storage. */
template <class FindStorage>
void add_tensors(ForeignFile &file, const Pickle &pickle, const std::string &key, bool big_endian,
                 FindStorage find_storage) {
    std::vector<TorchEntry> entries = torch_entries(pickle, key);
    file.tensors.reserve(entries.size());
    for (TorchEntry &entry : entries) {
        if (!entry.unusable.empty()) {
            file.tensors.push_back(unusable_tensor(std::move(entry.name), std::move(entry.unusable)));
            continue;
        }
        TorchTensor tensor = [&] {
            try {
                return torch_tensor(pickle, entry.value);
            } catch (const Failure &failure) {
                throw Failure("tensor " + shown(entry.name) + ": " + failure.what());
            }
        }();
        Storage storage = find_storage(tensor.storage);
        file.tensors.push_back(foreign_tensor(std::move(entry.name), std::move(tensor), storage, big_endian));
    }
    check_names_differ(file);
}

/* The size of a storage's elements in bytes; throws where they are more than `available`. */
uint64_t storage_bytes(const TorchStorage &storage, uint64_t available) {
    size_t item_size = torch_global(storage.code).item_size;
    if (storage.count > available / item_size)
        throw Failure("storage " + shown(storage.key) + ": " + std::to_string(available) + " bytes cannot hold its " +
                      std::to_string(storage.count) + " elements");
    return storage.count * item_size;
}

/* Two pickled names of one storage have to agree. */
Storage agreeing(const Storage &storage, const TorchStorage &wanted) {
    if (storage.size != storage_bytes(wanted, storage.size) || storage.item_size != torch_global(wanted.code).item_size)
        throw Failure("storage " + shown(wanted.key) + " has two sizes");
    return storage;
}

/* The name of data.pkl in the archive, which lies in one folder; empty where there is none. */
std::string pickle_entry(const ZipArchive &archive) {
    for (const ZipArchive::Entry &entry : archive.entries()) {
        size_t slash = entry.name.find('/');
        size_t at = slash == std::string::npos ? 0 : slash + 1;
        if (std::string_view(entry.name).substr(at) == pickle_name) return entry.name;
    }
    return "";
}

std::string read_small(const ZipArchive &archive, const std::string &name) {
    const ZipArchive::Entry *entry = archive.find(name);
    if (entry == nullptr) return "";
    if (entry->size > largest_pickle) throw Failure("zip entry " + shown(name) + " is larger than 64 MiB");
    return archive.read(*entry);
}

/* Written by PyTorch 2.1 and newer; before, nothing but little-endian machines is known to have written such files. */
bool is_big_endian(const ZipArchive &archive, const std::string &folder) {
    std::string order = read_small(archive, folder + "byteorder");
    if (!order.empty() && order != "little" && order != "big")
        throw Failure("zip entry \"" + folder + "byteorder\" holds " + shown(order) + ", no order of bytes");
    return order == "big";
}

ForeignFile read_archive(const std::string &bytes, const std::string &key) {
    ForeignFile file;
    file.format = "PyTorch";
    ZipArchive archive(bytes);
    std::string name = pickle_entry(archive), folder = name.substr(0, name.size() - pickle_name.size());
    if (archive.find(folder + "constants.pkl") != nullptr)
        throw Failure("holds a TorchScript program; load it by torch.jit.load and save its state_dict() by torch.save");
    std::string text = read_small(archive, name);
    Pickle pickle(text, torch_global_code);
    std::map<std::string_view, Storage> storages;
    auto find_storage = [&](const TorchStorage &wanted) {
        auto found = storages.find(wanted.key);
        if (found != storages.end()) return agreeing(found->second, wanted);
        const ZipArchive::Entry *entry =
            wanted.key.size() > longest_key ? nullptr : archive.find(folder + "data/" + std::string(wanted.key));
        if (entry == nullptr) throw Failure("storage " + shown(wanted.key) + " is not in the file");
        uint64_t size = storage_bytes(wanted, entry->size);
        file.memory.push_back(archive.read(*entry));
        Storage storage{bytes_of(file.memory.back()), size, torch_global(wanted.code).item_size};
        return storages.emplace(wanted.key, storage).first->second;
    };
    add_tensors(file, pickle, key, is_big_endian(archive, folder), find_storage);
    return file;
}

/* A file of several pickles one after the other, and the storages after them. */
class Stream {
  public:
    explicit Stream(std::string_view bytes) : rest_(bytes) {}

    Pickle next_pickle() {
        std::string_view text = rest_.substr(0, largest_pickle);
        Pickle pickle(text, torch_global_code);
        rest_.remove_prefix(pickle.size());
        return pickle;
    }

    void check_beginning() {
        Pickle first = next_pickle(), version = next_pickle(), system = next_pickle();
        bool right = first.kind(first.top()) == Pickle::Kind::bytes &&
                     (first.text(first.top()) == magic || first.text(first.top()) == decimal_magic);
        if (!right) throw Failure("begins with another number than PyTorch's");
        if (version.kind(version.top()) != Pickle::Kind::whole || version.whole(version.top()) != stream_version)
            throw Failure("is of a version that is not known");
        /* Elements lie lowest byte first whatever machine is described. */
        if (system.kind(system.top()) != Pickle::Kind::dict) throw Failure("does not describe its machine");
    }

    Storage next_storage(const TorchStorage &described) {
        if (rest_.size() < count_bytes) throw Failure("ends before storage " + shown(described.key));
        uint64_t count = little_endian(rest_.data(), count_bytes);
        rest_.remove_prefix(count_bytes);
        if (count != described.count)
            throw Failure("storage " + shown(described.key) + " holds " + std::to_string(count) +
                          " elements where it is said to hold " + std::to_string(described.count));
        uint64_t size = storage_bytes(described, rest_.size());
        Storage storage{reinterpret_cast<const unsigned char *>(rest_.data()), size,
                        torch_global(described.code).item_size};
        rest_.remove_prefix(size);
        return storage;
    }

    void check_end() const {
        if (!rest_.empty())
            throw Failure(std::to_string(rest_.size()) + " bytes after the last storage belong to none");
    }

  private:
    std::string_view rest_;
};

/* All storages that a pickle names, by their keys. */
std::map<std::string_view, TorchStorage> described_storages(const Pickle &pickle) {
    std::map<std::string_view, TorchStorage> described;
    for (Pickle::Id id = 0; id < pickle.node_count(); ++id) {
        if (pickle.kind(id) != Pickle::Kind::persistent || !torch_is_storage(pickle, id)) continue;
        TorchStorage storage = torch_storage(pickle, id);
        described.emplace(storage.key, storage);
    }
    return described;
}

std::map<std::string_view, Storage> read_storages(Stream &stream, const Pickle &pickle, const Pickle &keys) {
    std::map<std::string_view, TorchStorage> described = described_storages(pickle);
    std::map<std::string_view, Storage> storages;
    if (keys.kind(keys.top()) != Pickle::Kind::list) throw Failure("does not list its storages");
    for (Pickle::Id id : keys.items(keys.top())) {
        std::string_view key = keys.kind(id) == Pickle::Kind::text ? keys.text(id) : std::string_view();
        auto found = described.find(key);
        if (found == described.end()) throw Failure("storage " + shown(key) + " belongs to no tensor");
        if (!storages.emplace(found->first, stream.next_storage(found->second)).second)
            throw Failure("storage " + shown(key) + " is listed twice");
    }
    stream.check_end();
    return storages;
}

ForeignFile read_stream(std::string bytes, const std::string &key) {
    ForeignFile file;
    file.format = "PyTorch";
    file.memory.push_back(std::move(bytes));
    Stream stream(file.memory.back());
    stream.check_beginning();
    Pickle pickle = stream.next_pickle(), keys = stream.next_pickle();
    std::map<std::string_view, Storage> storages = read_storages(stream, pickle, keys);
    auto find_storage = [&](const TorchStorage &wanted) {
        auto found = storages.find(wanted.key);
        if (found == storages.end()) throw Failure("storage " + shown(wanted.key) + " is not in the file");
        return agreeing(found->second, wanted);
    };
    add_tensors(file, pickle, key, false, find_storage);
    return file;
}

} // namespace

bool is_torch_archive(const ZipArchive &archive) { return !pickle_entry(archive).empty(); }

bool is_torch_stream(const std::string &bytes) {
    constexpr size_t furthest = 32; /* a protocol and a frame come before it */
    if (bytes.compare(0, 1, "L") == 0 && bytes.compare(1, decimal_magic.size(), decimal_magic) == 0) return true;
    return bytes.compare(0, 1, "\x80") == 0 && bytes.substr(0, furthest).find(magic) != std::string::npos;
}

ForeignFile read_torch(std::string bytes, const std::string &key) {
    if (is_zip(bytes)) return read_archive(bytes, key);
    return read_stream(std::move(bytes), key);
}

} // namespace mote::cli
