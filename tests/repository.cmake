# What is tested of the repository as a whole, in the build of the preset `release`: the sources, and what takes several
# builds. A test makes the builds that it needs, or skips what is not there.
set(here ${CMAKE_CURRENT_SOURCE_DIR})
set(root ${PROJECT_SOURCE_DIR})

# Each line: NAME LABELS COMMAND ARGUMENT…
mote_test("lint: format" lint ${here}/lint.sh format)
mote_test("lint: shell scripts" lint ${here}/lint.sh scripts)
mote_test("lint: clang-tidy, the library" lint ${here}/lint.sh tidy "lib|platform")
mote_test("lint: clang-tidy, everything" "lint;slow" ${here}/lint.sh tidy "lib|platform|tools|tests|bench")
mote_test("lint: includes run downwards" lint ${here}/includes.sh)
mote_test("lint: the check of includes detects violations" lint ${here}/includes.sh --check-itself)
mote_test("lint: each header parses alone" lint ${here}/lint/parse_alone.sh)
mote_test("lint: the check of headers detects violations" lint ${here}/lint/parse_alone.sh --check-itself)
mote_test("lint: port.h comes first" lint ${here}/lint/port_first.sh)
mote_test("lint: the check of port.h detects violations" lint ${here}/lint/port_first.sh --check-itself)
mote_test("lint: words" lint ${here}/words.sh)
mote_test("lint: the check of words detects violations" lint ${here}/words.sh --check-itself)
mote_test("lint: links and paths in the pages" lint ${here}/links.sh)
mote_test("lint: the check of links detects violations" lint ${here}/links.sh --check-itself)
mote_test("lint: one version everywhere" lint ${root}/tools/version.sh --check)
mote_test("lint: the check of versions detects violations" lint ${root}/tools/version.sh --check-itself)
mote_test("lint: counting the tests" lint ${here}/count_check.sh)
mote_test("lint: the comparison with competitors detects wrong losses" lint
          ${here}/needs.sh python3 python3 ${root}/bench/compare.py - --check-itself)
mote_test("lint: the walk of the grid detects cells that are behind" lint
          ${here}/needs.sh python3 python3 ${root}/bench/grid.py - --check-itself)
mote_test("lint: the check of scaling detects cliffs" lint
          ${here}/needs.sh python3 python3 ${root}/bench/scaling.py - --check-itself)
mote_test("lint: the search for loops finds what it is to find" lint
          ${here}/needs.sh python3 python3 ${root}/bench/arm_loops.py --check-itself)
mote_test("lint: learning a thousand names detects other weights than the host's" lint
          ${here}/needs.sh python3 python3 ${root}/bench/thousand_names.py - --check-itself)
mote_test("lint: the sizes of flash are those of the widest models that fit" lint
          ${here}/needs.sh python3 python3 ${root}/bench/flash.py - --check-itself)
mote_test("lint: the model of time of ranks adds up" lint
          ${here}/needs.sh python3 python3 ${root}/bench/ranks.py --check-itself)
mote_test("lint: what adapting takes and gains is counted as it is to be" lint
          ${here}/needs.sh python3 ${root}/bench/adapt.sh --check-itself)

# A function that is shared at -O2 is no less at -O0, where nothing is inlined; the builds of presets are held to the same
# at -O3, with either compiler.
mote_test("archive: instruction sets apart, at -O0" archive
          ${here}/archive/shared_symbols.sh --builds ${root}/build/symbols -O0)
mote_test("archive: instruction sets apart, at -O2" "archive;slow"
          ${here}/archive/shared_symbols.sh --builds ${root}/build/symbols -O2)
list(TRANSFORM MOTE_INSTALLED_BUILDS PREPEND ${root}/build/ OUTPUT_VARIABLE builds)
mote_test("archive: the installed library" archive ${here}/consumer/run.sh ${builds})

mote_test("archive: packages for other build systems are made" archive
          ${here}/needs.sh python3 ${root}/tools/packages.sh ${PROJECT_BINARY_DIR} ${root}/build/packages)
mote_test("archive: the sketches of Arduino on emulated boards" archive ${here}/packages/arduino.sh ${root}/build/packages)
mote_test("archive: as ESP-IDF, Zephyr and CMake build it, and the manifests" archive
          ${here}/packages/build_systems.sh ${root}/build/packages)
mote_test("archive: Meson" "archive;slow" ${here}/packages/meson.sh)
mote_test("archive: Debian packages" "archive;slow" ${here}/packages/debian.sh ${root}/build/packages)
set_tests_properties("archive: packages for other build systems are made" PROPERTIES FIXTURES_SETUP packages)
set_tests_properties("archive: the sketches of Arduino on emulated boards" "archive: Debian packages"
                     "archive: as ESP-IDF, Zephyr and CMake build it, and the manifests"
                     PROPERTIES FIXTURES_REQUIRED packages)
mote_test("archive: the processor's flags beside a user's" archive ${here}/toolchains/flags.sh)
mote_test("archive: the check of processors' flags detects violations" archive
          ${here}/toolchains/flags.sh --check-itself)
mote_test("lint: what mote cannot be compiled for is refused" lint ${here}/toolchains/refused.sh)
mote_test("archive: users see the public headers alone" archive ${here}/consumer/headers.sh ${PROJECT_BINARY_DIR})
mote_test("archive: the check of public headers detects violations" archive
          ${here}/consumer/headers.sh --check-itself)
mote_test("lint: folders of the library call downwards only" lint ${here}/calls.sh ${PROJECT_BINARY_DIR}/lib/libmote.a)
mote_test("lint: the check of calls detects violations" lint ${here}/calls.sh --check-itself)

mote_test("bits: the same on every target" bits ${root}/tools/same-bits.sh)
mote_test("bits: the same by other compilers and flags" "bits;slow" ${root}/tools/same-bits.sh --long)
mote_test("bits: the same by the flags of other build systems" bits
          ${here}/same_bits/plain_flags.sh $<TARGET_FILE:same_bits>)
mote_test("bits: the same by more of them" "bits;slow" ${here}/same_bits/plain_flags.sh --long $<TARGET_FILE:same_bits>)
mote_test("bits: the check of those flags detects violations" "bits;slow"
          ${here}/same_bits/plain_flags.sh --check-itself $<TARGET_FILE:same_bits>)
mote_test("bits: a library for one model" bits ${here}/only_model/run.sh $<TARGET_FILE:mote_cli>)
mote_test("bits: the library in one file" bits ${here}/amalgamation/run.sh ${PROJECT_BINARY_DIR})
mote_test("bits: the library in one file, by more compilers" "bits;slow"
          ${here}/amalgamation/run.sh --long ${PROJECT_BINARY_DIR})
mote_test("lint: what cannot be one file is found" lint ${here}/needs.sh python3 ${root}/tools/amalgamate --check-itself)
mote_test("bits: every model in firmware" bits ${here}/firmware.sh ${PROJECT_BINARY_DIR})
mote_test("bits: messages over a UART" bits ${here}/messages_firmware.sh ${PROJECT_BINARY_DIR})
mote_test("bits: a log that is learned between resets" bits
          ${here}/needs.sh python3 ${here}/watch_firmware.sh ${PROJECT_BINARY_DIR})
mote_test("bits: a model over the air" bits
          ${here}/needs.sh python3 ${here}/update_firmware.sh ${PROJECT_BINARY_DIR})
# One build of each board, one test at a time.
set_tests_properties("bits: every model in firmware" "bits: messages over a UART" "bits: a model over the air"
                     "bits: a log that is learned between resets"
                     PROPERTIES RESOURCE_LOCK firmware)
mote_test("bits: the demo" "bits;cli" ${root}/tools/demo.sh)
mote_test("bits: from a chat to firmware" "bits;cli;slow" ${here}/needs.sh jq ${here}/messages_page.sh)

mote_test("cli: the programs and figures in the READMEs" cli ${here}/readme.sh ${PROJECT_BINARY_DIR})
mote_test("cli: the model of messages in the repository" cli ${here}/messages_blob.sh ${PROJECT_BINARY_DIR})
mote_test("cli: its training makes it again" "cli;slow" ${here}/messages_blob.sh --train ${PROJECT_BINARY_DIR})
mote_test("cli: a fleet with an emulated device" cli ${here}/fleet.sh)
mote_test("cli: the figures of the tour" "cli;slow" ${here}/needs.sh gnuplot ${here}/tour.sh ${PROJECT_BINARY_DIR})
mote_test("cli: the check of the tour detects violations" cli ${here}/tour.sh --check-itself ${PROJECT_BINARY_DIR})

mote_test("unit: gradients beside PyTorch" unit
          ${here}/needs.sh python3 ${here}/pytorch/compare.py $<TARGET_FILE:mote> --count 40)
mote_test("unit: more gradients beside PyTorch" "unit;slow"
          ${here}/needs.sh python3 ${here}/pytorch/compare.py $<TARGET_FILE:mote> --count 400)

mote_test("convert: exported tensors in PyTorch" convert
          ${here}/needs.sh python3 ${here}/pytorch/load_exported.py ${PROJECT_BINARY_DIR})
mote_test("convert: fresh models of PyTorch" "convert;slow" ${here}/pytorch/fresh_models.sh ${PROJECT_BINARY_DIR})
# Programs of ranks that say they are of another version.
set(other_versions "")
foreach(mpi IN LISTS mote_mpis)
  mote_mpi_program(mote_rank_of_another_version_${mpi} mote_ranks_${mpi})
  target_compile_definitions(mote_rank_of_another_version_${mpi} PRIVATE MOTE_RANK_VERSION=99)
  set_target_properties(mote_rank_of_another_version_${mpi} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                        ${CMAKE_CURRENT_BINARY_DIR}/mpi)
  list(APPEND other_versions $<TARGET_FILE:mote_rank_of_another_version_${mpi}>)
endforeach()
mote_test("cli: ranks of MPI" cli ${here}/mpi/ranks.sh $<TARGET_FILE:mote_cli>)
mote_test("cli: ranks of MPI, every number" "cli;slow" ${CMAKE_COMMAND} -E env MOTE_LONG=1 ${here}/mpi/ranks.sh
          $<TARGET_FILE:mote_cli>)
mote_test("cli: a long text" cli ${here}/mpi/long_text.sh $<TARGET_FILE:mote_cli> 150000000)
mote_test("cli: a text of 1 GB" "cli;slow" ${here}/mpi/long_text.sh $<TARGET_FILE:mote_cli>)
mote_test("cli: the test of ranks detects other bits" cli ${here}/mpi/ranks.sh --check-itself $<TARGET_FILE:mote_cli>)
mote_test("cli: ranks that fail" cli ${here}/mpi/faults.sh $<TARGET_FILE:mote_cli> ${other_versions})
mote_test("cli: ranks that fail, every rank" "cli;slow" ${CMAKE_COMMAND} -E env MOTE_LONG=1 ${here}/mpi/faults.sh
          $<TARGET_FILE:mote_cli> ${other_versions})
mote_test("cli: the test of ranks that fail detects other ends" cli ${here}/mpi/faults.sh --check-itself
          $<TARGET_FILE:mote_cli>)
mote_test("cli: a sweep by ranks of MPI" cli ${here}/mpi/sweep.sh $<TARGET_FILE:mote_cli> ${other_versions})
mote_test("cli: a sweep by ranks of MPI, every rank" "cli;slow" ${CMAKE_COMMAND} -E env MOTE_LONG=1 ${here}/mpi/sweep.sh
          $<TARGET_FILE:mote_cli> ${other_versions})
mote_test("cli: the test of sweeps by ranks detects other tables" cli ${here}/mpi/sweep.sh --check-itself
          $<TARGET_FILE:mote_cli>)
mote_test("convert: from PyTorch to a Cortex-M4" "convert;slow" ${here}/pytorch/readme_pytorch.sh)
mote_test("convert: fuzzing, two seconds a target" convert ${here}/fuzz/run.sh 2)
mote_test("convert: fuzzing, a minute a target" "convert;slow" ${here}/fuzz/run.sh 60)
mote_test("convert: fuzzing detects what its targets violate" convert ${here}/fuzz/run.sh --check-itself)

mote_test("unit: bad packets under sanitizers" unit ${here}/fuzz/bad_packets.sh $<TARGET_FILE:bad_packets>)
mote_test("unit: a hundred million bad packets" "unit;slow" ${here}/fuzz/bad_packets.sh --long $<TARGET_FILE:bad_packets>)

# Those that take longest begin first, so that no other one waits for them at the end.
set_tests_properties("bits: the library in one file" "bits: the same by the flags of other build systems"
                     "bits: a library for one model" "bits: every model in firmware"
                     "convert: fuzzing, two seconds a target" "archive: instruction sets apart, at -O0"
                     "lint: each header parses alone" "archive: the processor's flags beside a user's"
                     PROPERTIES COST 500)
# These use every core by themselves.
set_tests_properties("bits: the same on every target" "bits: the same by other compilers and flags"
                     "lint: clang-tidy, the library" "lint: clang-tidy, everything" PROPERTIES RUN_SERIAL ON)
# One build folder is for one of them at a time.
set_tests_properties("convert: fuzzing, two seconds a target" "convert: fuzzing, a minute a target"
                     "convert: fuzzing detects what its targets violate" "unit: bad packets under sanitizers"
                     "unit: a hundred million bad packets" PROPERTIES RESOURCE_LOCK build/fuzz)
set_tests_properties("bits: the demo" "bits: from a chat to firmware" "convert: from PyTorch to a Cortex-M4" PROPERTIES RESOURCE_LOCK build/release)
