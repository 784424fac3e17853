#include "cli/output/message.h"

#include <google/protobuf/util/json_util.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace loadline::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) throw std::runtime_error("cannot print the answer: " + status.ToString());
  return text;
}

// Text that a YAML reader could take for something else than text.
bool NeedsQuotes(const std::string& text) {
  static constexpr std::array<std::string_view, 9> kWords = {"true", "false", "null", "yes", "no",
                                                             "on",   "off",   "y",    "n"};
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text.front())) == 0) return true;
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

void EmitScalar(const Json& value, YAML::Emitter& emitter) {
  if (!value.is_string()) {
    emitter << value.dump();
    return;
  }
  const auto& text = value.get_ref<const std::string&>();
  if (NeedsQuotes(text)) emitter << YAML::DoubleQuoted;
  emitter << text;
}

void Emit(const Json& value, YAML::Emitter& emitter) {
  if (value.is_object()) {
    emitter << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginMap;
    for (const auto& [key, member] : value.items()) {
      emitter << YAML::Key << key << YAML::Value;
      Emit(member, emitter);
    }
    emitter << YAML::EndMap;
  } else if (value.is_array()) {
    emitter << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const auto& element : value) Emit(element, emitter);
    emitter << YAML::EndSeq;
  } else {
    EmitScalar(value, emitter);
  }
}

void PrintYaml(const Json& value, std::ostream& out) {
  YAML::Emitter emitter;
  Emit(value, emitter);
  out << "---\n" << emitter.c_str() << '\n';
}

}  // namespace

void PrintMessage(const google::protobuf::Message& message, OutputFormat format, std::ostream& out) {
  const std::string json = ToJson(message);
  if (format == OutputFormat::kJson) {
    out << json;
    return;
  }
  PrintYaml(Json::parse(json), out);
}

Json JsonOf(const google::protobuf::Message& message) { return Json::parse(ToJson(message)); }

void PrintJson(const Json& value, OutputFormat format, std::ostream& out) {
  if (format == OutputFormat::kJson) {
    out << value.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    PrintYaml(value, out);
  }
}

}  // namespace loadline::cli
