#include "cli/output/traffic_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr std::size_t kHoursPerLine = 12;

std::string Lasted(double seconds) {
  if (seconds < kSecondsPerHour) return FormatSignificant(seconds) + " s";
  return FormatSignificant(seconds / kSecondsPerHour) + " h";
}

void PrintLengths(const TrafficProfile& profile, std::ostream& out) {
  Table table = {.columns = {{"Tokens"},
                             {"mean", Align::kRight},
                             {"p50", Align::kRight},
                             {"p95", Align::kRight},
                             {"p99", Align::kRight}},
                 .rows = {}};
  const auto add = [&](const std::string& name, const LengthSummary& tokens) {
    table.rows.push_back({name, FormatSignificant(tokens.mean), FormatSignificant(tokens.p50),
                          FormatSignificant(tokens.p95), FormatSignificant(tokens.p99)});
  };
  add("input", profile.input_tokens);
  add("output", profile.output_tokens);
  Print(table, out);
}

// The rate of each hour, some to a line.
void PrintHours(const std::vector<double>& hourly_rps, std::ostream& out) {
  if (hourly_rps.size() < 2) return;
  out << "\nRequests/s by hour since the first request\n";
  for (std::size_t from = 0; from < hourly_rps.size(); from += kHoursPerLine) {
    std::vector<std::string> rates;
    for (std::size_t i = from; i < std::min(from + kHoursPerLine, hourly_rps.size()); ++i) {
      rates.push_back(FormatSignificant(hourly_rps[i]));
    }
    out << fmt::format("{:>5}  {}\n", from, Join(rates, "  "));
  }
}

}  // namespace

void PrintTraffic(const TrafficProfile& profile, std::ostream& out) {
  out << fmt::format("Traffic of {} requests in {}, from a trace in the format {}\n", FormatCount(profile.requests),
                     Lasted(profile.seconds), profile.format);
  if (profile.left_out > 0) {
    out << fmt::format("{} more were left out: they have no input or brought no output.\n",
                       FormatCount(profile.left_out));
  }
  out << fmt::format("\nRate: mean {} requests/s, {} in the busiest minute: peak / mean {}\n",
                     FormatSignificant(profile.mean_rps), FormatSignificant(profile.peak_rps),
                     FormatSignificant(profile.peak_to_mean));
  out << fmt::format(
      "Burstiness: standard deviation / mean of the time between requests, within minutes, {} (1 is a "
      "Poisson process)\n",
      FormatSignificant(profile.inter_arrival_cv));
  out << fmt::format("Lengths: {} bins of input and output tokens\n\n",
                     FormatCount(static_cast<std::int64_t>(profile.lengths.size())));
  PrintLengths(profile, out);
  PrintHours(profile.hourly_rps, out);
}

}  // namespace loadline::cli
