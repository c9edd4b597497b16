from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class MoteConan(ConanFile):
    name = "mote"
    version = "0.1.0"
    license = "MIT"
    url = "https://mote.example/"
    homepage = "https://mote.example/"
    description = "Tiny character language models that run and learn anywhere, with the same bits everywhere"
    topics = ("language-model", "rnn", "gru", "training", "embedded")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "CMakeLists.txt", "LICENSE", "lib/*", "platform/*"

    def requirements(self):
        # Its headers alone, to compile the library; a program does not see them.
        self.requires("xsimd/13.0.0", headers=True, libs=False, visible=False)

    def validate(self):
        check_min_cppstd(self, 17)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["MOTE_BUILD_TOOLS"] = False
        toolchain.cache_variables["MOTE_BUILD_TESTS"] = False
        toolchain.cache_variables["MOTE_INSTALL"] = True
        xsimd = self.dependencies["xsimd"].cpp_info.includedirs[0]
        toolchain.cache_variables["MOTE_xsimd_INCLUDE"] = xsimd.replace("\\", "/")
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=f"{self.package_folder}/licenses")
        CMake(self).install()

    def package_info(self):
        self.cpp_info.libs = ["mote"]
        self.cpp_info.set_property("cmake_file_name", "mote")
        self.cpp_info.set_property("cmake_target_name", "mote::mote")
        self.cpp_info.set_property("pkg_config_name", "mote")
