#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mote::cli {

/* What a pickle of protocol 1 to 5 describes. Nothing of it is executed or looked up: a call is a node that names what
 * would be called. What only names that the owner does not know would make is an object of which its name alone is
 * kept, and what is put into it as into a dictionary. Nodes refer to others by number, and
 * may do so in a circle. Takes at most 64 times the bytes it reads of memory, and a time in proportion to them. */
class Pickle {
  public:
    using Id = uint32_t;
    enum class Kind : uint8_t {
        none,
        boolean,
        whole,
        real,
        text,
        bytes,
        list, /* sets as well */
        tuple,
        dict,       /* with collections.OrderedDict and defaultdict */
        global,     /* a name of Python: code() */
        call,       /* of a known name: code(), and items() are the arguments */
        object,     /* what an unknown name would make: python_name(), and items() as of a dictionary */
        module,     /* the same, with the attributes of a torch.nn.Module */
        persistent, /* inner(): what stands for something outside the pickle */
    };
    /* The code of a global, "module.name", below `first_own`; `unknown` for one that the owner does not know. */
    using Globals = std::function<uint32_t(const std::string &name)>;
    static constexpr uint32_t ordered_dict = 0xFFFFFFFFu, default_dict = 0xFFFFFFFEu, unknown = 0xFFFFFFFDu,
                              first_own = unknown;

    /* Reads the pickle that `bytes`, which have to outlive it, begin with. Throws Failure, naming the byte. */
    Pickle(std::string_view bytes, Globals globals);

    Id top() const { return top_; }
    /* The bytes up to its end. */
    size_t size() const { return at_; }
    size_t node_count() const { return nodes_.size(); }

    Kind kind(Id id) const { return nodes_[id].kind; }
    bool is_true(Id id) const { return nodes_[id].number != 0; }
    int64_t whole(Id id) const { return nodes_[id].number; }
    /* Of a text or of bytes, of which a whole number beyond 64 bits is one, the lowest byte first. */
    std::string_view text(Id id) const;
    /* Of an object, a module or an unknown global, "module.name"; empty where it is computed. */
    std::string python_name(Id id) const;
    uint32_t code(Id id) const { return nodes_[id].extra; }
    Id inner(Id id) const { return nodes_[id].extra; }
    /* Of a list, a tuple, a call; of a dictionary or an object its keys and values in turn. */
    const std::vector<Id> &items(Id id) const { return items_[static_cast<size_t>(nodes_[id].number)]; }

  private:
    static constexpr uint32_t no_name = 0xFFFFFFFFu;
    struct PythonName {
        std::string_view module, name;
    };
    struct Node {
        Kind kind;
        uint32_t extra;
        int64_t number; /* or the place of a text, or the index in items_ */
    };

    [[noreturn]] void fail(const std::string &what) const;
    void run();
    bool step(unsigned char opcode);
    bool step_number(unsigned char opcode);
    bool step_text(unsigned char opcode);
    bool step_stack(unsigned char opcode);
    bool step_container(unsigned char opcode);
    bool step_fill(unsigned char opcode);
    bool step_object(unsigned char opcode);
    bool step_call(unsigned char opcode);

    std::string_view take(uint64_t size);
    uint64_t take_number(size_t size);
    std::string_view take_line();
    std::string_view take_long_text(size_t length_size);

    Id add(Kind kind, int64_t number = 0, uint32_t extra = 0);
    Id add_items(Kind kind, std::vector<Id> items, uint32_t extra = 0);
    void push(Id id) { stack_.push_back(id); }
    void push_text(Kind kind, std::string_view text);
    void push_long(std::string_view digits);
    void push_decimal(std::string_view line);
    Id pop();
    Id &peek();
    std::vector<Id> pop_to_mark();
    std::vector<Id> pop_last(size_t count);
    void extend(Kind kind, const std::vector<Id> &more);
    void push_global(std::string_view module, std::string_view name);
    void memoize(uint64_t index);
    void recall(uint64_t index);
    void call(Id callee, Id arguments);
    uint32_t callee_name(Id callee) const;
    void set_attributes(Id id, Id attributes);
    bool are_of_module(Id attributes) const;
    void call_ordered_dict(const std::vector<Id> &arguments);

    std::string_view bytes_;
    Globals globals_;
    size_t at_ = 0, opcode_at_ = 0;
    std::deque<Node> nodes_; /* a deque needs no room for a copy as it grows */
    std::deque<std::vector<Id>> items_;
    std::deque<PythonName> names_; /* those that the owner does not know */
    std::vector<Id> stack_, memo_;
    std::vector<size_t> marks_; /* heights of the stack */
    Id top_ = 0;
};

/* "a dictionary": what a node is, for messages. */
const char *kind_text(Pickle::Kind kind);

} // namespace mote::cli
