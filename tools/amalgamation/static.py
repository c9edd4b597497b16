"""The library as a part of a program's source: MOTE_STATIC, as platform/packages/amalgamation/static_functions.h says."""

import re

from amalgamation.text import Failure

# Around the library: all of it that is not of the API lies in a namespace without a name.
STATIC_BEGINS = """#if defined(MOTE_STATIC)
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


def with_api(header):
    """MOTE_API before each function of the header."""
    text, found = re.subn(r"^(?=(?:const )?[a-z]\w* \**mote_\w+\()", "MOTE_API ", header, flags=re.M)
    names = re.findall(r"^MOTE_API .*?\b(mote_\w+)\(", text, re.M)
    if len(set(names)) != found:
        raise Failure(f"lib/: {found} functions of the public headers have {len(set(names))} names")
    return text
