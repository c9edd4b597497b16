"""The library as a part of a program's source: MOTE_STATIC, as platform/packages/amalgamation/static_functions.h says."""

import re

from amalgamation.text import Failure

# Around the library: all of it that is not of the API lies in a namespace without a name.
STATIC_BEGINS = """#if defined(MOTE_LIBRARY_STANDS)
#error "mote.cpp: it is included or compiled twice in one source"
#endif
#define MOTE_LIBRARY_STANDS
#if defined(MOTE_STATIC)
#if defined(MOTE_H) && !defined(MOTE_STATIC_PART)
#error "MOTE_STATIC: it has to be defined before mote.h is included for the first time"
#endif
#define MOTE_OWN namespace {
#define MOTE_OWN_END }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wshadow" // of names of the program
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
#else
#define MOTE_OWN
#define MOTE_OWN_END
#endif""".split("\n")
# A part that is left out too late would be linked, and nobody would see it.
STATIC_ENDS = """
#if defined(MOTE_STATIC)
#pragma GCC diagnostic pop
#undef MOTE_NO_PART
#define MOTE_NO_PART(symbol) static_assert(false, "MOTE_WITHOUT_...: stands before mote.cpp is included")
#endif
#undef MOTE_OWN
#undef MOTE_OWN_END""".split("\n")


def within_one_source(text):
    """The library's namespaces, each within what MOTE_STATIC makes of it."""
    text, begun = re.subn(r"^(namespace mote\b[\w:]* \{)$", r"MOTE_OWN \1", text, flags=re.M)
    text, ended = re.subn(r"^\} (// namespace mote\b[\w:]*)$", r"} MOTE_OWN_END \1", text, flags=re.M)
    if begun != ended:
        raise Failure(f"lib/, platform/cpu/: {begun} namespaces of mote begin, and {ended} end as clang-format ends them")
    return text


FUNCTION = re.compile(r'^((?:extern "C" )?(?:const )?[a-z]\w* \**mote_\w+\([^{;]*\)) \{', re.M)
USING = re.compile(r"^using namespace (mote\b[\w:]*);\n", re.M)


def api_of_its_own(text, name):
    """The functions of the API in a source: each finds the library's names by itself, so that those are not mixed with
    the names of a program that goes on behind them."""
    using = USING.search(text)
    if not using:
        return text
    api, found = FUNCTION.subn(rf"\1 {{\n    using namespace {using[1]};\n   ", text[using.end() :])
    if found == 0 or USING.search(api):
        raise Failure(f"{name}: of `using namespace {using[1]};` it is not clear which functions need it")
    return text[: using.start()] + api


def with_macros_of_header(lines):
    """The library with what its own headers define anew of mote.h's as it was behind it, where a program goes on."""
    at = lines.index('#include "mote.h"') + 1
    changed = dict.fromkeys(re.findall(r"^#undef (MOTE_SZ_\w+)", "\n".join(lines), re.M))
    kept = [f'#pragma push_macro("{name}")' for name in changed]
    restored = [f'#pragma pop_macro("{name}")' for name in changed]
    return lines[:at] + kept + lines[at:] + restored


def with_api(header):
    """MOTE_API before each function of the header."""
    text, found = re.subn(r"^(?=(?:const )?[a-z]\w* \**mote_\w+\()", "MOTE_API ", header, flags=re.M)
    names = re.findall(r"^MOTE_API .*?\b(mote_\w+)\(", text, re.M)
    if len(set(names)) != found:
        raise Failure(f"lib/: {found} functions of the public headers have {len(set(names))} names")
    return text
