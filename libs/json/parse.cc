#include "libs/json/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "libs/domain/text.h"

namespace loadline::json {
namespace {

using nlohmann::json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// For each replaced token: its end in the new text, and how much longer the
/// replacement is.
using Growths = std::vector<std::pair<std::size_t, std::size_t>>;

std::size_t OriginalOffset(const Growths& growths, std::size_t offset) {
  std::size_t grown = 0;
  for (const auto& [end, growth] : growths) {
    if (end <= offset) grown += growth;
  }
  return offset - grown;
}

struct Replacement {
  std::string_view token;
  std::string_view strict;
};
constexpr Replacement kReplacements[] = {{"NaN", "null"}, {"Infinity", "\"Infinity\""}, {"-Infinity", "\"-Infinity\""}};

const Replacement* ReplacementAt(std::string_view rest) {
  if (rest.front() != 'N' && rest.front() != 'I' && rest.front() != '-') return nullptr;
  const auto* found = std::find_if(std::begin(kReplacements), std::end(kReplacements), [&](const Replacement& each) {
    return rest.substr(0, each.token.size()) == each.token;
  });
  return found == std::end(kReplacements) ? nullptr : found;
}

/// The length of the string literal that `rest` starts with, quotes included.
std::size_t StringLength(std::string_view rest) {
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      return i + 1;
    }
  }
  return rest.size();
}

/// Reads a text with the number tokens that only Python writes replaced by what
/// JSON has, noting where it grew. Nothing is copied: a text may be large.
class StrictIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  /// The end of any text.
  StrictIterator() = default;
  StrictIterator(std::string_view text, Growths& growths) : rest_(text), growths_(&growths) { Look(); }

  const char& operator*() const { return run_.front(); }
  StrictIterator& operator++() {
    run_.remove_prefix(1);
    if (run_.empty()) Look();
    return *this;
  }
  bool operator==(const StrictIterator& other) const { return run_.empty() == other.run_.empty(); }
  bool operator!=(const StrictIterator& other) const { return !(*this == other); }

 private:
  /// Takes the next run of characters from the text: a replacement, a text in
  /// quotes, or what is before the next of either.
  void Look() {
    if (rest_.empty()) return;
    if (const Replacement* replacement = ReplacementAt(rest_)) {
      rest_.remove_prefix(replacement->token.size());
      run_ = replacement->strict;
      passed_ += run_.size();
      growths_->emplace_back(passed_, run_.size() - replacement->token.size());
      return;
    }
    const std::size_t plain = std::min(rest_.find_first_of("\"NI-", 1), rest_.size());
    run_ = rest_.substr(0, rest_.front() == '"' ? StringLength(rest_) : plain);
    rest_.remove_prefix(run_.size());
    passed_ += run_.size();
  }

  std::string_view run_;
  std::string_view rest_;
  Growths* growths_ = nullptr;
  /// Characters given out and in `run_`.
  std::size_t passed_ = 0;
};

/// "[json.exception.parse_error.101] parse error at line 1, column 2: ".
constexpr std::size_t kMaxParserPrefix = 90;

/// Where the mistake is, given the parser's message, the offset behind what it
/// read last, and the token that it was reading. A token that should not be
/// there is blamed from its start, a broken one where it breaks.
std::size_t OffsetOfProblem(std::string_view problem, std::size_t position, std::string_view last_token) {
  const auto says = [&](std::string_view words) { return problem.find(words) != std::string_view::npos; };
  if (says("unexpected end of input")) return std::string_view::npos;
  std::size_t length = 1;
  // Only texts and numbers are tokens that the parser keeps from their start.
  if (says("unexpected string") || says("unexpected number") || says("overflow")) length = last_token.size();
  if (says("unexpected true") || says("unexpected null")) length = 4;
  if (says("unexpected false")) length = 5;
  return position - std::min(position, length);
}

/// The parser's message without the parts that speak of the parser itself.
std::string PlainProblem(std::string_view message) {
  for (const std::string_view marker : {"] ", ": ", "syntax error "}) {
    const auto found = message.find(marker);
    if (found < kMaxParserPrefix) message.remove_prefix(found + marker.size());
  }
  return std::string(message);
}

/// The end of the token that was being read, where it broke; a token may be as
/// long as the text and hold any bytes. Of a text nothing is shown: it may be
/// somebody's key.
std::string QuotedEnd(std::string_view token) {
  constexpr std::size_t kShown = 32;
  if (token.find('"') != token.npos) return "a text";
  if (token.size() > kShown) token.remove_prefix(token.size() - kShown);
  return domain::Quoted(token);
}

/// The parts of a JSON pointer: {"benchmarks", "*", "requests"}.
std::vector<std::string> PartsOf(std::string_view pointer) {
  std::vector<std::string> parts;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    parts.emplace_back(pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return parts;
}

/// Builds the document while it is parsed, and stops at the first value that
/// is nested too deeply, since copying such a document would exhaust the stack,
/// or that makes it too large.
class DocumentBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit DocumentBuilder(const ParseLimits& limits) : limits_(limits) {
    for (const std::string& pointer : limits.skipped) skipped_.push_back(PartsOf(pointer));
  }

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return Add(value); }
  bool string(string_t& value) override {
    bytes_ += value.size();
    return Add(std::move(value));
  }
  bool binary(binary_t& value) override { return Add(std::move(value)); }
  bool start_object(std::size_t /*size*/) override { return Open(json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t /*size*/) override { return Open(json::array()); }
  bool end_array() override { return Close(); }
  bool key(string_t& value) override {
    if (skipping_ > 0) return true;
    bytes_ += value.size() + kMemberBytes;
    if (!skipped_.empty()) path_.back() = value;
    key_ = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& last_token, const json::exception& error) override {
    const std::string message = error.what();
    const std::size_t token = message.find("'" + last_token + "'");
    const std::string_view description = std::string_view(message).substr(0, token);
    problem_offset_ = OffsetOfProblem(description, position, last_token);
    problem_ = PlainProblem(description);
    if (token == std::string::npos) return false;
    problem_ += QuotedEnd(last_token) + message.substr(token + last_token.size() + 2);
    return false;
  }

  bool too_deep() const { return too_deep_; }
  bool too_large() const { return bytes_ > limits_.max_bytes; }
  const std::string& problem() const { return problem_; }
  std::size_t problem_offset() const { return problem_offset_; }
  json Take() { return std::move(root_); }

 private:
  /// What an element of an array takes, and a member of an object more than it.
  static constexpr std::size_t kElementBytes = 2 * sizeof(json);
  static constexpr std::size_t kMemberBytes = 96;

  /// True if the value that comes next is of no interest.
  bool IsSkipped() const { return std::find(skipped_.begin(), skipped_.end(), path_) != skipped_.end(); }

  json* Place(json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[std::move(key_)] = std::move(value));
  }
  bool Add(json value) {
    if (skipping_ > 0) return true;
    Place(IsSkipped() ? json() : std::move(value));
    bytes_ += kElementBytes;
    return !too_large();
  }
  bool Open(json container) {
    if (skipping_ > 0 || IsSkipped()) return Skip();
    if (open_.size() == limits_.max_depth) {
      too_deep_ = true;
      return false;
    }
    if (!skipped_.empty()) path_.emplace_back(container.is_array() ? "*" : "");
    open_.push_back(Place(std::move(container)));
    bytes_ += kElementBytes;
    return !too_large();
  }
  bool Close() {
    if (skipping_ > 0) {
      --skipping_;
      return true;
    }
    open_.pop_back();
    if (!skipped_.empty()) path_.pop_back();
    return true;
  }
  bool Skip() {
    if (skipping_++ == 0) Place(nullptr);
    return true;
  }

  const ParseLimits& limits_;
  std::vector<std::vector<std::string>> skipped_;
  json root_;
  /// The containers being filled, outermost first. Their addresses are stable:
  /// a container only grows while it is the innermost one.
  std::vector<json*> open_;
  /// Where the next value stands in each of them, while anything is skipped.
  std::vector<std::string> path_;
  /// How deep in a value of no interest.
  std::size_t skipping_ = 0;
  std::size_t bytes_ = 0;
  std::string key_;
  bool too_deep_ = false;
  std::string problem_;
  std::size_t problem_offset_ = 0;
};

base::Error Malformed(std::string_view text, std::size_t offset, std::string problem) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::to_string(1 + std::count(before.begin(), before.end(), '\n'));
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column = std::to_string(before.size() - line_start + 1);
  base::Error error{.code = base::ErrorCode::kInvalidArgument, .reason = "MALFORMED_JSON"};
  error.message = fmt::format("not valid JSON at line {}, column {}: {}", line, column, problem);
  error.metadata = {{"line", line}, {"column", column}, {"problem", std::move(problem)}};
  return error;
}

/// The offset of the bracket that opens nesting level `depth` + 1.
std::size_t OffsetOfDepth(std::string_view text, std::size_t depth) {
  std::size_t open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') i += StringLength(text.substr(i)) - 1;
    if ((c == '[' || c == '{') && open++ == depth) return i;
    if (c == ']' || c == '}') --open;
  }
  return text.size();
}

base::Error TooLarge(std::size_t max_bytes) {
  base::Error error{.code = base::ErrorCode::kInvalidArgument, .reason = "DOCUMENT_TOO_LARGE"};
  error.message = fmt::format("JSON that takes more than {} MiB", max_bytes >> 20U);
  return error;
}

bool NeedsReplacing(std::string_view text) {
  return text.find("NaN") != std::string_view::npos || text.find("Infinity") != std::string_view::npos;
}

bool ParseInto(DocumentBuilder& builder, std::string_view text, Growths& growths) {
  if (!NeedsReplacing(text)) return json::sax_parse(text, &builder);
  return json::sax_parse(StrictIterator(text, growths), StrictIterator(), &builder);
}

}  // namespace

base::Result<json> Parse(std::string_view text, const ParseLimits& limits) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  // The parser would skip another one, and its offsets would be off by that.
  if (text.starts_with(kByteOrderMark)) return base::Fail(Malformed(text, 0, "a second byte order mark"));
  DocumentBuilder builder(limits);
  Growths growths;
  if (ParseInto(builder, text, growths)) return builder.Take();
  if (builder.too_deep()) {
    return base::Fail(Malformed(text, OffsetOfDepth(text, limits.max_depth),
                                fmt::format("nested deeper than {} levels", limits.max_depth)));
  }
  if (builder.too_large()) return base::Fail(TooLarge(limits.max_bytes));
  const std::size_t offset = std::min(OriginalOffset(growths, builder.problem_offset()), text.size());
  return base::Fail(Malformed(text, offset, builder.problem()));
}

}  // namespace loadline::json
