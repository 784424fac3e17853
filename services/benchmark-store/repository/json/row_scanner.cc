#include "services/benchmark-store/repository/json/row_scanner.h"

#include <algorithm>

namespace loadline::store::json {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Scanner {
 public:
  Scanner(std::string_view text, const ScanHandlers& handlers) : rest_(text), handlers_(handlers) {}

  bool Document() {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    const bool good = Take('{') ? Members() : Take('[') && Elements("");
    SkipSpace();
    return good && rest_.empty();
  }

 private:
  void SkipSpace() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size())); }

  bool Take(char expected) {
    SkipSpace();
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Members() {
    if (Take('}')) return true;
    do {
      if (!Member()) return false;
    } while (Take(','));
    return Take('}');
  }

  bool Member() {
    const auto quoted = TakeValue();
    if (quoted.size() < 2 || quoted.front() != '"' || !Take(':')) return false;
    const auto key = quoted.substr(1, quoted.size() - 2);
    if (Take('[')) return Elements(key);
    const auto value = TakeValue();
    return !value.empty() && handlers_.value(key, value);
  }

  bool Elements(std::string_view key) {
    if (Take(']')) return true;
    do {
      const auto element = TakeValue();
      if (element.empty() || !handlers_.element(key, element)) return false;
    } while (Take(','));
    return Take(']');
  }

  /// The text of the next value: up to its closing bracket or quote, or the
  /// next delimiter. Empty if there is no end.
  std::string_view TakeValue() {
    SkipSpace();
    const auto end = EndOfValue();
    const auto value = rest_.substr(0, end);
    rest_.remove_prefix(value.size());
    return value;
  }

  std::size_t EndOfValue() const {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == '"') i = EndOfString(i);
      if (c == '{' || c == '[') ++depth;
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (closes || c == ',' || c == ':' || kSpace.find(c) != kSpace.npos)) return i;
      if (closes && --depth == 0) return i + 1;
      if (depth == 0 && c == '"') return std::min(i + 1, rest_.size());
    }
    return depth == 0 ? rest_.size() : 0;
  }

  /// The index of the quote that ends the string starting at `begin`.
  std::size_t EndOfString(std::size_t begin) const {
    for (auto i = begin + 1; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') {
        ++i;
      } else if (rest_[i] == '"') {
        return i;
      }
    }
    return rest_.size();
  }

  std::string_view rest_;
  const ScanHandlers& handlers_;
};

}  // namespace

bool ScanRows(std::string_view text, const ScanHandlers& handlers) { return Scanner(text, handlers).Document(); }

}  // namespace loadline::store::json
