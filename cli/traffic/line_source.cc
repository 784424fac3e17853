#include "cli/traffic/line_source.h"

#include <fmt/format.h>

#include "cli/traffic/columns.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

base::Result<std::optional<std::string_view>> LineSource::Next() {
  while (in_.good()) {
    in_.getline(buffer_.get(), static_cast<std::streamsize>(kBufferBytes));
    if (in_.bad()) return base::Fail(CannotRead("reading fails before its end"));
    auto length = static_cast<std::size_t>(in_.gcount());
    if (length == 0) break;
    ++number_;
    if (in_.fail() && !in_.eof()) {
      return base::Fail(MalformedLine(fmt::format("line {}: is longer than {} bytes", number_, kMaxLineBytes)));
    }
    if (!in_.eof()) --length;  // the line's end is counted too
    std::string_view line(buffer_.get(), length);
    if (number_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    line = domain::Trim(line);
    if (!line.empty()) return std::optional(line);
  }
  return std::optional<std::string_view>();
}

}  // namespace loadline::cli
