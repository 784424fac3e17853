#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::store {

/// The lower-case words of `text`: runs of ASCII letters and digits. Whatever
/// else there is parts them.
std::vector<std::string> SearchWords(std::string_view text);

/// What a person looks for: 1 to 16 words, without repeats, as they came.
class ModelQuery {
 public:
  /// Fails with a violation on `query` where there is no word, more than 16, or
  /// more than 256 bytes.
  static base::Result<ModelQuery> Parse(std::string_view text);

  const std::vector<std::string>& words() const { return words_; }

 private:
  explicit ModelQuery(std::vector<std::string> words) : words_(std::move(words)) {}

  std::vector<std::string> words_;
};

}  // namespace loadline::store
