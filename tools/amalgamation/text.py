"""What tools/amalgamate has to know of the text of a source: its include guard, the names of its own, its lambdas."""

import re

INCLUDE = re.compile(r'#include ([<"])(.*?)[>"]')


class Failure(Exception):
    """What is wrong, for the user."""


def body_of(text):
    """The lines of a file, without the guard of a header, and its guard."""
    lines = text.rstrip("\n").split("\n")
    for i, line in enumerate(lines):
        guard = re.match(r"#ifndef (MOTE_\w+_H)$", line)
        if guard and i + 1 < len(lines) and lines[i + 1] == f"#define {guard[1]}" and lines[-1] == "#endif":
            return lines[:i] + lines[i + 2 : -1], guard[1]
        if line and not line.startswith(("//", "/*", " *")):
            break
    return lines, None


def without_comments(lines):
    return [line for line in lines if line.strip() and not line.startswith("//")]


def with_macro(text, name):
    """The calls of with_constant() by the macro of with_constant.h, as C++11 has no lambda of an `auto`."""
    call = re.compile(r"with_constant<([\w:]+)>\(\s*([^;{}]+?),\s*\[&\]\(auto (\w+)\) MOTE_INLINE_LAMBDA \{")
    while True:
        found = call.search(text)
        if not found:
            break
        end = matching_brace(text, found.end())
        if text[end + 1] != ")":
            raise Failure(f"{name}: a call of with_constant() goes on behind its lambda")
        body = " ".join(text[found.end() : end].split())
        text = f"{text[: found.start()]}MOTE_WITH_CONSTANT({found[1]}, {found[2]}, {found[3]}, {body}){text[end + 2 :]}"
    left = re.search(r"\]\([^)]*\bauto\b", text)
    if left:
        raise Failure(f"{name}: a lambda of an `auto` that is not the last argument of with_constant(): C++11 has none")
    return text


def matching_brace(text, at):
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at - 1


def own_names(text):
    """The names that a source declares at the level of its namespaces without a name."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r'"(\\.|[^"\\\n])*"', '""', text)
    text = re.sub(r"^#(.*\\\n)*.*", "", text, flags=re.M)
    names, scopes, statement = set(), [], ""
    for token in re.findall(r"namespace\s*[\w:]*\s*\{|extern\s*\"\"\s*\{|[{};]|[^{};]", text):
        inside = "{" not in scopes
        if token.endswith("{") and len(token) > 1:
            scopes.append(re.sub(r"\s", "", token))
            statement = ""
        elif token in "{};":
            if inside and "namespace{" in scopes and token != "}":
                names |= declared(statement)
            if token == "{":
                scopes.append("{")
            elif token == "}" and scopes:
                scopes.pop()
            if "{" not in scopes and token != "{":
                statement = ""
        elif inside:
            statement += token
    return names


def declared(statement):
    statement = re.sub(r"\s+", " ", re.sub(r"template <[^{}()]*?> ?(?=\w)", "", statement)).strip()
    if not statement or statement.startswith(("using ", "static_assert")):
        return set()
    found = re.match(r"(?:struct|enum(?: class)?|union) (\w+)", statement)
    found = found or re.match(r"[^(=]*?(\w+) ?\(", statement)
    found = found or re.match(r"[^=\[]*?(\w+) ?(?:\[.*?\] ?)*(?:=|$)", statement)
    return {found[1]} if found else set()


def renamed(text, old, new):
    """A name in the code, not in comments, strings and members of that name."""
    pattern = rf'//[^\n]*|"(?:\\.|[^"\\\n])*"|(?<![\w.>:])(mote::)?{old}\b'
    return re.sub(pattern, lambda found: (found[1] or "") + new if found[0] in (old, f"mote::{old}") else found[0], text)
