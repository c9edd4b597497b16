#include "onnx_form.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace mote::cli {

namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

/* The messages of onnx_subset.proto, by which field one lies in another. */
enum class Message { none, model, graph, node, attribute, tensor, entry };

Message message_in(Message outer, int field) {
    if (outer == Message::model && field == 7) return Message::graph;
    if (outer == Message::graph && field == 1) return Message::node;
    if (outer == Message::graph && field == 5) return Message::tensor;
    if (outer == Message::node && field == 5) return Message::attribute;
    if (outer == Message::attribute && field == 5) return Message::tensor;
    if (outer == Message::tensor && field == 13) return Message::entry;
    return Message::none;
}

/* Messages lie at most six deep. */
bool fits(CodedInputStream &in, Message message) {
    while (in.BytesUntilLimit() > 0) {
        uint32_t tag = in.ReadTag(), length = 0;
        if (tag == 0) return false;
        WireFormatLite::WireType type = WireFormatLite::GetTagWireType(tag);
        if (type == WireFormatLite::WIRETYPE_START_GROUP) return false;
        if (type != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
            if (!WireFormatLite::SkipField(&in, tag)) return false;
            continue;
        }
        if (!in.ReadVarint32(&length) || length > static_cast<uint32_t>(in.BytesUntilLimit())) return false;
        Message inner = message_in(message, WireFormatLite::GetTagFieldNumber(tag));
        if (inner == Message::none) {
            if (!in.Skip(static_cast<int>(length))) return false;
            continue;
        }
        CodedInputStream::Limit outside = in.PushLimit(static_cast<int>(length));
        if (!fits(in, inner)) return false;
        in.PopLimit(outside);
    }
    return true;
}

} // namespace

bool has_onnx_form(const std::string &bytes) {
    CodedInputStream in(reinterpret_cast<const uint8_t *>(bytes.data()), static_cast<int>(bytes.size()));
    in.PushLimit(static_cast<int>(bytes.size()));
    return fits(in, Message::model);
}

} // namespace mote::cli
