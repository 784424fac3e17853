#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::cli {

/// The lines of a stream that are not blank, one by one.
class LineSource {
 public:
  static constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20U;

  explicit LineSource(std::istream& in) : in_(in) {}

  /// The next line, without white space at its ends; nullopt after the last
  /// one. Good until the next call. Fails with `MALFORMED_TRACE` at a line of
  /// more than `kMaxLineBytes`, and with `CANNOT_READ` where reading fails.
  base::Result<std::optional<std::string_view>> Next();

  /// The number of the line that came last, from 1.
  std::size_t number() const { return number_; }

 private:
  static constexpr std::size_t kBufferBytes = kMaxLineBytes + 1;

  std::istream& in_;
  // Not filled with anything: lines are short, mostly.
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  std::size_t number_ = 0;
};

}  // namespace loadline::cli
