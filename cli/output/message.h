#pragma once

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <ostream>

namespace loadline::cli {

enum class OutputFormat { kTable, kJson, kYaml };

/// Writes `message` whole, as protobuf JSON with the names of the contract and
/// fields that have their default value, or the same as a YAML document.
/// `format` is not kTable. Several in a row are a stream of documents.
void PrintMessage(const google::protobuf::Message& message, OutputFormat format, std::ostream& out);

/// `message` as PrintMessage writes it.
nlohmann::ordered_json JsonOf(const google::protobuf::Message& message);

/// Writes `value` as PrintMessage writes messages.
void PrintJson(const nlohmann::ordered_json& value, OutputFormat format, std::ostream& out);

}  // namespace loadline::cli
