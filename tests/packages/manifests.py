#!/usr/bin/env python3
"""manifests.py PACKAGES VERSION: holds the manifests of the packages that tools/packages.sh has made against what the
published description of each format asks for: fields, their forms, and that the files that they name are there."""

import ast
import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
wrong = []


def check(manifest, condition, what):
    if not condition:
        wrong.append(f"{manifest}: {what}")


def arduino(tree, version):
    fields = dict(line.split("=", 1) for line in (tree / "library.properties").read_text().splitlines() if line)
    needed = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"}
    optional = {"depends", "dot_a_linkage", "includes", "precompiled", "ldflags"}
    categories = {"Display", "Communication", "Signal Input/Output", "Sensors", "Device Control", "Timing",
                  "Data Storage", "Data Processing", "Other"}
    check("library.properties", needed <= set(fields), f"lacks {sorted(needed - set(fields))}")
    check("library.properties", set(fields) <= needed | optional, f"unknown: {sorted(set(fields) - needed - optional)}")
    check("library.properties", fields.get("category") in categories, "category is none of Arduino's")
    check("library.properties", re.fullmatch(r"[A-Za-z0-9][\w .-]{0,62}", fields.get("name", "")), "name")
    check("library.properties", fields.get("version") == version, "version")
    check("library.properties", (tree / "src" / fields.get("includes", "-")).is_file(), "includes names no header in src/")
    for sketch in (tree / "examples").iterdir():
        check("examples", (sketch / f"{sketch.name}.ino").is_file(), f"{sketch.name}: no sketch of its name")


def platformio(tree, version):
    manifest = json.loads((tree / "library.json").read_text())
    known = {"$schema", "name", "version", "description", "keywords", "homepage", "repository", "authors", "license",
             "frameworks", "platforms", "headers", "examples", "dependencies", "export", "scripts", "build"}
    check("library.json", set(manifest) <= known, f"unknown: {sorted(set(manifest) - known)}")
    for field, longest in [("name", 50), ("version", 20), ("description", 255)]:
        check("library.json", 0 < len(manifest.get(field, "")) <= longest, f"{field}: 1 to {longest} characters")
    check("library.json", re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", manifest["name"]), "name")
    check("library.json", all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word) for word in manifest["keywords"]), "keywords")
    check("library.json", manifest["repository"]["type"] in ("git", "hg", "svn"), "repository")
    check("library.json", manifest["version"] == version, "version")
    source = tree / manifest["build"]["srcDir"]
    check("library.json", all((source / header).is_file() for header in manifest["headers"]), "headers: no such file")
    for example in manifest["examples"]:
        for name in example["files"]:
            check("library.json", (tree / example["base"] / name).is_file(), f"examples: there is no {name}")


def scalars(text):
    """The top level of a YAML file of plain values; of what is nested the names alone."""
    return dict(re.findall(r"^([\w-]+):[ \t]*\"?([^\"\n]*)\"?$", text, re.M))


def esp_idf(tree, version):
    fields = scalars((tree / "idf_component.yml").read_text())
    known = {"version", "targets", "maintainers", "description", "license", "license_file", "tags", "files", "exclude",
             "url", "repository", "documentation", "issues", "discussion", "dependencies", "examples"}
    check("idf_component.yml", set(fields) <= known, f"unknown: {sorted(set(fields) - known)}")
    check("idf_component.yml", fields.get("version") == version, "version")
    check("idf_component.yml", fields.get("description") and fields.get("url"), "lacks description or url")


def zephyr(tree):
    text = (tree / "zephyr/module.yml").read_text()
    check("module.yml", set(scalars(text)) <= {"name", "build", "tests", "samples", "boards", "blobs"}, "unknown field")
    folder = re.search(r"^  cmake: (\S+)$", text, re.M)
    kconfig = re.search(r"^  kconfig: (\S+)$", text, re.M)
    check("module.yml", folder and (tree / folder[1] / "CMakeLists.txt").is_file(), "cmake: no CMakeLists.txt there")
    check("module.yml", kconfig and (tree / kconfig[1]).is_file(), "kconfig: no such file")
    for sample in re.findall(r"^  - (\S+)$", text, re.M):
        for name in ["CMakeLists.txt", "prj.conf", "sample.yaml"]:
            check("module.yml", (tree / sample / name).is_file(), f"{sample} has no {name}")


def cmsis(tree, version):
    package = xml.parse(tree / "mote.mote.pdsc").getroot()
    names = [child.tag for child in package]
    order = ["vendor", "name", "description", "url", "license", "releases", "keywords", "conditions", "components"]
    check("mote.mote.pdsc", package.tag == "package" and package.get("schemaVersion"), "root")
    check("mote.mote.pdsc", names == order, f"elements: {names}")
    release = package.find("releases/release")
    check("mote.mote.pdsc", release.get("version") == version, "version of the release")
    check("mote.mote.pdsc", re.fullmatch(r"\d{4}-\d\d-\d\d", release.get("date")), "date of the release")
    conditions = {each.get("id") for each in package.findall("conditions/condition")}
    for component in package.findall("components/component"):
        check("mote.mote.pdsc", component.get("Cversion") == version, "version of the component")
        check("mote.mote.pdsc", component.get("condition") in conditions, "condition of the component")
        for file in component.findall("files/file"):
            check("mote.mote.pdsc", (tree / file.get("name")).exists(), f"there is no {file.get('name')}")


def vcpkg(port, version):
    manifest = json.loads((port / "vcpkg.json").read_text())
    check("vcpkg.json", manifest["version"] == version and re.fullmatch(r"[a-z0-9-]+", manifest["name"]), "name or version")
    check("vcpkg.json", {"description", "homepage", "license", "dependencies"} <= set(manifest), "fields")
    script = (port / "portfile.cmake").read_text()
    check("portfile.cmake", re.search(r"SHA512 [0-9a-f]{128}\b", script), "no checksum")
    for call in ["vcpkg_cmake_configure", "vcpkg_cmake_install", "vcpkg_cmake_config_fixup", "vcpkg_install_copyright"]:
        check("portfile.cmake", call in script, f"does not call {call}")
    cmake_options("portfile.cmake", script)


def cmake_options(name, text):
    """The options that a recipe gives to CMake are those that the project has."""
    project = (ROOT / "CMakeLists.txt").read_text()
    known = set(re.findall(r"option\((MOTE_\w+)", project)) | {"MOTE_xsimd_INCLUDE"}
    check(name, "find_path(MOTE_${name}_INCLUDE" in project, "CMakeLists.txt no longer takes MOTE_xsimd_INCLUDE")
    given = set(re.findall(r"MOTE_\w+", text))
    check(name, given and given <= known, f"options that CMakeLists.txt does not have: {sorted(given - known)}")


def conan():
    text = (ROOT / "conanfile.py").read_text()
    names = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    check("conanfile.py", {"generate", "build", "package", "package_info"} <= names, f"methods: {sorted(names)}")
    for pattern in re.search(r"exports_sources = (.*)", text)[1].split(", "):
        check("conanfile.py", list(ROOT.glob(pattern.strip('"'))), f"exports_sources: there is no {pattern}")
    cmake_options("conanfile.py", text)


def meson(packages, version):
    wrap = (Path(packages) / "mote.wrap").read_text()
    check("mote.wrap", re.search(r"^source_hash = [0-9a-f]{64}$", wrap, re.M), "no checksum")
    check("mote.wrap", f"mote-{version}.tar.gz" in wrap and "mote = mote_dep" in wrap, "fields")


def main(packages, version):
    tree = Path(packages) / f"mote-{version}"
    arduino(tree, version)
    platformio(tree, version)
    esp_idf(tree, version)
    zephyr(tree)
    cmsis(tree, version)
    vcpkg(Path(packages) / "vcpkg/mote", version)
    conan()
    meson(packages, version)
    for line in wrong:
        print(line)
    if wrong:
        sys.exit(1)
    print("ok: the manifests of Arduino, PlatformIO, ESP-IDF, Zephyr, CMSIS-Pack, vcpkg, Conan and Meson")


main(*sys.argv[1:])
