#include "file_beside.h"

#include "container.h"
#include "errors.h"

#include <algorithm>
#include <filesystem>

namespace mote::cli {

namespace fs = std::filesystem;

namespace {

bool lies_in(const fs::path &place, const fs::path &folder) {
    auto [end, inside] = std::mismatch(folder.begin(), folder.end(), place.begin(), place.end());
    static_cast<void>(inside);
    return end == folder.end();
}

fs::path folder_of(const fs::path &path) {
    fs::path folder = path.parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

} // namespace

std::string file_beside(const std::string &path, const std::string &name) {
    check_name(name);
    fs::path named = fs::u8path(name), where = fs::u8path(path), folder = folder_of(where);
    bool upwards = std::any_of(named.begin(), named.end(), [](const fs::path &part) { return part == ".."; });
    if (named.is_absolute() || upwards || name.find('\\') != std::string::npos)
        throw Failure("names the file " + shown(name) + ", which is not in its folder");
    fs::path place = folder / named;
    std::error_code error;
    fs::path whole = fs::canonical(place, error);
    if (error) throw MissingFile("names the file " + shown(name) + ", which is missing: put it into the same folder");
    fs::path here = fs::canonical(folder, error), of_target = folder_of(fs::canonical(where, error));
    if (!lies_in(whole, here) && !lies_in(whole, of_target))
        throw Failure("names the file " + shown(name) + ", which is a link out of its folder");
    if (!fs::is_regular_file(whole, error)) throw Failure("names the file " + shown(name) + ", which is not a file");
    return place.u8string();
}

} // namespace mote::cli
