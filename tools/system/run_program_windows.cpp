#include "run_program.h"

#include "errors.h"
#include "windows_text.h"

#include <algorithm>
#include <array>
#include <windows.h>

namespace mote::cli {

namespace {

std::string last_error() { return formatted("error %lu of Windows", ::GetLastError()); }

/* A file that is gone when it is closed: what the program reads and writes, so that no pipe can fill up. */
class Stream {
  public:
    Stream() {
        wchar_t folder[MAX_PATH + 1], name[MAX_PATH + 1];
        SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
        if (::GetTempPathW(MAX_PATH + 1, folder) == 0 || ::GetTempFileNameW(folder, L"mot", 0, name) == 0)
            throw Failure("cannot make a temporary file: " + last_error());
        handle_ =
            ::CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                          &inherited, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
        if (handle_ == INVALID_HANDLE_VALUE) throw Failure("cannot make a temporary file: " + last_error());
    }
    ~Stream() { ::CloseHandle(handle_); }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    HANDLE handle() const { return handle_; }

    void fill(const std::string &text) {
        DWORD wrote = 0;
        const auto count = static_cast<DWORD>(text.size());
        if (!::WriteFile(handle_, text.data(), count, &wrote, nullptr) || wrote != count)
            throw Failure("cannot write a temporary file: " + last_error());
        rewind();
    }

    std::string text() {
        std::string all;
        DWORD got = 0;
        rewind();
        std::array<char, 1 << 14> piece;
        while (::ReadFile(handle_, piece.data(), piece.size(), &got, nullptr) && got > 0) all.append(piece.data(), got);
        return all;
    }

  private:
    void rewind() { ::SetFilePointer(handle_, 0, nullptr, FILE_BEGIN); }

    HANDLE handle_ = INVALID_HANDLE_VALUE;
};

/* As the run-time libraries of Windows take a command line apart: backslashes count where a quotation mark follows. */
std::string quoted(const std::string &argument) {
    std::string text = "\"";
    size_t backslashes = 0;
    for (const char c : argument) {
        if (c == '"') text.append(backslashes + 1, '\\');
        text += c;
        backslashes = c == '\\' ? backslashes + 1 : 0;
    }
    return text.append(backslashes, '\\') + '"';
}

std::wstring command_line(const std::vector<std::string> &arguments) {
    std::string line;
    for (const std::string &argument : arguments) line += (line.empty() ? "" : " ") + quoted(argument);
    return wide(line);
}

bool is_missing(DWORD error) { return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND; }

void wait_for(HANDLE program, const std::function<bool()> &stop) {
    constexpr DWORD pause = 10; /* milliseconds */
    for (bool ended = false; ::WaitForSingleObject(program, stop ? pause : INFINITE) == WAIT_TIMEOUT;) {
        if (!ended && stop()) ended = ::TerminateProcess(program, 1) != FALSE;
    }
}

} // namespace

const char *const null_file = "NUL";

std::optional<Ended> run_program(std::vector<std::string> arguments, const std::string &input,
                                 const std::function<bool()> &stop) {
    Stream in, out, err;
    in.fill(input);
    STARTUPINFOW start{};
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = in.handle();
    start.hStdOutput = out.handle();
    start.hStdError = err.handle();
    PROCESS_INFORMATION program{};
    if (!::CreateProcessW(nullptr, command_line(arguments).data(), nullptr, nullptr, TRUE, CREATE_NO_WINDOW, nullptr,
                          nullptr, &start, &program)) {
        if (is_missing(::GetLastError())) return std::nullopt;
        throw Failure("cannot start " + arguments[0] + ": " + last_error());
    }
    DWORD exit_code = 0;
    wait_for(program.hProcess, stop);
    ::GetExitCodeProcess(program.hProcess, &exit_code);
    ::CloseHandle(program.hThread);
    ::CloseHandle(program.hProcess);
    return Ended{static_cast<int>(exit_code), out.text(), err.text()};
}

/* There are no ranks on Windows. */
std::string own_path() { return {}; }

std::optional<int> run_beside(const std::string & /*path*/, const std::vector<std::string> & /*arguments*/) {
    return std::nullopt;
}

void end_with_parent() {}

void replace_program(const std::string & /*path*/, std::vector<std::string> /*arguments*/) {}

} // namespace mote::cli
