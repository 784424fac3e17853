#include "cli/traffic/read_trace.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "cli/traffic/arrival_counts.h"
#include "cli/traffic/columns.h"
#include "cli/traffic/line_source.h"
#include "cli/traffic/trace_format.h"
#include "libs/domain/text.h"
#include "libs/domain/traffic_shape.h"

namespace loadline::cli {
namespace {

base::Error Unusable(std::string reason, std::string message) {
  return {.code = base::ErrorCode::kInvalidArgument, .reason = std::move(reason), .message = std::move(message)};
}

base::Error NotATrace(std::string_view first_line) {
  std::string known;
  for (const auto& format : TraceFormats()) {
    known += fmt::format("{}`{}` ({})", known.empty() ? "" : ", ", format.first_line, format.name);
  }
  return Unusable("NOT_A_TRACE", fmt::format("line 1: {} starts no trace that is known; expected {}",
                                             domain::Quoted(first_line), known));
}

// Shorter traces have no rate.
constexpr double kShortestSeconds = 0.001;

/// A trace whose format is known.
struct OpenTrace {
  const TraceFormat* format = nullptr;
  LineReader read;
};

base::Result<OpenTrace> Recognise(std::string_view first_line) {
  for (const auto& format : TraceFormats()) {
    if (auto read = format.open(first_line)) return OpenTrace{.format = &format, .read = std::move(read)};
  }
  return base::Fail(NotATrace(first_line));
}

LengthSummary SummaryOf(const AmountCounts& counts) {
  return {
      .mean = counts.mean(), .p50 = counts.Quantile(0.5), .p95 = counts.Quantile(0.95), .p99 = counts.Quantile(0.99)};
}

/// Counts the requests of a trace as they come.
class Profiler {
 public:
  /// Fails with what is wrong with the request.
  base::Status Add(const TracedRequest& request) {
    LOADLINE_RETURN_IF_ERROR(CheckLengths(request));
    LOADLINE_RETURN_IF_ERROR(CheckTime(request.at_s));
    if (request.input_tokens == 0 || request.output_tokens == 0) {
      ++left_out_;
      return {};
    }
    if (!start_s_) start_s_ = request.at_s;
    arrivals_.Add(request.at_s - *start_s_);
    inputs_.Add(request.input_tokens);
    outputs_.Add(request.output_tokens);
    lengths_.Add(request.input_tokens, request.output_tokens);
    return {};
  }

  base::Result<TrafficProfile> Finish(std::string_view format) const {
    if (arrivals_.count() < 2) return base::Fail(TooFew());
    if (arrivals_.seconds() < kShortestSeconds) {
      return base::Fail(Unusable("EMPTY_TRACE", "all requests come within a millisecond, which makes no rate"));
    }
    return TrafficProfile{.format = std::string(format),
                          .requests = arrivals_.count(),
                          .left_out = left_out_,
                          .seconds = arrivals_.seconds(),
                          .mean_rps = arrivals_.MeanRps(),
                          .peak_rps = arrivals_.PeakRps(),
                          .peak_to_mean = arrivals_.PeakRps() / arrivals_.MeanRps(),
                          .inter_arrival_cv = arrivals_.InterArrivalCv(),
                          .hourly_rps = arrivals_.HourlyRps(),
                          .input_tokens = SummaryOf(inputs_),
                          .output_tokens = SummaryOf(outputs_),
                          .lengths = lengths_.Shares()};
  }

 private:
  base::Error TooFew() const {
    return Unusable("EMPTY_TRACE",
                    fmt::format("holds {} requests with input and output ({} without); at least 2 make a rate",
                                arrivals_.count(), left_out_));
  }

  static base::Status CheckLengths(const TracedRequest& request) {
    // Less than a token, but not none, is no length either.
    for (const double tokens : {request.input_tokens, request.output_tokens}) {
      if (tokens == 0 || (tokens >= 1 && tokens <= domain::TrafficShape::kMaxTokens)) continue;
      return base::Fail(MalformedLine(fmt::format("{} tokens are no length from 0 to 10,000,000", tokens)));
    }
    return {};
  }

  base::Status CheckTime(double at_s) {
    const double before = std::exchange(last_s_, at_s).value_or(at_s);
    if (at_s < before) {
      return base::Fail(
          MalformedLine(fmt::format("time runs backwards by {:.6g} s; sort the trace by its time", before - at_s)));
    }
    if (at_s - start_s_.value_or(at_s) >= static_cast<double>(ArrivalCounts::kMaxSeconds)) {
      return base::Fail(MalformedLine("is more than a year after the first request; cut the trace"));
    }
    return {};
  }

  std::optional<double> start_s_;
  std::optional<double> last_s_;
  std::int64_t left_out_ = 0;
  ArrivalCounts arrivals_;
  AmountCounts inputs_;
  AmountCounts outputs_;
  LengthCounts lengths_;
};

base::Error AtLine(base::Error error, std::size_t number) {
  error.message = fmt::format("line {}: {}", number, error.message);
  return error;
}

base::Status AddLine(const LineReader& read, std::string_view line, std::size_t number, Profiler& profiler) {
  const auto request = read(line);
  if (!request) return base::Fail(AtLine(request.error(), number));
  if (const auto added = profiler.Add(*request); !added) return base::Fail(AtLine(added.error(), number));
  return {};
}

}  // namespace

base::Result<TrafficProfile> ReadTrace(std::istream& in) {
  LineSource lines(in);
  LOADLINE_ASSIGN_OR_RETURN(auto line, lines.Next());
  if (!line) return base::Fail(Unusable("EMPTY_TRACE", "is empty"));
  LOADLINE_ASSIGN_OR_RETURN(const auto trace, Recognise(*line));
  Profiler profiler;
  if (trace.format->has_header) {
    LOADLINE_ASSIGN_OR_RETURN(line, lines.Next());
  }
  while (line) {
    LOADLINE_RETURN_IF_ERROR(AddLine(trace.read, *line, lines.number(), profiler));
    LOADLINE_ASSIGN_OR_RETURN(line, lines.Next());
  }
  return profiler.Finish(trace.format->name);
}

base::Result<TrafficProfile> ReadTraceFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  // A folder opens, and fails at the first byte.
  if (!file || (file.peek(), file.bad())) {
    return base::Fail(CannotRead(std::strerror(errno)));
  }
  return ReadTrace(file);
}

}  // namespace loadline::cli
