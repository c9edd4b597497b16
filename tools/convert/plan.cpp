#include "plan.h"

#include "model_kinds.h"

#include "errors.h"
#include "tensor_role.h"

#include <algorithm>

namespace mote::cli {

namespace {

bool holds(const std::vector<std::string> &list, const std::string &name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

[[noreturn]] void refuse_shape(const ForeignTensor &tensor, const std::string &expected) {
    throw Failure("tensor \"" + tensor.name + "\" has shape " + shape_text(tensor.shape) + ", where " + expected +
                  " is expected");
}

/* Finds the sizes of a model in the shapes of its tensors, then says which tensor lies how. */
class Planner {
  public:
    Planner(const ForeignFile &file, const Assignment &assignment, uint64_t vocab, const Orientation &orientation)
        : file_(file), assignment_(assignment), vocab_(vocab), orientation_(orientation) {}

    Plan plan() {
        check_names();
        check_cell_has_activation();
        find_sizes();
        Plan plan;
        plan.config = config();
        plan.notes = file_.notes;
        plan.notes.insert(plan.notes.end(), assignment_.notes.begin(), assignment_.notes.end());
        if (mote_param_count(&plan.config) == 0)
            throw Failure("sizes that mote does not hold: " + sizes_text(plan.config));
        add_tensors(plan);
        check_orientation();
        check_activation(plan);
        plan.notes.insert(plan.notes.end(), notes_.begin(), notes_.end());
        plan.open = open_;
        return plan;
    }

  private:
    void check_cell_has_activation() const {
        const ModelKind &kind = kind_of_cell(assignment_.cell);
        for (uint32_t given : {assignment_.activation, file_.activation}) {
            if (kind.tanh_only && given != 0 && given != MOTE_TANH)
                throw Failure(std::string("activation ") + activation_name(given) + ": a " + kind.name +
                              " has tanh alone");
        }
    }

    void check_activation(Plan &plan) const {
        if (assignment_.activation != 0 && file_.activation != 0 && assignment_.activation != file_.activation)
            throw Failure(std::string("the file tells another activation: it is of ") +
                          activation_name(file_.activation));
        if (activation_is_known(assignment_, file_)) return;
        if (!assignment_.activation_has_default)
            throw Failure("the file does not tell the activation of the hidden layers: --verify FILE.npz finds it "
                          "(tools/python/mote_verify.py), or say --activation tanh or --activation relu, whichever the "
                          "model computes");
        plan.notes.push_back(
            "the file does not tell the activation: tanh is taken, nn.RNN's default; where the model computes "
            "relu, say --activation relu, or --verify FILE.npz, which tries both");
    }

    const Assigned &part(const std::string &name) const {
        auto same = [&](const Assigned &assigned) { return assigned.name == name; };
        auto found = std::find_if(assignment_.parts.begin(), assignment_.parts.end(), same);
        if (found == assignment_.parts.end()) throw Failure("nothing is said of mote's tensor \"" + name + "\"");
        return *found;
    }
    bool has(const std::string &name) const {
        return std::any_of(assignment_.parts.begin(), assignment_.parts.end(),
                           [&](const Assigned &assigned) { return assigned.name == name; });
    }
    /* The first foreign tensor of a part; null where it is zeros. */
    const ForeignTensor *first(const std::string &name) const {
        const Assigned &assigned = part(name);
        return assigned.terms.empty() ? nullptr : &tensor_named(file_, assigned.terms[0].tensor);
    }
    const ForeignTensor &matrix(const std::string &name) const {
        const ForeignTensor *tensor = first(name);
        if (tensor == nullptr) throw Failure("mote's tensor \"" + name + "\" cannot be zeros");
        if (tensor->shape.size() != 2) refuse_shape(*tensor, "a matrix");
        return *tensor;
    }

    void check_names() const {
        std::vector<std::string> used = assignment_.ignored;
        for (const Assigned &assigned : assignment_.parts) {
            for (const Term &term : assigned.terms) {
                const ForeignTensor &tensor = tensor_named(file_, term.tensor);
                if (!is_real(tensor.dtype))
                    throw Failure("tensor \"" + tensor.name + "\" holds " + tensor.dtype_name +
                                  ", which are not weights");
                auto is_it = [&](const Term &other) { return other.tensor == term.tensor; };
                if (std::count_if(assigned.terms.begin(), assigned.terms.end(), is_it) > 1)
                    throw Failure("tensor \"" + term.tensor + "\" would be added to itself");
                used.push_back(term.tensor);
            }
        }
        for (const ForeignTensor &tensor : file_.tensors) {
            if (holds(used, tensor.name)) continue;
            check_usable(tensor);
            refuse_unused(file_, tensor, assignment_.what);
        }
        for (const std::string &name : assignment_.ignored) tensor_named(file_, name);
    }

    /* What is said of a tensor that has no orientation is a mistake. */
    void check_orientation() const {
        for (const auto *list : {&orientation_.transposed, &orientation_.as_is}) {
            for (const std::string &name : *list) {
                if (!holds(matrices_, name))
                    throw Failure("tensor \"" + tensor_named(file_, name).name + "\" is not a matrix that is used");
            }
        }
    }

    /* The other size of a matrix that has `known` as one; `known` itself where both are. */
    uint64_t other_size(const ForeignTensor &tensor, uint64_t known, const std::string &what) const {
        if (tensor.shape[0] == known) return tensor.shape[1];
        if (tensor.shape[1] == known) return tensor.shape[0];
        throw Failure("tensor \"" + tensor.name + "\" has shape " + shape_text(tensor.shape) +
                      ", where one size has to be " + std::to_string(known) + ", " + what);
    }

    /* Of an nn.GRU its matrix of the state tells it, [3 H][H], one way round or the other. */
    uint64_t hidden_size() const {
        if (assignment_.cell == MOTE_CELL_GATED) {
            const std::vector<uint64_t> &shape = matrix("weight_hn_l0").shape;
            return std::min(shape[0], shape[1]);
        }
        const ForeignTensor *bias = first("bias_l0");
        return bias != nullptr ? bias->count() : other_size(matrix("weight_out"), vocab_, "the vocabulary's");
    }

    void find_sizes() {
        const std::string characters = "the vocabulary's";
        if (!kind_of_cell(assignment_.cell).has_layers()) {
            other_size(matrix("logits"), vocab_, characters);
            return;
        }
        if (const ForeignTensor *bias = first("bias_out"); bias != nullptr && bias->count() != vocab_)
            throw Failure("tensor \"" + bias->name + "\" is of " + std::to_string(bias->count()) +
                          " characters, the vocabulary has " + std::to_string(vocab_));
        if (has("embedding")) embed_ = other_size(matrix("embedding"), vocab_, characters);
        hidden_ = hidden_size();
        if (!kind_of_cell(assignment_.cell).has_window) return;
        const ForeignTensor &input = matrix("weight_l0");
        uint64_t inputs = other_size(input, hidden_, "the hidden layer's");
        context_ = assignment_.context != 0 ? assignment_.context : embed_ == 0 ? 0 : inputs / embed_;
        if (context_ == 0 || context_ * embed_ != inputs)
            throw Failure("tensor \"" + input.name + "\" has " + std::to_string(inputs) +
                          " inputs, which are not a whole number of embeddings of " + std::to_string(embed_));
    }

    mote_config config() const {
        mote_config config{};
        auto narrow = [](uint64_t size) { return static_cast<uint32_t>(std::min<uint64_t>(size, UINT32_MAX)); };
        config.vocab = narrow(vocab_);
        uint32_t known = assignment_.activation != 0 ? assignment_.activation : file_.activation;
        config.activation = known != 0 ? known : uint32_t{MOTE_TANH};
        config.context = narrow(context_);
        config.embed = narrow(embed_);
        config.hidden = narrow(hidden_);
        config.layers = assignment_.layers;
        return config_of(kind_of_cell(assignment_.cell), config);
    }

    static std::string sizes_text(const mote_config &c) {
        return formatted("vocabulary %u, context %u, embedding %u, hidden %u, layers %u", c.vocab, c.context, c.embed,
                         c.hidden, c.layers);
    }

    void add_tensors(Plan &plan) {
        mote_tensor tensor{};
        for (uint32_t i = 0; mote_tensor_describe(&plan.config, i, &tensor) == MOTE_OK; ++i)
            add(plan, tensor.name, tensor.shape[0], tensor.shape[1]);
        if (plan.config.layers == 0) return;
        decide_square();
    }

    void add(Plan &plan, const std::string &name, uint64_t rows, uint64_t columns) {
        Planned planned{name, static_cast<uint32_t>(rows), static_cast<uint32_t>(columns), {}};
        bool vector = name.rfind("bias", 0) == 0;
        for (const Term &term : part(name).terms) {
            const ForeignTensor &tensor = tensor_named(file_, term.tensor);
            Source source = vector ? vector_source(tensor, rows * term.parts())
                                   : matrix_source(term, tensor, {rows * term.parts(), columns}, name);
            source.first = term.third == 0 ? 0 : (term.third - 1) * rows;
            planned.sources.push_back(source);
        }
        plan.tensors.push_back(planned);
    }

    static Source vector_source(const ForeignTensor &tensor, uint64_t rows) {
        auto wide = [](uint64_t size) { return size != 1; };
        if (tensor.count() != rows || std::count_if(tensor.shape.begin(), tensor.shape.end(), wide) > 1)
            refuse_shape(tensor, "[" + std::to_string(rows) + "]");
        return {&tensor, false, 1, rows};
    }

    Source matrix_source(const Term &term, const ForeignTensor &tensor, std::vector<uint64_t> shape,
                         const std::string &name) {
        matrices_.push_back(term.tensor);
        std::vector<uint64_t> transposed_shape = {shape[1], shape[0]};
        if (tensor.shape != shape && tensor.shape != transposed_shape)
            refuse_shape(tensor, shape_text(shape) + reason(name));
        if (shape[0] == shape[1]) return {&tensor, square_is_transposed(term, name), shape[1], shape[0]};
        bool transposed = tensor.shape != shape;
        check_given(term, transposed);
        if (name != "embedding" && assignment_.transposed && *assignment_.transposed != transposed)
            unusual_ = term.tensor;
        return {&tensor, transposed, shape[1], shape[0]};
    }

    /* What else took part in the shape that is expected. */
    std::string reason(const std::string &name) const {
        bool reads_input =
            name == "weight_l0" || (name.rfind("weight_i", 0) == 0 && name.substr(name.size() - 3) == "_l0");
        if (embed_ == 0 || !reads_input) return "";
        return ", with \"" + first("embedding")->name + "\" as the embedding,";
    }

    /* What the user says must agree with what the shape says. */
    void check_given(const Term &term, bool transposed) const {
        const std::string &tensor = term.tensor;
        if (!assignment_.transposed && term.transposed && *term.transposed != transposed)
            throw Failure("tensor \"" + tensor + "\": \"transpose\" says otherwise than its shape");
        if (holds(transposed ? orientation_.as_is : orientation_.transposed, tensor))
            throw Failure((transposed ? "--as-is " : "--transpose ") + tensor +
                          ": its shape is that of the other way round");
    }

    bool square_is_transposed(const Term &term, const std::string &name) {
        if (holds(orientation_.transposed, term.tensor)) return true;
        if (holds(orientation_.as_is, term.tensor)) return false;
        if (term.transposed && term.assumed && orientation_.ask)
            notes_.push_back("\"" + term.tensor +
                             "\" is taken for an nn.Embedding, [character][next]; of an nn.Linear say --transpose " +
                             term.tensor + ", or --verify FILE.npz, which tries both");
        if (term.transposed && (orientation_.ask || !term.assumed)) return *term.transposed;
        if (!assignment_.transposed || name == "embedding" || term.assumed) {
            ask(term.tensor, name, "");
            return false;
        }
        by_family_.emplace_back(term.tensor, name);
        return *assignment_.transposed;
    }

    /* A family whose other matrices lie the other way round than its names promise is not to be believed. */
    void decide_square() {
        if (unusual_.empty()) return;
        for (const auto &[tensor, name] : by_family_)
            ask(tensor, name, ", and \"" + unusual_ + "\" lies otherwise than the names say");
    }

    void ask(const std::string &tensor, const std::string &name, const std::string &why) {
        if (!orientation_.ask) {
            if (!holds(open_, tensor)) open_.push_back(tensor); /* of gates, it is asked for three times */
            return;
        }
        bool by_character = name == "embedding" || name == "logits";
        throw Failure("tensor \"" + tensor + "\" is square" + why +
                      ": --verify FILE.npz finds how it lies, or say --as-is " + tensor + " where it lies " +
                      (by_character ? "[character][width]" : "[out][in]") + ", --transpose " + tensor + " where " +
                      (by_character ? "[width][character]" : "[in][out]"));
    }

    const ForeignFile &file_;
    const Assignment &assignment_;
    uint64_t vocab_;
    const Orientation &orientation_;
    uint64_t embed_ = 0, hidden_ = 0, context_ = 0;
    std::vector<std::string> matrices_, open_, notes_;
    std::string unusual_;                                        /* a matrix that lies otherwise than its family's */
    std::vector<std::pair<std::string, std::string>> by_family_; /* squares believed to lie as their family's */
};

} // namespace

bool activation_is_known(const Assignment &assignment, const ForeignFile &file) {
    const ModelKind &kind = kind_of_cell(assignment.cell);
    return !kind.has_layers() || kind.tanh_only || assignment.activation != 0 || file.activation != 0;
}

double Source::at(uint64_t row, uint64_t column) const {
    row += first;
    return tensor->at(transposed ? column * rows + row : row * columns + column);
}

Plan make_plan(const ForeignFile &file, const Assignment &assignment, uint64_t vocab, const Orientation &orientation) {
    return Planner(file, assignment, vocab, orientation).plan();
}

} // namespace mote::cli
