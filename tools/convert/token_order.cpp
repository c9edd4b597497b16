#include "token_order.h"

#include "affixes.h"
#include "container.h"
#include "errors.h"
#include "json_text.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include "mote.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace mote::cli {

namespace {

/* Not the kind that keeps the order of keys: it looks through all of them for each. */
using Json = nlohmann::json;

/* tokens[number] = token, each number once. */
class Numbered {
  public:
    explicit Numbered(size_t count) : tokens_(count), taken_(count) {}
    void set(const std::string &token, uint64_t number) {
        if (number >= tokens_.size())
            throw Failure("token " + shown(token) + " has the number " + std::to_string(number) + ", of " +
                          std::to_string(tokens_.size()) + " from 0");
        if (taken_[number])
            throw Failure("tokens " + shown(tokens_[number]) + " and " + shown(token) + " both have the number " +
                          std::to_string(number));
        tokens_[number] = token;
        taken_[number] = true;
    }
    const std::vector<std::string> &tokens() const { return tokens_; }

  private:
    std::vector<std::string> tokens_;
    std::vector<bool> taken_;
};

bool is_number(const std::string &text) {
    constexpr size_t longest = 6;
    return !text.empty() && text.size() <= longest && text.find_first_not_of("0123456789") == std::string::npos;
}

std::vector<std::string> of_list(const Json &list) {
    std::vector<std::string> tokens;
    for (const Json &token : list) {
        if (!token.is_string())
            throw Failure("token " + std::to_string(tokens.size()) + " is not a string but " + token.type_name());
        tokens.push_back(token.get<std::string>());
    }
    return tokens;
}

/* {"a": 0} or {"0": "a"}. */
std::vector<std::string> of_object(const Json &object) {
    Numbered numbered(object.size());
    for (const auto &[key, value] : object.items()) {
        if (value.is_number_unsigned()) {
            numbered.set(key, value.get<uint64_t>());
        } else if (value.is_string() && is_number(key)) {
            numbered.set(value.get<std::string>(), std::stoul(key));
        } else {
            throw Failure("at " + shown(key) + ": neither a token with its number nor a number with its token");
        }
    }
    return numbered.tokens();
}

std::vector<std::string> of_json(const Json &json) {
    if (json.is_array()) return of_list(json);
    if (json.is_object()) return of_object(json);
    throw Failure(std::string("no list and no object of tokens but ") + json.type_name());
}

/* Parts under the usual names have to agree. */
std::vector<std::string> of_parts(const Json &json) {
    std::vector<std::string> tokens;
    for (const char *name : {"stoi", "itos", "vocab", "chars", "char_to_ix", "ix_to_char"}) {
        if (!json.contains(name) || !json[name].is_structured()) continue;
        std::vector<std::string> part = of_json(json[name]);
        if (!tokens.empty() && part != tokens)
            throw Failure(std::string("\"") + name + "\" tells other tokens than what stands before it");
        tokens = part;
    }
    return tokens.empty() ? of_json(json) : tokens;
}

/* The boundary as the user may write it: a line feed as \n. */
size_t find_boundary(const std::vector<std::string> &tokens, const std::string &boundary) {
    auto found = std::find(tokens.begin(), tokens.end(), boundary);
    if (found == tokens.end() && boundary == "\\n") found = std::find(tokens.begin(), tokens.end(), "\n");
    if (found == tokens.end()) throw Failure("--boundary " + shown(boundary) + " is not a token of it");
    return static_cast<size_t>(found - tokens.begin());
}

uint32_t code_point_of(const std::string &token) {
    size_t end = 0;
    uint32_t code_point = token.empty() ? 0 : next_code_point(token, end);
    if (token.empty() || end != token.size())
        throw Failure("token " + shown(token) + (token.empty() ? " is empty" : " has several characters") +
                      "; of such tokens one may be the boundary of items, named by --boundary");
    return code_point;
}

void check_count(size_t count) {
    if (count < 2 || count > MOTE_MAX_VOCAB)
        throw Failure(formatted("%zu tokens; a model has 2 … %u", count, MOTE_MAX_VOCAB));
}

void check_different(const std::vector<uint32_t> &code_points, bool boundary) {
    for (size_t i = boundary ? 1 : 0; i < code_points.size(); ++i) {
        if (i + 1 < code_points.size() && code_points[i] == code_points[i + 1])
            throw Failure("two tokens are " + quoted(code_points[i]));
        if (boundary && code_points[i] == '\n')
            throw Failure("a token is U+000A, which where items have a boundary is the boundary itself");
    }
}

} // namespace

std::vector<std::string> tokens_of_json(const std::string &text) {
    Json json = parsed_json(text);
    return json.is_object() ? of_parts(json) : of_json(json);
}

std::vector<std::string> tokens_of_text(std::string text, uint64_t expected) {
    check_utf8(text);
    drop_byte_order_mark(text);
    if (ends_with(text, "\r\n")) throw Failure("ends in CR LF; a list of characters ends its lines with LF");
    if (count_code_points(text) == expected + 1 && text.back() == '\n') text.pop_back();
    std::vector<std::string> tokens;
    for (size_t at = 0, next = 0; at < text.size(); at = next) {
        next_code_point(text, next);
        tokens.push_back(text.substr(at, next - at));
    }
    return tokens;
}

std::vector<std::string> tokens_of(const std::string &path, std::string text, uint64_t expected) {
    return ends_with(path, ".json") ? tokens_of_json(text) : tokens_of_text(std::move(text), expected);
}

TokenOrder order_tokens(const std::vector<std::string> &tokens, const std::optional<std::string> &boundary) {
    check_count(tokens.size());
    constexpr uint64_t first = 0;
    std::vector<uint64_t> keys(tokens.size()); /* what sorts them: the boundary before all */
    size_t between = boundary ? find_boundary(tokens, *boundary) : tokens.size();
    for (size_t i = 0; i < tokens.size(); ++i) keys[i] = i == between ? first : uint64_t{code_point_of(tokens[i])} + 1;
    TokenOrder order;
    order.boundary = boundary.has_value();
    order.theirs.resize(tokens.size());
    std::iota(order.theirs.begin(), order.theirs.end(), 0u);
    std::sort(order.theirs.begin(), order.theirs.end(), [&](uint32_t a, uint32_t b) { return keys[a] < keys[b]; });
    order.ours.resize(tokens.size());
    for (uint32_t i = 0; i < order.theirs.size(); ++i) {
        uint64_t key = keys[order.theirs[i]];
        order.ours[order.theirs[i]] = i;
        order.code_points.push_back(key == first ? uint32_t{'\n'} : static_cast<uint32_t>(key - 1));
    }
    check_different(order.code_points, order.boundary);
    return order;
}

} // namespace mote::cli
