#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::cli {

/// One request of a trace.
struct TracedRequest {
  /// When it came, in seconds; only differences mean anything.
  double at_s = 0;
  double input_tokens = 0;
  /// 0 for one that failed.
  double output_tokens = 0;

  friend bool operator==(const TracedRequest&, const TracedRequest&) = default;
};

/// Reads one line of a trace. Fails with `kInvalidArgument` and a message that
/// says what is wrong with the line.
using LineReader = std::function<base::Result<TracedRequest>(std::string_view line)>;

/// One kind of trace.
struct TraceFormat {
  std::string_view name;
  /// What its first line looks like, for messages.
  std::string_view first_line;
  /// False: the first line is a request already.
  bool has_header = true;
  /// How the lines of a trace that starts with this line are read; empty if it
  /// is of another format.
  LineReader (*open)(std::string_view first_line) = nullptr;
};

/// Every format that is known.
const std::array<TraceFormat, 3>& TraceFormats();

/// TIMESTAMP,ContextTokens,GeneratedTokens: the time as text, UTC where it says
/// nothing else. Columns may stand in any order, and others beside them.
LineReader OpenAzure(std::string_view first_line);

/// Timestamp,Model,Request tokens,Response tokens,...: the time in seconds.
/// Columns may stand in any order, and others beside them.
LineReader OpenBurstGpt(std::string_view first_line);

/// {"timestamp": 0, "input_length": 1, "output_length": 1, ...} in each line:
/// the time in milliseconds.
LineReader OpenMooncake(std::string_view first_line);

}  // namespace loadline::cli
