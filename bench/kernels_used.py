"""Which kernels the libraries of a competitor compute with: each is told the instruction set compared, and asked what
it chose. A value in the caller's environment changes neither: OpenBLAS with an inherited core type, or a CPU that it
does not know, may take kernels that are half as fast and say nothing."""
import json
import os
import platform
import subprocess

# What a library obeys, by the first words of the variable's name.
OBEYED = ("OPENBLAS_", "GOTO_", "DNNL_", "ONEDNN_", "LIBXSMM_", "ATEN_", "NPY_", "MKL_", "OMP_", "KMP_")

TOLD = {
    "avx512": {
        "OPENBLAS_CORETYPE": "SkylakeX",
        "ATEN_CPU_CAPABILITY": "avx512",
    },
    "avx2": {
        "OPENBLAS_CORETYPE": "Haswell",
        "DNNL_MAX_CPU_ISA": "AVX2",
        "LIBXSMM_TARGET": "hsw",
        "ATEN_CPU_CAPABILITY": "avx2",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL",
    },
}

# Arrays of everyone in large pages, where the kernel has some: how fast memory is read is then less a matter of where in
# it a program happened to lie. Kernels whose setting is "always" give them unasked.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}

# The names of kernels in what a library says. OpenBLAS names the core for which they were written; mote's kernels of
# floats are the same with VNNI.
NAMES = {
    "avx512": {"avx512", "avx512vnni", "skylakex", "cooperlake", "sapphirerapids", "skx", "clx", "cpx", "spr"},
    "avx2": {"avx2", "avx2vnni", "haswell", "zen", "excavator", "hsw"},
}

# Run with the environment of a competitor and the paths of the libraries that its process has loaded.
PROBE = """
import ctypes, json, os, sys
used = {}
for path in sys.argv[1:]:
    name = os.path.basename(path)
    if name.startswith("libopenblas"):
        ask = ctypes.CDLL(path).openblas_get_corename
        ask.restype = ctypes.c_char_p
        used["OpenBLAS"] = ask().decode()
    elif name.startswith("libdnnl"):
        used["oneDNN"] = "AVX512" if ctypes.CDLL(path).dnnl_get_effective_cpu_isa() & 0x20 else "AVX2"
    elif name.startswith("libtorch_cpu"):
        import torch
        lines = torch.__config__.show().splitlines()
        used["ATen"] = [line.split()[-1] for line in lines if "CPU capability usage" in line][0]
    elif name.startswith("_multiarray_umath"):
        from numpy.core._multiarray_umath import __cpu_features__ as has
        used["numpy"] = "AVX512" if has.get("AVX512F") else "AVX2" if has.get("AVX2") else "of neither"
    elif name.startswith(("libblas", "libcblas")) and "openblas" not in path:
        used.setdefault("BLAS", "of reference, not OpenBLAS")
print(json.dumps(used))
"""


def cpu_has(flag):
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return any(line.startswith("flags") and flag in line.split() for line in file)
    except OSError:
        return False


def compared(isa):
    """The instruction set compared: the one asked for, or the best of this CPU. None: nothing is told or checked."""
    if isa is None and platform.machine() in ("x86_64", "AMD64"):
        isa = "avx512" if cpu_has("avx512bw") else "avx2"
    return isa if isa in TOLD else None


def environment(isa, inherited):
    """Of a competitor's process: `inherited` without what a library obeys, and what it is told instead."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(OBEYED)}
    return {**kept, **LARGE_PAGES, **TOLD.get(compared(isa), {})}


def loaded(pid):
    """The paths of the libraries of a process."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        paths = {line.split(maxsplit=5)[5].strip() for line in file if len(line.split(maxsplit=5)) == 6}
    return sorted(os.path.realpath(path) for path in paths if ".so" in path)


def of_process(pid, its_environment):
    """What the libraries of a process say that they compute with, by their names."""
    command = ["/usr/bin/python3", "-c", PROBE, *loaded(pid)]
    return json.loads(subprocess.run(command, env=its_environment, check=True, capture_output=True, text=True).stdout)


def of_version(family, version):
    """What an adapter says of itself: Eigen's names its instruction set, mote and libxsmm end with theirs."""
    if family.startswith("Eigen"):
        return {"Eigen": "AVX512" if "AVX512" in version else "AVX2" if "AVX2" in version else "SSE"}
    return {family: version.split()[-1]} if family in ("mote", "libxsmm") else {}


def wrong(used, isa):
    """Of what is used, that which is not of the instruction set compared."""
    names = NAMES.get(compared(isa))
    return [f"{one} {its}" for one, its in used.items() if names is not None and its.lower() not in names]


def check_itself():
    """Ends with AssertionError where a wrong kernel would not be found."""
    for isa, core, other in (("avx512", "SkylakeX", "Haswell"), ("avx2", "Haswell", "SkylakeX")):
        inherited = {"PATH": "/bin", "OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_L2_SIZE": "1"}
        told = environment(isa, inherited)
        assert told["OPENBLAS_CORETYPE"] == core and "OPENBLAS_L2_SIZE" not in told and told["PATH"] == "/bin"
        assert LARGE_PAGES.items() <= told.items()
        assert not wrong({"OpenBLAS": core, "numpy": isa.upper()}, isa)
        for spoilt in (other, "Prescott", "of reference, not OpenBLAS"):
            assert wrong({"numpy": isa.upper(), "OpenBLAS": spoilt}, isa) == [f"OpenBLAS {spoilt}"]
    assert wrong(of_version("Eigen", "Eigen 3.4.0, AVX SSE, SSE2"), "avx2")
    assert not wrong(of_version("Eigen", "Eigen 3.4.0, AVX512"), "avx512")
    assert not wrong(of_version("Eigen", "Eigen 3.4.0, AVX2"), "avx2")
