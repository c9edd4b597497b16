#include "stop.h"

#include <atomic>
#include <windows.h>

namespace mote::cli {

namespace {

constexpr DWORD none = ~DWORD{0};
std::atomic<DWORD> event_received{none};
std::atomic<ULONGLONG> time_of_event{0};

/* Windows calls it in a thread of its own. After Ctrl-C it may return, and the program goes on; when the console is
 * closed the system ends the program as soon as it returns, or after some seconds, so it leaves the end to the program.
 */
BOOL WINAPI remember(DWORD event) {
    constexpr ULONGLONG second = 1000;
    const bool may_go_on = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
    DWORD before = none;
    if (event_received.compare_exchange_strong(before, event)) {
        time_of_event = ::GetTickCount64();
    } else if (may_go_on && ::GetTickCount64() - time_of_event >= second) {
        return FALSE; /* who asks again a second later does not want to wait */
    }
    if (!may_go_on) ::Sleep(INFINITE);
    return TRUE;
}

} // namespace

struct StopSignals::Before {};

StopSignals::StopSignals() { ::SetConsoleCtrlHandler(remember, TRUE); }

StopSignals::~StopSignals() { ::SetConsoleCtrlHandler(remember, FALSE); }

const char *stop_requested() {
    switch (event_received) {
    case none:
        return nullptr;
    case CTRL_C_EVENT:
        return "Ctrl-C";
    case CTRL_BREAK_EVENT:
        return "Ctrl-Break";
    case CTRL_CLOSE_EVENT:
        return "a console that was closed";
    default:
        return "the end of the session";
    }
}

} // namespace mote::cli
