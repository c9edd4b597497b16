# Writes OUTPUT, a C++ file that holds each DIRECTORY/<name>.txt of the comma-separated NAMES as an array of bytes.
# cmake -D DIRECTORY=… -D NAMES=a,b -D OUTPUT=… -P embed.cmake

string(REPLACE "," ";" names "${NAMES}")
set(arrays "")
set(rows "")
foreach(name IN LISTS names)
  file(READ "${DIRECTORY}/${name}.txt" hex HEX)
  file(SIZE "${DIRECTORY}/${name}.txt" size)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "static const unsigned char ${name}_bytes[${size}] = {\n${bytes}};\n")
  string(APPEND rows "    {\"${name}\", ${name}_bytes, ${size}},\n")
endforeach()

file(WRITE "${OUTPUT}"
     "#include \"built_in.h\"\n\nnamespace mote::cli {\n\n${arrays}\n"
     "extern const BuiltIn built_in[] = {\n${rows}};\n"
     "extern const size_t built_in_count = sizeof built_in / sizeof *built_in;\n\n}\n")
