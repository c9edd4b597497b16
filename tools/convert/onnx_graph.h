#pragma once

#include "foreign.h"
#include "onnx_external.h"

#include <map>

namespace mote::onnx {
class Attribute;
class Model;
class Node;
class Tensor;
} // namespace mote::onnx

namespace mote::cli {

/* The graph of an ONNX file: who makes a value, and which values are constants. */
class OnnxGraph {
  public:
    /* `model` must outlive the graph; the constants' bytes go into `memory`. `path`: where the model is, beside which
     * tensors may be kept. */
    OnnxGraph(onnx::Model &model, const std::string &path, std::list<std::string> &memory);

    /* The node that makes a value; null for an input of the graph and a constant. */
    const onnx::Node *producer(const std::string &value) const;
    /* Null for what is computed. Values that only pass a constant on are that constant. */
    const ForeignTensor *constant(const std::string &value) const;
    /* The constant that a node reads; throws Failure for none, or one of another number of sizes. */
    const ForeignTensor &constant_input(const onnx::Node &node, int input, size_t sizes) const;
    bool is_input(const std::string &value) const;
    const std::vector<std::string> &outputs() const { return outputs_; }
    /* The file's tensors, by their names in it. */
    const std::vector<std::string> &initializers() const { return initializers_; }

  private:
    void add_transposed(const onnx::Node &node);
    void add_constant_node(onnx::Node &node);
    void add_constant(const std::string &name, onnx::Tensor &tensor);

    std::list<std::string> &memory_;
    OnnxExternal external_;
    std::map<std::string, const onnx::Node *> producers_;
    std::map<std::string, ForeignTensor> constants_;
    std::vector<std::string> inputs_, outputs_, initializers_;
};

/* The same tensor with its dimensions in reverse order. */
ForeignTensor transposed(const ForeignTensor &tensor);

const onnx::Attribute *attribute(const onnx::Node &node, const std::string &name);
/* "the operator Conv (node \"/conv\")" */
std::string shown(const onnx::Node &node);

} // namespace mote::cli
