#include "cli/importers/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/importers/failure.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using nlohmann::json;
using YAML::anchor_t;
using YAML::Mark;

/// A scalar without quotes means what YAML's core schema says.
json PlainScalar(const std::string& text) {
  static const std::map<std::string, json, std::less<>> kWords = {
      {"", nullptr},         {"~", nullptr},        {"null", nullptr},      {"Null", nullptr},
      {"NULL", nullptr},     {"true", true},        {"True", true},         {"TRUE", true},
      {"false", false},      {"False", false},      {"FALSE", false},       {".nan", nullptr},
      {".NaN", nullptr},     {".NAN", nullptr},     {".inf", "Infinity"},   {".Inf", "Infinity"},
      {".INF", "Infinity"},  {"+.inf", "Infinity"}, {"-.inf", "-Infinity"}, {"-.Inf", "-Infinity"},
      {"-.INF", "-Infinity"}};
  if (const auto word = kWords.find(text); word != kWords.end()) return word->second;
  // "inf" and "nan" without a dot are texts; C++ would read them as numbers.
  if (text.find_first_not_of("0123456789+-.eE") != std::string::npos) return text;
  if (auto number = json::parse(text, nullptr, false); number.is_number()) return number;
  const auto number = loadline::json::NumberInText(text);
  return number ? json(*number) : json(text);
}

/// A value with what it costs to use it once more.
struct CountedValue {
  json value;
  std::size_t values = 1;
  std::size_t depth = 0;
  /// Of the texts in it.
  std::size_t text_bytes = 0;
};

/// What a value takes beside its text: itself, and its place in a container.
constexpr std::size_t kBytesOfValue = 48;

/// Builds JSON from what the parser meets, within limits. The parser lets
/// exceptions of its own kind through, which is how building is stopped.
class JsonBuilder final : public YAML::EventHandler {
 public:
  explicit JsonBuilder(const YamlLimits& limits) : limits_(limits) {}

  json Take() { return std::move(root_); }

  void OnDocumentStart(const Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const Mark& mark, anchor_t anchor) override { Add(mark, anchor, {.value = nullptr}); }
  void OnScalar(const Mark& mark, const std::string& tag, anchor_t anchor, const std::string& value) override {
    Add(mark, anchor, {.value = tag == "?" ? PlainScalar(value) : json(value), .text_bytes = value.size()});
  }
  void OnAlias(const Mark& mark, anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw YAML::ParserException(mark, "an alias within its own anchor");
    Add(mark, 0, found->second);
  }
  void OnSequenceStart(const Mark& mark, const std::string& /*tag*/, anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, anchor, json::array());
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const Mark& mark, const std::string& /*tag*/, anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, anchor, json::object());
  }
  void OnMapEnd() override { Close(); }

 private:
  /// A sequence or map that is being filled.
  struct Level {
    Mark mark;
    anchor_t anchor = 0;
    CountedValue node;
    std::string key = {};
    bool has_key = false;
  };

  void Add(const Mark& mark, anchor_t anchor, CountedValue node) {
    values_ += node.values;
    if (values_ > limits_.max_values) {
      throw YAML::ParserException(mark, fmt::format("more than {} values", limits_.max_values));
    }
    if (open_.size() + node.depth > limits_.max_depth) ThrowTooDeep(mark);
    Charge(mark, node);
    if (anchor != 0) {
      Charge(mark, node);
      anchors_[anchor] = node;
    }
    Place(mark, std::move(node));
  }

  void Open(const Mark& mark, anchor_t anchor, json container) {
    if (open_.size() == limits_.max_depth) ThrowTooDeep(mark);
    open_.push_back({.mark = mark, .anchor = anchor, .node = {.value = std::move(container), .values = 0, .depth = 1}});
  }

  void Close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    // What it holds was counted as it came.
    values_ -= level.node.values;
    bytes_ -= BytesOf(level.node);
    ++level.node.values;
    Add(level.mark, level.anchor, std::move(level.node));
  }

  void Place(const Mark& mark, CountedValue node) {
    if (open_.empty()) {
      root_ = std::move(node.value);
      return;
    }
    Level& level = open_.back();
    level.node.values += node.values;
    level.node.text_bytes += node.text_bytes;
    level.node.depth = std::max(level.node.depth, node.depth + 1);
    if (level.node.value.is_array()) {
      level.node.value.push_back(std::move(node.value));
    } else if (std::exchange(level.has_key, !level.has_key)) {
      level.node.value[level.key] = std::move(node.value);
    } else {
      if (node.value.is_structured()) throw YAML::ParserException(mark, "a key that is not a scalar");
      level.key = node.value.is_string() ? node.value.get<std::string>() : node.value.dump();
    }
  }

  static std::size_t BytesOf(const CountedValue& node) { return node.values * kBytesOfValue + node.text_bytes; }

  void Charge(const Mark& mark, const CountedValue& node) {
    bytes_ += BytesOf(node);
    if (bytes_ <= limits_.max_value_bytes) return;
    throw YAML::ParserException(mark,
                                fmt::format("takes more than {} MiB. Save it as JSON", limits_.max_value_bytes >> 20U));
  }

  [[noreturn]] void ThrowTooDeep(const Mark& mark) const {
    throw YAML::ParserException(mark, fmt::format("nested deeper than {} levels", limits_.max_depth));
  }

  YamlLimits limits_;
  json root_;
  std::vector<Level> open_;
  std::map<anchor_t, CountedValue> anchors_;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

/// The parser quotes the text, which may hold any bytes.
std::string Printable(std::string text) {
  const auto is_unsafe = [](char c) { return c < ' ' || c > '~'; };
  std::replace_if(text.begin(), text.end(), is_unsafe, '?');
  return text.substr(0, 200);
}

base::Error Malformed(const Mark& mark, const std::string& message) {
  const std::string problem = Printable(message);
  const auto line = std::to_string(mark.line + 1);
  const auto column = std::to_string(mark.column + 1);
  return ReportFailure("MALFORMED_YAML", fmt::format("not valid YAML at line {}, column {}: {}", line, column, problem),
                       {{"line", line}, {"column", column}, {"problem", problem}});
}

}  // namespace

base::Result<json> ParseYaml(std::string_view text, YamlLimits limits) {
  if (text.size() > limits.max_bytes)
    return base::Fail(Malformed(Mark(), fmt::format("larger than {} MiB. Save it as JSON", limits.max_bytes >> 20U)));
  JsonBuilder builder(limits);
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& error) {
    return base::Fail(Malformed(error.mark, error.msg));
  }
  return builder.Take();
}

base::Result<std::vector<json>> ParseYamlDocuments(std::string_view text, YamlLimits limits) {
  if (text.size() > limits.max_bytes)
    return base::Fail(Malformed(Mark(), fmt::format("larger than {} MiB. Save it as JSON", limits.max_bytes >> 20U)));
  std::vector<json> documents;
  JsonBuilder builder(limits);  // Its limits hold for all documents together.
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) documents.push_back(builder.Take());
  } catch (const YAML::Exception& error) {
    return base::Fail(Malformed(error.mark, error.msg));
  }
  return documents;
}

}  // namespace loadline::cli
