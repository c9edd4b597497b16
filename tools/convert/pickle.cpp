#include "pickle.h"

#include "container.h"
#include "errors.h"

#include <charconv>
#include <utility>

namespace mote::cli {

namespace {

constexpr size_t longest_global = 256;
constexpr size_t most_attributes = 64; /* that are looked through for those of an nn.Module */

} // namespace

Pickle::Pickle(std::string_view bytes, Globals globals) : bytes_(bytes), globals_(std::move(globals)) { run(); }

void Pickle::fail(const std::string &what) const {
    throw Failure("pickle, byte " + std::to_string(opcode_at_) + ": " + what);
}

std::string_view Pickle::take(uint64_t size) {
    if (size > bytes_.size() - at_) {
        opcode_at_ = bytes_.size();
        fail("ends before it is complete");
    }
    std::string_view taken = bytes_.substr(at_, static_cast<size_t>(size));
    at_ += taken.size();
    return taken;
}

uint64_t Pickle::take_number(size_t size) { return little_endian(take(size).data(), size); }

std::string_view Pickle::take_line() {
    size_t end = bytes_.substr(at_, longest_global + 1).find('\n');
    if (end == std::string_view::npos) fail("a name without an end");
    std::string_view line = take(end);
    take(1);
    return line;
}

std::string_view Pickle::take_long_text(size_t length_size) { return take(take_number(length_size)); }

Pickle::Id Pickle::add(Kind kind, int64_t number, uint32_t extra) {
    nodes_.push_back({kind, extra, number});
    return static_cast<Id>(nodes_.size() - 1);
}

Pickle::Id Pickle::add_items(Kind kind, std::vector<Id> items, uint32_t extra) {
    items_.push_back(std::move(items));
    return add(kind, static_cast<int64_t>(items_.size() - 1), extra);
}

void Pickle::push_text(Kind kind, std::string_view text) {
    push(add(kind, text.data() - bytes_.data(), static_cast<uint32_t>(text.size())));
}

std::string_view Pickle::text(Id id) const {
    return bytes_.substr(static_cast<size_t>(nodes_[id].number), nodes_[id].extra);
}

std::string Pickle::python_name(Id id) const {
    size_t index = kind(id) == Kind::global ? static_cast<size_t>(nodes_[id].number) : nodes_[id].extra;
    if (index == no_name || index >= names_.size()) return "";
    return std::string(names_[index].module) + "." + std::string(names_[index].name);
}

/* Two's complement, the lowest byte first. */
void Pickle::push_long(std::string_view digits) {
    if (digits.size() > 8) {
        push_text(Kind::bytes, digits);
        return;
    }
    uint64_t bits = little_endian(digits.data(), digits.size());
    if (!digits.empty() && digits.size() < 8) {
        uint64_t sign = uint64_t{1} << (8 * digits.size() - 1);
        bits = (bits ^ sign) - sign;
    }
    push(add(Kind::whole, static_cast<int64_t>(bits)));
}

/* A number in decimal, or a boolean as "00" or "01"; a number beyond 64 bits stays text. */
void Pickle::push_decimal(std::string_view line) {
    if (line == "00" || line == "01") {
        push(add(Kind::boolean, line == "01" ? 1 : 0));
        return;
    }
    std::string_view digits = !line.empty() && line.back() == 'L' ? line.substr(0, line.size() - 1) : line;
    int64_t number = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc::result_out_of_range) {
        push_text(Kind::bytes, line);
        return;
    }
    if (error != std::errc() || end != digits.data() + digits.size()) fail("no number");
    push(add(Kind::whole, number));
}

Pickle::Id Pickle::pop() {
    Id id = peek();
    stack_.pop_back();
    return id;
}

Pickle::Id &Pickle::peek() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("takes from an empty stack");
    return stack_.back();
}

std::vector<Pickle::Id> Pickle::pop_to_mark() {
    if (marks_.empty()) fail("there is no mark");
    std::vector<Id> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
}

std::vector<Pickle::Id> Pickle::pop_last(size_t count) {
    std::vector<Id> items(count);
    while (count-- > 0) items[count] = pop();
    return items;
}

void Pickle::extend(Kind kind, const std::vector<Id> &more) {
    Id id = peek();
    bool object = nodes_[id].kind == Kind::object;
    if (object && kind == Kind::list) return; /* of a class that is a list; nobody asks for them */
    if (nodes_[id].kind != kind && !object) fail(std::string("puts elements into ") + kind_text(nodes_[id].kind));
    if (kind == Kind::dict && more.size() % 2 != 0) fail("a key without a value");
    std::vector<Id> &items = items_[static_cast<size_t>(nodes_[id].number)];
    items.insert(items.end(), more.begin(), more.end());
}

void Pickle::push_global(std::string_view module, std::string_view name) {
    if (module.size() + name.size() > longest_global) fail("a name of Python that is too long");
    std::string whole = std::string(module) + "." + std::string(name);
    uint32_t code = whole == "collections.OrderedDict"   ? ordered_dict
                    : whole == "collections.defaultdict" ? default_dict
                                                         : globals_(whole);
    if (code == unknown) names_.push_back({module, name});
    push(add(Kind::global, code == unknown ? static_cast<int64_t>(names_.size() - 1) : 0, code));
}

/* Whoever writes pickles numbers what he memorizes from 0. */
void Pickle::memoize(uint64_t index) {
    Id id = peek();
    if (index > memo_.size()) fail("memorizes out of turn");
    if (index == memo_.size()) memo_.push_back(id);
    memo_[static_cast<size_t>(index)] = id;
}

void Pickle::recall(uint64_t index) {
    if (index >= memo_.size()) fail("recalls what was not memorized");
    push(memo_[static_cast<size_t>(index)]);
}

/* OrderedDict() or, of Python 2, OrderedDict([[key, value], …]). Those pairs go to the dictionary: a list of them that
 * could be used a second time could make a short pickle large. */
void Pickle::call_ordered_dict(const std::vector<Id> &arguments) {
    std::vector<Id> made;
    if (!arguments.empty()) {
        if (arguments.size() != 1 || nodes_[arguments[0]].kind != Kind::list) fail("an OrderedDict of no list");
        std::vector<Id> pairs = std::move(items_[static_cast<size_t>(nodes_[arguments[0]].number)]);
        items_[static_cast<size_t>(nodes_[arguments[0]].number)].clear();
        made.reserve(2 * pairs.size());
        for (Id pair : pairs) {
            bool listed = nodes_[pair].kind == Kind::list || nodes_[pair].kind == Kind::tuple;
            if (!listed || items(pair).size() != 2) fail("an OrderedDict of no pairs");
            made.insert(made.end(), items(pair).begin(), items(pair).end());
        }
    }
    push(add_items(Kind::dict, std::move(made)));
}

/* What is called: a name of Python, the class of an object that is called, or a class that an old file brings with its
 * source, ('module', class, file, source). */
uint32_t Pickle::callee_name(Id callee) const {
    if (kind(callee) == Kind::persistent && kind(inner(callee)) == Kind::tuple && items(inner(callee)).size() > 1)
        callee = items(inner(callee))[1];
    if (kind(callee) == Kind::global && code(callee) == unknown) return static_cast<uint32_t>(nodes_[callee].number);
    return kind(callee) == Kind::object || kind(callee) == Kind::module ? nodes_[callee].extra : no_name;
}

void Pickle::call(Id callee, Id arguments) {
    if (nodes_[arguments].kind != Kind::tuple) fail(std::string("a call with ") + kind_text(nodes_[arguments].kind));
    Kind called = kind(callee);
    if (called != Kind::global && called != Kind::call && called != Kind::object && called != Kind::module &&
        called != Kind::persistent)
        fail(std::string("calls ") + kind_text(called));
    if (called != Kind::global || code(callee) == unknown) {
        push(add_items(Kind::object, {}, callee_name(callee)));
    } else if (code(callee) == ordered_dict) {
        call_ordered_dict(items(arguments));
    } else if (code(callee) == default_dict) {
        push(add_items(Kind::dict, {}));
    } else {
        push(add(Kind::call, nodes_[arguments].number, code(callee)));
    }
}

/* Every torch.nn.Module has this attribute among its first. */
bool Pickle::are_of_module(Id attributes) const {
    if (kind(attributes) != Kind::dict) return false;
    const std::vector<Id> &listed = items(attributes);
    for (size_t i = 0; i < listed.size() && i < 2 * most_attributes; i += 2) {
        if (kind(listed[i]) == Kind::text && text(listed[i]) == "_parameters") return true;
    }
    return false;
}

/* Attributes of a dictionary, such as a state_dict's _metadata, hold no weights. What is called for, and then given
 * attributes, is no longer what the call alone would make. */
void Pickle::set_attributes(Id id, Id attributes) {
    Kind of = kind(id);
    if (of == Kind::dict || of == Kind::module) return;
    if (of != Kind::object && of != Kind::call) fail(std::string("gives attributes to ") + kind_text(of));
    if (of == Kind::call) {
        items_.emplace_back();
        nodes_[id] = {Kind::object, no_name, static_cast<int64_t>(items_.size() - 1)};
    }
    if (are_of_module(attributes)) nodes_[id].kind = Kind::module;
}

const char *kind_text(Pickle::Kind kind) {
    switch (kind) {
    case Pickle::Kind::none:
        return "None";
    case Pickle::Kind::boolean:
        return "a boolean";
    case Pickle::Kind::whole:
        return "a whole number";
    case Pickle::Kind::real:
        return "a number";
    case Pickle::Kind::text:
        return "a text";
    case Pickle::Kind::bytes:
        return "bytes";
    case Pickle::Kind::list:
        return "a list";
    case Pickle::Kind::tuple:
        return "a tuple";
    case Pickle::Kind::dict:
        return "a dictionary";
    case Pickle::Kind::global:
        return "a name of Python";
    case Pickle::Kind::call:
    case Pickle::Kind::object:
        return "an object";
    case Pickle::Kind::module:
        return "a whole model";
    case Pickle::Kind::persistent:
        return "a storage";
    }
    return "";
}

} // namespace mote::cli
