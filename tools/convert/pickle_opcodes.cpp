#include "errors.h"
#include "pickle.h"

#include <utility>

namespace mote::cli {

namespace {

/* The opcodes of protocols 1 to 5, as CPython's pickletools names them, that describe data. Those with which a pickle
 * of protocol 0 alone writes texts are left out: torch.load does not read such a file either. */
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
    INT = 'I',
    LONG = 'L',
    FLOAT = 'F',
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
    NEWOBJ_EX = 0x92,
    INST = 'i',
    OBJ = 'o',
    BUILD = 'b',
    BINPERSID = 'Q',
};

constexpr unsigned newest_protocol = 5;

} // namespace

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
    case INT:
    case LONG:
        push_decimal(take_line());
        return true;
    case FLOAT:
        take_line();
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
        if (nodes_[name].kind != Kind::text || nodes_[module].kind != Kind::text) fail("a name that is not text");
        push_global(text(module), text(name));
        return true;
    }
    case BINPERSID:
        push(add(Kind::persistent, 0, pop()));
        return true;
    case BUILD: {
        Id attributes = pop();
        set_attributes(peek(), attributes);
        return true;
    }
    default:
        return false;
    }
}

bool Pickle::step_call(unsigned char opcode) {
    switch (opcode) {
    case REDUCE:
    case NEWOBJ: {
        Id arguments = pop();
        call(pop(), arguments);
        return true;
    }
    case NEWOBJ_EX: {
        pop(); /* arguments by keyword */
        Id arguments = pop();
        call(pop(), arguments);
        return true;
    }
    case INST: {
        std::string_view module = take_line();
        push_global(module, take_line());
        Id callee = pop();
        call(callee, add_items(Kind::tuple, pop_to_mark()));
        return true;
    }
    case OBJ: {
        std::vector<Id> items = pop_to_mark();
        if (items.empty()) fail("makes an object of nothing");
        Id callee = items.front();
        items.erase(items.begin());
        call(callee, add_items(Kind::tuple, std::move(items)));
        return true;
    }
    default:
        return false;
    }
}

bool Pickle::step(unsigned char opcode) {
    return step_stack(opcode) || step_number(opcode) || step_text(opcode) || step_container(opcode) ||
           step_fill(opcode) || step_object(opcode) || step_call(opcode);
}

void Pickle::run() {
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

} // namespace mote::cli
