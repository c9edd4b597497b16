#pragma once

#include "mote.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mote::cli {

/* What the program knows of a kind of model, by its cell: its name, and what it does where no option says otherwise. A
 * new cell is a line in the table of model_kinds.cpp. */
struct ModelKind {
    const char *name; /* "rnn" */
    uint32_t cell;
    const char *macro;  /* the shape macro in mote_sizes.h, without its prefix */
    bool has_window;    /* reads a window of characters: it has a context, and always an embedding */
    bool carries_state; /* from batch to batch: a text is read in order */
    uint32_t time;      /* characters predicted a row a step */
    uint32_t embed;     /* width of the embedding */
    uint32_t init;      /* MOTE_INIT_… of weights and biases */
    bool tanh_only;     /* has no other activation */

    bool has_layers() const { return cell != MOTE_CELL_NONE; }
};

const std::vector<ModelKind> &model_kinds();
const ModelKind &kind_of_cell(uint32_t cell);
inline const ModelKind &kind_of(const mote_config &config) { return kind_of_cell(config.cell); }

/* Names and cells, for an option's choices. */
std::vector<std::pair<std::string, uint32_t>> kind_choices();
/* "bigram and mlp": those of which `is` says so. */
std::string kinds_where(const std::function<bool(const ModelKind &)> &is);
/* "64; bigram 1, mlp 1": what a kind takes where no option says otherwise; first that of the cell. */
std::string usual_of_kinds(uint32_t cell, uint32_t ModelKind::*value);

/* Names and numbers of the activations, the same way. */
const std::vector<std::pair<std::string, uint32_t>> &activation_choices();
const char *activation_name(uint32_t activation);

/* The configuration of a kind; what the kind does not have is left out. Without an activation: a kind without layers.
 */
mote_config config_of(const ModelKind &kind, const mote_config &wanted);

} // namespace mote::cli
