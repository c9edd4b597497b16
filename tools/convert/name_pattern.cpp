#include "name_pattern.h"

#include "assignment.h"
#include "container.h"
#include "errors.h"

#include <algorithm>

namespace mote::cli {

namespace {

bool is_pattern(const std::string &name) { return name.find_first_of("*?") != std::string::npos; }

/* Goes back to the last * alone, so that the time is at most the product of the lengths. */
bool fits(const std::string &name, const std::string &pattern) {
    size_t at = 0, i = 0, star = std::string::npos, behind_star = 0;
    while (at < name.size()) {
        if (i < pattern.size() && pattern[i] == '*') {
            star = i++;
            behind_star = at;
        } else if (i < pattern.size() && (pattern[i] == '?' || pattern[i] == name[at])) {
            ++i;
            ++at;
        } else if (star != std::string::npos) {
            i = star + 1;
            at = ++behind_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', i) == std::string::npos;
}

bool is_of_module(const std::string &name, std::string module) {
    if (module.empty()) return false;
    if (module.back() != '.') module += '.';
    return name.size() > module.size() && name.compare(0, module.size(), module) == 0;
}

std::string names_text(const ForeignFile &file) {
    constexpr size_t most = 8;
    std::string text;
    for (size_t i = 0; i < std::min(most, file.tensors.size()); ++i)
        text += (i == 0 ? "" : ", ") + shown(file.tensors[i].name);
    return text + (file.tensors.size() > most ? " …" : "");
}

[[noreturn]] void refuse(const ForeignFile &file, const std::string &option, const std::string &name) {
    throw Failure(option + " " + name + ": no tensor " +
                  (is_pattern(name) ? "fits this pattern" : "and no module has this name") +
                  (file.tensors.empty() ? "" : "; the file has " + names_text(file)));
}

} // namespace

std::vector<std::string> tensors_meant(const ForeignFile &file, const std::string &option,
                                       const std::vector<std::string> &given) {
    std::vector<bool> meant(file.tensors.size());
    for (const std::string &name : given) {
        bool exact = has_tensor(file, name), any = false;
        for (size_t i = 0; i < meant.size(); ++i) {
            const std::string &tensor = file.tensors[i].name;
            if (exact ? tensor != name : is_pattern(name) ? !fits(tensor, name) : !is_of_module(tensor, name)) continue;
            meant[i] = any = true;
        }
        if (!any) refuse(file, option, name);
    }
    std::vector<std::string> names;
    for (size_t i = 0; i < meant.size(); ++i) {
        if (meant[i]) names.push_back(file.tensors[i].name);
    }
    return names;
}

std::vector<std::string> matrices_meant(const ForeignFile &file, const std::string &option,
                                        const std::vector<std::string> &given) {
    std::vector<std::string> names = tensors_meant(file, option, given);
    auto is_no_matrix = [&](const std::string &name) {
        return std::find(given.begin(), given.end(), name) == given.end() && tensor_named(file, name).shape.size() != 2;
    };
    names.erase(std::remove_if(names.begin(), names.end(), is_no_matrix), names.end());
    return names;
}

} // namespace mote::cli
