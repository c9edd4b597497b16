#include "system_start.h"

#include "windows_text.h"

#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <shellapi.h>

namespace mote::cli {

/* Those of main() are in the code page of the user, which lacks most characters. */
std::vector<std::string> utf8_arguments(int argc, char **argv) {
    int count = 0;
    wchar_t **const all = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    if (all == nullptr) return {argv + 1, argv + argc};
    std::vector<std::string> arguments;
    for (int i = 1; i < count; ++i) arguments.push_back(narrow(all[i]));
    ::LocalFree(all);
    return arguments;
}

std::string own_program() {
    constexpr DWORD longest = 32768;
    std::wstring path(longest, L'\0');
    const DWORD length = ::GetModuleFileNameW(nullptr, path.data(), longest);
    path.resize(length < longest ? length : 0);
    return narrow(path);
}

static UINT input_before, output_before; /* code pages of the console, which outlives the program */

static void restore_console() {
    if (input_before != 0) ::SetConsoleCP(input_before);
    if (output_before != 0) ::SetConsoleOutputCP(output_before);
}

/* Without _O_BINARY a line feed becomes two bytes, and a byte of 26 ends the input. The run-time library gives no file
 * the number of a stream that was closed. */
void prepare_standard_streams() {
    for (int number : {0, 1, 2}) ::_setmode(number, _O_BINARY);
    input_before = ::GetConsoleCP();
    output_before = ::GetConsoleOutputCP();
    ::SetConsoleCP(CP_UTF8);
    ::SetConsoleOutputCP(CP_UTF8);
    std::atexit(restore_console);
}

bool draws_on_terminal() {
    HANDLE console = ::GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode = 0;
    return ::GetConsoleMode(console, &mode) != 0 &&
           ::SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

} // namespace mote::cli
