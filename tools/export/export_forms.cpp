#include "export_forms.h"

#include "errors.h"

#include <algorithm>
#include <filesystem>

namespace mote::cli {

const std::vector<FormName> &forms() {
    static const std::vector<FormName> list = {
        {Form::c_header, "--c-header", {".h", ".hpp"}, "a C header with the blob in it"},
        {Form::c_source, "--c-source", {".c"}, "a C source, and beside it its header"},
        {Form::binary, "--binary", {".bin", ".mote"}, "the blob alone, of a checkpoint without its trainer"},
        {Form::assembler,
         "--assembler",
         {".S", ".s"},
         "GNU assembler, and beside it the .bin that it includes, and a header"},
#ifdef MOTE_CONVERT
        {Form::safetensors, "--safetensors", {".safetensors"}, "the tensors, with the names that PyTorch gives them"},
        {Form::npz, "--npz", {".npz"}, "the same tensors, for NumPy"},
#endif
    };
    return list;
}

const FormName &named(Form form) {
    return *std::find_if(forms().begin(), forms().end(), [form](const FormName &name) { return name.form == form; });
}

bool is_source(Form form) { return form == Form::c_header || form == Form::c_source || form == Form::assembler; }

bool is_tensors(Form form) { return form == Form::safetensors || form == Form::npz; }

static std::string listed_forms() {
    std::string text;
    for (const FormName &name : forms()) {
        text += (text.empty() ? "" : ", ") + std::string(name.option) + " (";
        for (const char *extension : name.extensions) text += (text.back() == '(' ? "" : " ") + std::string(extension);
        text += ")";
    }
    return text;
}

Form form_of(const std::vector<Form> &chosen, const std::string &path) {
    for (Form form : chosen) {
        if (form != chosen[0])
            throw UsageError(std::string(named(chosen[0]).option) + " and " + named(form).option + ": give one form");
    }
    if (!chosen.empty()) return chosen[0];
    std::string extension = std::filesystem::u8path(path).extension().u8string();
    for (const FormName &name : forms()) {
        for (const char *known : name.extensions) {
            if (extension == known) return name.form;
        }
    }
    throw UsageError("--output " + path + ": its extension names no form; give one of " + listed_forms());
}

} // namespace mote::cli
