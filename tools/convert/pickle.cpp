#include "pickle.h"

#include "container.h"
#include "errors.h"

#include <utility>

namespace mote::cli {

namespace {

/* The opcodes of protocols 2 to 5, as CPython's pickletools names them, that describe data. */
enum Opcode : unsigned char {
    PROTO = 0x80,
    FRAME = 0x95,
    STOP = '.',
    MARK = '(',
    POP = '0',
    POP_MARK = '1',
    DUP = '2',
    BINPUT = 'q',
    LONG_BINPUT = 'r',
    MEMOIZE = 0x94,
    BINGET = 'h',
    LONG_BINGET = 'j',
    NONE = 'N',
    NEWTRUE = 0x88,
    NEWFALSE = 0x89,
    BININT = 'J',
    BININT1 = 'K',
    BININT2 = 'M',
    LONG1 = 0x8a,
    LONG4 = 0x8b,
    BINFLOAT = 'G',
    BINUNICODE = 'X',
    SHORT_BINUNICODE = 0x8c,
    BINUNICODE8 = 0x8d,
    BINSTRING = 'T',
    SHORT_BINSTRING = 'U',
    BINBYTES = 'B',
    SHORT_BINBYTES = 'C',
    BINBYTES8 = 0x8e,
    BYTEARRAY8 = 0x96,
    EMPTY_LIST = ']',
    EMPTY_TUPLE = ')',
    EMPTY_DICT = '}',
    EMPTY_SET = 0x8f,
    LIST = 'l',
    TUPLE = 't',
    TUPLE1 = 0x85,
    TUPLE2 = 0x86,
    TUPLE3 = 0x87,
    DICT = 'd',
    FROZENSET = 0x91,
    APPEND = 'a',
    APPENDS = 'e',
    SETITEM = 's',
    SETITEMS = 'u',
    ADDITEMS = 0x90,
    GLOBAL = 'c',
    STACK_GLOBAL = 0x93,
    REDUCE = 'R',
    NEWOBJ = 0x81,
    BUILD = 'b',
    BINPERSID = 'Q',
};

constexpr unsigned newest_protocol = 5;
constexpr size_t longest_global = 256;

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
    if (nodes_[id].kind != kind) fail(std::string("puts elements into ") + kind_text(nodes_[id].kind));
    if (kind == Kind::dict && more.size() % 2 != 0) fail("a key without a value");
    std::vector<Id> &items = items_[static_cast<size_t>(nodes_[id].number)];
    items.insert(items.end(), more.begin(), more.end());
}

void Pickle::push_global(std::string_view module, std::string_view name) {
    if (module.size() + name.size() > longest_global) fail("a name of Python that is too long");
    std::string whole = std::string(module) + "." + std::string(name);
    push(add(Kind::global, 0, whole == "collections.OrderedDict" ? ordered_dict : globals_(whole)));
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

void Pickle::call() {
    Id arguments = pop(), callee = pop();
    if (nodes_[callee].kind != Kind::global) fail(std::string("calls ") + kind_text(nodes_[callee].kind));
    if (nodes_[arguments].kind != Kind::tuple) fail(std::string("a call with ") + kind_text(nodes_[arguments].kind));
    uint32_t code = nodes_[callee].extra;
    if (code == ordered_dict) {
        call_ordered_dict(items(arguments));
    } else {
        push(add(Kind::call, nodes_[arguments].number, code));
    }
}

bool Pickle::step_number(unsigned char opcode) {
    switch (opcode) {
    case NONE:
        push(add(Kind::none));
        return true;
    case NEWTRUE:
    case NEWFALSE:
        push(add(Kind::boolean, opcode == NEWTRUE ? 1 : 0));
        return true;
    case BININT:
        push(add(Kind::whole, static_cast<int32_t>(static_cast<uint32_t>(take_number(4)))));
        return true;
    case BININT1:
        push(add(Kind::whole, static_cast<int64_t>(take_number(1))));
        return true;
    case BININT2:
        push(add(Kind::whole, static_cast<int64_t>(take_number(2))));
        return true;
    case LONG1:
        push_long(take_long_text(1));
        return true;
    case LONG4:
        push_long(take_long_text(4));
        return true;
    case BINFLOAT:
        take(8);
        push(add(Kind::real));
        return true;
    default:
        return false;
    }
}

bool Pickle::step_text(unsigned char opcode) {
    switch (opcode) {
    case BINUNICODE:
    case BINSTRING:
        push_text(Kind::text, take_long_text(4));
        return true;
    case SHORT_BINUNICODE:
    case SHORT_BINSTRING:
        push_text(Kind::text, take_long_text(1));
        return true;
    case BINUNICODE8:
        push_text(Kind::text, take_long_text(8));
        return true;
    case BINBYTES:
        push_text(Kind::bytes, take_long_text(4));
        return true;
    case SHORT_BINBYTES:
        push_text(Kind::bytes, take_long_text(1));
        return true;
    case BINBYTES8:
    case BYTEARRAY8:
        push_text(Kind::bytes, take_long_text(8));
        return true;
    default:
        return false;
    }
}

bool Pickle::step_stack(unsigned char opcode) {
    switch (opcode) {
    case MARK:
        marks_.push_back(stack_.size());
        return true;
    case POP:
        pop();
        return true;
    case POP_MARK:
        pop_to_mark();
        return true;
    case DUP:
        push(peek());
        return true;
    case BINPUT:
        memoize(take_number(1));
        return true;
    case LONG_BINPUT:
        memoize(take_number(4));
        return true;
    case MEMOIZE:
        memoize(memo_.size());
        return true;
    case BINGET:
        recall(take_number(1));
        return true;
    case LONG_BINGET:
        recall(take_number(4));
        return true;
    case FRAME:
        if (take_number(8) > bytes_.size() - at_) fail("a frame beyond the end");
        return true;
    case PROTO:
        if (take_number(1) > newest_protocol) fail("a protocol newer than 5");
        return true;
    default:
        return false;
    }
}

bool Pickle::step_container(unsigned char opcode) {
    switch (opcode) {
    case EMPTY_LIST:
    case EMPTY_SET:
        push(add_items(Kind::list, {}));
        return true;
    case EMPTY_TUPLE:
        push(add_items(Kind::tuple, {}));
        return true;
    case EMPTY_DICT:
        push(add_items(Kind::dict, {}));
        return true;
    case LIST:
    case FROZENSET:
        push(add_items(Kind::list, pop_to_mark()));
        return true;
    case TUPLE:
        push(add_items(Kind::tuple, pop_to_mark()));
        return true;
    case TUPLE1:
    case TUPLE2:
    case TUPLE3:
        push(add_items(Kind::tuple, pop_last(static_cast<size_t>(opcode) - TUPLE1 + 1)));
        return true;
    case DICT: {
        std::vector<Id> items = pop_to_mark();
        push(add_items(Kind::dict, {}));
        extend(Kind::dict, items);
        return true;
    }
    default:
        return false;
    }
}

bool Pickle::step_fill(unsigned char opcode) {
    switch (opcode) {
    case APPEND:
        extend(Kind::list, pop_last(1));
        return true;
    case SETITEM:
        extend(Kind::dict, pop_last(2));
        return true;
    case APPENDS:
    case ADDITEMS:
        extend(Kind::list, pop_to_mark());
        return true;
    case SETITEMS:
        extend(Kind::dict, pop_to_mark());
        return true;
    default:
        return false;
    }
}

bool Pickle::step_object(unsigned char opcode) {
    switch (opcode) {
    case GLOBAL: {
        std::string_view module = take_line();
        push_global(module, take_line());
        return true;
    }
    case STACK_GLOBAL: {
        Id name = pop(), module = pop();
        if (nodes_[name].kind != Kind::text || nodes_[module].kind != Kind::text) fail("a name that is no text");
        push_global(text(module), text(name));
        return true;
    }
    case REDUCE:
    case NEWOBJ:
        call();
        return true;
    case BINPERSID:
        push(add(Kind::persistent, 0, pop()));
        return true;
    case BUILD:
        /* Attributes of a dictionary, such as a state_dict's _metadata, hold no weights. Nothing else has any. */
        pop();
        if (nodes_[peek()].kind != Kind::dict)
            fail(std::string("gives attributes to ") + kind_text(nodes_[peek()].kind));
        return true;
    default:
        return false;
    }
}

bool Pickle::step(unsigned char opcode) {
    return step_stack(opcode) || step_number(opcode) || step_text(opcode) || step_container(opcode) ||
           step_fill(opcode) || step_object(opcode);
}

void Pickle::run() {
    if (bytes_.substr(0, 1) != "\x80") fail("no pickle of protocol 2 or newer");
    for (;;) {
        opcode_at_ = at_;
        unsigned char opcode = static_cast<unsigned char>(take(1)[0]);
        if (opcode == STOP) break;
        if (!step(opcode)) fail(formatted("the opcode 0x%02X describes no weights", opcode));
    }
    top_ = pop();
    stack_ = {};
    memo_ = {};
    marks_ = {};
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
        return "an object";
    case Pickle::Kind::persistent:
        return "a storage";
    }
    return "";
}

} // namespace mote::cli
