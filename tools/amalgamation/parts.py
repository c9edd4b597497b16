"""Stretches of the one file: what includes of sources become."""

import re
from pathlib import Path

from amalgamation.static import api_of_its_own
from amalgamation.targets import END_KERNELS, begin_kernels
from amalgamation.text import INCLUDE, Failure, body_of, own_names, renamed, with_macro, without_comments

FEATURE = re.compile(r"defined\(__((?:AVX|FMA|SSE[34]|F16C|BMI)\w*)__\)")


def within(branch, other):
    """Whether what stands in the branch `other` of the conditions is there in `branch`, too."""
    wider = not other or not isinstance(other[0], frozenset) or (branch and other[0] >= branch[0])
    return wider and branch[1 : len(other)] == other[1:]


class Part:
    """A stretch of the one file: what includes make of files, each once for every branch of #if that may need it."""

    def __init__(self, files, known, whole=()):
        self.files = files
        self.whole = whole  # the branch of what stands everywhere
        self.seen = {name: [whole] for name in known}  # the branches in which a file stands already
        self.alternatives = set()
        self.out = []

    def expand(self, name, branch):
        if any(within(branch, other) for other in self.seen.get(name, [])):
            return
        if name not in self.files:
            raise Failure(f"{name}: no file of lib/ and platform/cpu has that name")
        lines, guard = body_of(self.text_of(name))
        first = name not in self.seen
        prototypes = name.endswith("_prototypes.inl.h")
        choice = all(line.startswith("#") for line in without_comments(lines))  # of other headers, which have guards
        if guard is None and name.endswith(".h") and not prototypes and not choice:
            raise Failure(f"{self.files[name]}: has no include guard from its first line of code to its last")
        if prototypes:  # once for each namespace, the first time with their comments
            lines = re.sub(r"#ifndef MOTE_KERNEL_TYPES_H.*?#endif\n", "", "\n".join(lines), flags=re.S).split("\n")
            self.seen.setdefault(name, [])
            self.walk(name, lines if first else without_comments(lines), branch)
            return
        guarded = guard is not None and (branch != self.whole or not first)
        self.seen.setdefault(name, []).append(branch)
        self.out += ["", f"// --- {self.files[name].parent.name}/{name} ---"]
        if guarded:
            self.out += [f"#ifndef {guard}", f"#define {guard}"]
        self.walk(name, lines, branch)
        if guarded:
            self.out.append("#endif")

    def text_of(self, name):
        return self.files[name].read_text()

    def walk(self, name, lines, branch):
        inside = []  # of this file: one number for each branch of each #if
        count = 0
        for line in lines:
            directive = re.match(r"#\s*(if|ifdef|ifndef|elif|else|endif)\b", line)
            if directive:
                count += 1
                if directive[1] in ("elif", "else", "endif"):
                    inside.pop()
                if directive[1] != "endif":
                    inside.append((name, count))
            include = INCLUDE.match(line)
            if include and include[1] == '"' and include[2] in self.seen and include[2] in self.alternatives:
                continue
            if include and include[1] == '"':
                self.expand(include[2], branch + tuple(inside))
            else:
                self.line(line, include)

    def line(self, line, include):
        if include or line or (self.out and self.out[-1]):
            self.out.append(line)


class Kernels(Part):
    """The bodies of the kernels, for the instruction set that MOTE_KERNELS_OF names. A branch begins with a set of them."""

    def __init__(self, files, isas):
        prototypes = [name for name in files if name.endswith("_prototypes.inl.h")]
        super().__init__(files, ["port.h", "kernel_types.h", "isa.h", *prototypes], (frozenset(isas),))
        self.isas = isas
        self.alternatives = {"vec_scalar.h", "vec_xsimd.h"}  # of vec.h, which stands before whatever asks for one
        self.features = set()

    def text_of(self, name):
        text = super().text_of(name)
        if name == "arithmetic_check.h":  # templates take the target of where they stand
            text = text.replace("namespace mote::cpu {", "namespace mote::cpu::MOTE_ISA {")
        if name != "with_constant.h":
            text = with_macro(text, self.files[name])
        self.features |= set(FEATURE.findall(text))
        return FEATURE.sub(r"defined(MOTE_HAS_\1)", text)

    def line(self, line, include):
        if line.startswith("#define xsimd ") or (include and include[2].startswith("xsimd/")):
            return
        if include:
            raise Failure(f"#include <{include[2]}> among the kernels: it belongs into instruction_sets.h")
        super().line(line, include)

    def lists(self):
        """The instruction sets of each file that kernels_<isa>.cpp lists, in the order in which these do, then those of
        fewer first. bodies_*.inl.h are left to bodies.inl.h, which chooses the same ones."""
        wanted, place = {}, {}
        for isa in self.isas:
            for i, (_, name) in enumerate(INCLUDE.findall(self.files[f"kernels_{isa}.cpp"].read_text())):
                if not name.startswith("bodies_"):
                    wanted.setdefault(name, []).append(isa)
                    place[name] = max(i, place.get(name, 0))
        return sorted(wanted.items(), key=lambda item: (place[item[0]], len(item[1])))

    def included(self, name, conditional):
        """What a file includes in some branch of an #if, or in none."""
        depth, found = 0, []
        for line in body_of(self.files[name].read_text())[0]:
            depth += bool(re.match(r"#\s*if", line)) - line.startswith("#endif")
            include = INCLUDE.match(line)
            if include and include[1] == '"' and (depth > 0) == conditional:
                found.append(include[2])
        return found

    def always(self, name, listed):
        """Of a file and what it includes in any case, the deepest first, those that choose none of the files that
        kernels_<isa>.cpp lists, and include none that does; and whether the file is one of them."""
        found, free = [], not (set(self.included(name, True)) & listed or name.startswith("bodies"))
        for other in self.included(name, False):
            if other not in self.seen:
                below, is_free = self.always(other, listed)
                found += [each for each in below if each not in found]
                free = free and is_free
        return (found + [name], True) if free else (found, False)

    def shared(self, lists):
        """What every instruction set includes in any case: it stands once, outside of all branches."""
        listed = {name for name, _ in lists}
        closures = {isa: {} for isa in self.isas}
        for name, isas in lists:
            if not name.startswith("isa_"):
                for found in self.always(name, listed)[0]:
                    for isa in isas:
                        closures[isa][found] = True
        first, *others = closures.values()
        return [name for name in first if all(name in other for other in others)]

    def write(self):
        lists = self.lists()
        self.expand("vectors.h", self.whole)
        for name, isas in lists:
            if name.startswith("isa_"):
                self.conditional(name, isas)
        for name in self.shared(lists):
            self.expand(name, self.whole)
        for name, isas in lists:
            if not name.startswith("isa_"):
                self.conditional(name, isas)
        kernels = begin_kernels(self.isas, self.features) + self.out
        defined = re.findall(r"^\s*#\s*define (\w+)", "\n".join(kernels), re.M)
        kept = {"MOTE_TARGET", "MOTE_INLINE_LAMBDA"}
        undefined = [f"#undef {name}" for name in dict.fromkeys(defined) if name not in kept]
        return kernels + END_KERNELS + undefined


    def conditional(self, name, isas):
        self.out.append("#if " + " || ".join(f"MOTE_KERNELS_OF == MOTE_NUMBER_{isa}" for isa in isas))
        self.expand(name, (frozenset(isas),))
        self.out.append("#endif")


class Library(Part):
    """The sources of lib/. The namespace without a name of each lies in one of its own, so that what it holds hides
    nothing from the others; what several of them call by the same name, each for itself, is renamed."""

    def __init__(self, files, sources, known):
        super().__init__(files, known)
        self.sources = sources
        owners = {}
        for name in sources:
            for own in own_names(files[name].read_text()):
                owners.setdefault(own, []).append(name)
        self.shared = {own: names for own, names in owners.items() if len(names) > 1}

    def text_of(self, name):
        text = super().text_of(name)
        if name not in self.sources:
            return text
        for own, names in self.shared.items():
            if name in names:
                text = renamed(text, own, f"{own}_of_{Path(name).stem}")
        stem = Path(name).stem
        text = re.sub(r"^namespace \{$", f"namespace of_{stem} {{\nnamespace {{", text, flags=re.M)
        text = re.sub(r"^\} // namespace$", f"}} // namespace\n}} // namespace of_{stem}\nusing namespace of_{stem};",
                      text, flags=re.M)
        text = api_of_its_own(text, self.files[name])
        changed = dict.fromkeys(re.findall(r"^#undef (\w+)", text, re.M))
        defined_here = set(re.findall(r"^#define (\w+)", text.split("#undef", 1)[0], re.M))
        for macro in changed:
            if macro not in defined_here:  # a header's
                text = f'#pragma push_macro("{macro}")\n{text.rstrip()}\n#pragma pop_macro("{macro}")\n'
        return text

    def line(self, line, include):
        if include and include[2] in ("string.h", "stdint.h", "stddef.h"):
            return
        super().line(line, include)

    def write(self):
        for name in self.sources:
            self.expand(name, ())
        return self.out
