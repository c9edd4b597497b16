#pragma once

#include <string>
#include <vector>

namespace mote::cli {

/* What a model can be exported to. */
enum class Form { c_header, c_source, binary, assembler, safetensors, npz };

struct FormName {
    Form form;
    const char *option;                   /* that chooses it, whatever the file's name */
    std::vector<const char *> extensions; /* of a file's name, which choose it without the option */
    const char *about;
};

/* Those that this build has. */
const std::vector<FormName> &forms();
const FormName &named(Form form);

/* Whether the form is a text that a compiler or an assembler takes. */
bool is_source(Form form);
/* Whether it holds tensors by themselves, for other frameworks. */
bool is_tensors(Form form);

/* The form chosen by an option, else by the file's name. Throws UsageError where neither does, or more than one. */
Form form_of(const std::vector<Form> &chosen, const std::string &path);

} // namespace mote::cli
