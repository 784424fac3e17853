#include "cli/importers/guidellm/tokens.h"

#include <string_view>
#include <utility>

#include "cli/importers/row_reader.h"
#include "libs/domain/text.h"
#include "libs/json/parse.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// "a=1, b=2" as {"a": "1", "b": "2"}.
Json Assignments(std::string_view text) {
  Json object = Json::object();
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view assignment = text.substr(0, comma);
    const std::size_t equals = assignment.find('=');
    if (equals != std::string_view::npos) {
      object[std::string(domain::Trim(assignment.substr(0, equals)))] =
          std::string(domain::Trim(assignment.substr(equals + 1)));
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return object;
}

Json Specification(const Json& data) {
  if (!data.is_string()) return data;
  const std::string_view text = domain::Trim(data.get_ref<const std::string&>());
  if (!text.starts_with('{')) return Assignments(text);
  auto parsed = json::Parse(text);
  return parsed ? *std::move(parsed) : Json::object();
}

void ReadSide(RowReader& reader, const std::string& name, LengthsOf side) {
  using domain::TokenLengths;
  reader.Read({side, &TokenLengths::nominal}, "/" + name);
  reader.Read({side, &TokenLengths::stdev}, "/" + name + "_stdev");
  reader.Read({side, &TokenLengths::min}, "/" + name + "_min");
  reader.Read({side, &TokenLengths::max}, "/" + name + "_max");
}

}  // namespace

void ReadGuidellmTokens(const Json& data, const std::string& path, ImportedRow& row) {
  const Json specification = Specification(data);
  RowReader reader(specification, row, path);
  ReadSide(reader, "prompt_tokens", &domain::Measurement::input_lengths);
  ReadSide(reader, "output_tokens", &domain::Measurement::output_lengths);
}

}  // namespace loadline::cli
