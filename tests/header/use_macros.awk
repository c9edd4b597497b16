# Reads mote.h and what it includes, and writes a source in C and C++ that uses each of its macros: in the size of an array and in a static
# assertion, with constants, and in functions, with arguments of several integer types.

# The call of the macro with the same argument in each place.
function call(argument,    text, i) {
    if (parameters == 0) return name
    text = name "(" argument
    for (i = 2; i <= parameters; i++) text = text ", " argument
    return text ")"
}

function constant(argument) {
    count++
    printf "extern const char array_%d[(%s) %% 2u + 1u];\n", count, call(argument)
    printf "ASSERT((%s) %% 2u < 2u);\n", call(argument)
}

BEGIN {
    print "#include \"mote.h\"\n"
    print "#if defined(__cplusplus)\n#define ASSERT(holds) static_assert(holds, \"\")"
    print "#elif __STDC_VERSION__ >= 201112L\n#define ASSERT(holds) _Static_assert(holds, \"\")"
    print "#else\n#define ASSERT(holds) extern const char assertion[(holds) ? 1 : -1]\n#endif\n"
    print "enum { THREE = 3 };"
    types = split("int|unsigned|uint16_t|uint64_t|size_t", type, "|")
    constants = split("3|3u|UINT64_C(3)|sizeof(uint32_t)|THREE|MOTE_ADAMW", value, "|")
}

/^#define MOTE_/ {
    text = $0
    sub(/^#define /, "", text)
    match(text, /^[A-Z0-9_a-z]+/)
    name = substr(text, 1, RLENGTH)
    text = substr(text, RLENGTH + 1)
    # Guards of headers; what only the macros that take a name use, and the header itself.
    if (name ~ /_H$/ || name == "MOTE_NULL" || name in seen) next
    if (name == "MOTE_LAYER_PARTS" || name == "MOTE_NO_PART" || name == "MOTE_PART") next
    seen[name] = 1
    parameters = 0
    if (text ~ /^\(/) {
        sub(/\).*/, "", text)
        parameters = gsub(/,/, ",", text) + 1
    }
    if (name == "MOTE_WITHOUT_INPUT") { print name "(window);"; next }
    if (name == "MOTE_WITHOUT_CELL") { print name "(recurrent);"; next }
    if (name == "MOTE_WITHOUT_PRECISION") { print name "(int8);"; next }
    if (name == "MOTE_WITHOUT_OPTIMIZER") { print name "(sgd);"; next }
    if (name == "MOTE_WITHOUT_CLIPPING") { print name "(norm);"; next }
    if (name == "MOTE_WITHOUT_WORKSPACE") { print name "(packed);"; next }
    if (parameters == 0) { constant(""); next }
    for (i = 1; i <= constants; i++) constant(value[i])
    for (i = 1; i <= types; i++)
        printf "uint64_t with_%s_%d(%s n);\nuint64_t with_%s_%d(%s n) { return %s; }\n", type[i], count, type[i], type[i],
            count, type[i], call("n")
}

END { if (count < 10) { print "#error \"these are not the macros of mote.h\"" } }
