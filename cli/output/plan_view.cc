#include "cli/output/plan_view.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/output/freshness_view.h"
#include "cli/output/label.h"
#include "cli/output/number.h"
#include "cli/output/rejection_view.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

using Options = google::protobuf::RepeatedPtrField<planner_api::PlanOption>;

// More limits than this get a table of their own.
constexpr int kLimitsPerTable = 4;

// Commas between what differs from what nobody asked for.
void PrintArrivals(const planner_api::Arrivals& arrivals, std::ostream& out) {
  std::vector<std::string> parts;
  if (arrivals.has_inter_arrival_cv() && arrivals.inter_arrival_cv() != 1) {
    parts.push_back("burstiness " + FormatSignificant(arrivals.inter_arrival_cv()));
  }
  if (arrivals.has_routing_imbalance() && arrivals.routing_imbalance() != 1) {
    parts.push_back("routing imbalance " + FormatSignificant(arrivals.routing_imbalance()));
  }
  if (arrivals.spare_replicas() > 0) parts.push_back("spare replicas " + FormatCount(arrivals.spare_replicas()));
  if (!parts.empty()) out << fmt::format("Arrivals: {}\n", Join(parts));
}

void PrintWeights(const planner_api::RankingWeights& weights, std::ostream& out) {
  std::vector<std::string> parts;
  const auto add = [&](const char* name, double weight) {
    if (weight > 0) parts.push_back(fmt::format("{} {}", name, FormatPercent(weight)));
  };
  add("cost", weights.cost());
  add("latency", weights.latency());
  add("quality", weights.quality());
  add("risk", weights.risk());
  if (parts.size() > 1 || (!parts.empty() && weights.cost() == 0)) out << fmt::format("What counts: {}\n", Join(parts));
}

// What goes beyond the shape, the rate and the SLO.
void PrintTerms(const planner_api::ResolvedRequest& request, std::ostream& out) {
  if (request.length_bin_count() > 0) {
    out << fmt::format("Lengths of single requests: {} bins; the tokens above are their means\n",
                       FormatCount(request.length_bin_count()));
  }
  PrintArrivals(request.arrivals(), out);
  PrintWeights(request.weights(), out);
  if (request.has_budget_usd_per_month()) {
    out << fmt::format("Budget: $ {} a month\n", FormatUsd(request.budget_usd_per_month()));
  }
}

void PrintRequest(const planner_api::ResolvedRequest& request, std::ostream& out) {
  const auto& price = request.price();
  out << fmt::format("Plan for {} requests/s of {} input and {} output tokens within {}\n",
                     FormatPlain(request.requests_per_second()), FormatTokens(request.shape().input_tokens()),
                     FormatTokens(request.shape().output_tokens()), Printable(request.slo()));
  out << fmt::format("Headroom {}, match policy {}, {} prices of {}\n", FormatPlain(request.headroom()),
                     PolicyLabel(request.match_policy()), Printable(price.purchase_option()),
                     price.provider().empty() ? "the cheapest provider" : Printable(price.provider()));
  PrintTerms(request, out);
  out << '\n';
}

std::string CapacityText(const planner_api::Capacity& capacity) {
  std::string rate = FormatSignificant(capacity.requests_per_second());
  switch (capacity.kind()) {
    case planner_api::CAPACITY_KIND_LOWER_BOUND: return "≥ " + rate;
    case planner_api::CAPACITY_KIND_PREDICTED: return "~ " + rate;
    default: return rate;
  }
}

// Capacity and load are those of one replica.
Table CostTable() {
  return {.columns = {{"#", Align::kRight},
                      {"Configuration of a replica", Align::kLeft, true},
                      {"Replicas\nx GPUs", Align::kRight},
                      {"Cost\n$/hour", Align::kRight},
                      {"Cost\n$/month", Align::kRight},
                      {"$ per M\ntokens", Align::kRight},
                      {"Capacity\nreq/s", Align::kRight},
                      {"Load\nreq/s", Align::kRight},
                      {"Load of\ncapacity", Align::kRight},
                      {"Worst\nslack", Align::kRight},
                      {"Pareto"}},
          .rows = {}};
}

std::vector<std::string> CostRow(const std::string& rank, const planner_api::PlanOption& option) {
  const auto& cost = option.cost();
  return {rank,
          ConfigurationLines(option.configuration()),
          fmt::format("{} x {}", FormatCount(option.replicas()), option.configuration().hardware_count()),
          FormatUsd(cost.usd_per_hour()),
          FormatFixed(cost.usd_per_month(), 0),
          FormatUsd(cost.usd_per_million_tokens()),
          CapacityText(option.capacity()),
          FormatSignificant(option.requests_per_second_per_replica()),
          FormatPercent(option.utilisation()),
          FormatPercent(option.worst_slack()),
          option.pareto_optimal() ? "*" : ""};
}

void PrintCosts(const Options& options, std::ostream& out) {
  Table table = CostTable();
  for (int i = 0; i < options.size(); ++i) table.rows.push_back(CostRow(FormatCount(i + 1), options[i]));
  Print(table, out);
}

std::string MarginText(const planner_api::LimitMargin& margin) {
  return fmt::format("{} ms, {} slack", FormatSignificant(margin.latency_ms()), FormatPercent(margin.slack()));
}

// Limits [from, from + kLimitsPerTable) of all options; all have the same limits.
void PrintLimits(const Options& options, int from, std::ostream& out) {
  const int to = std::min(from + kLimitsPerTable, options[0].margins_size());
  Table table = {.columns = {{"#", Align::kRight}}, .rows = {}};
  for (int limit = from; limit < to; ++limit)
    table.columns.push_back({options[0].margins(limit).limit(), Align::kRight});
  for (int i = 0; i < options.size(); ++i) {
    std::vector<std::string> row = {FormatCount(i + 1)};
    for (int limit = from; limit < to; ++limit) row.push_back(MarginText(options[i].margins(limit)));
    table.rows.push_back(std::move(row));
  }
  Print(table, out);
}

void PrintLatencies(const Options& options, std::ostream& out) {
  out << "\nLatency at the load that a replica carries, against each limit\n";
  for (int from = 0; from < options[0].margins_size(); from += kLimitsPerTable) PrintLimits(options, from, out);
}

std::string ReachedFirst(const planner_api::Capacity& capacity) {
  return capacity.binding_limit().empty() ? "not reached" : capacity.binding_limit();
}

std::string ShapeText(const planner_api::Evidence& evidence) {
  if (evidence.distance() == 0) return ShapeLabel(evidence.shape());
  return fmt::format("{}, distance {}", ShapeLabel(evidence.shape()), FormatSignificant(evidence.distance()));
}

void PrintEvidence(const Options& options, std::ostream& out) {
  Table table = {.columns = {{"#", Align::kRight},
                             {"Capacity"},
                             {"Reached first", Align::kLeft, true},
                             {"Latency is", Align::kLeft, true},
                             {"Measured shape"},
                             {"Origin"},
                             {"Benchmarks", Align::kRight},
                             {"GPU price, $/hour", Align::kLeft, true}},
                 .rows = {}};
  for (int i = 0; i < options.size(); ++i) {
    const auto& option = options[i];
    table.rows.push_back({FormatCount(i + 1), CapacityLabel(option.capacity().kind()), ReachedFirst(option.capacity()),
                          BasisLabel(option.latency_basis()), ShapeText(option.evidence()),
                          OriginLabel(option.evidence().origin()), FormatCount(option.evidence().benchmark_ids_size()),
                          fmt::format("{} {} {}", FormatUsd(option.cost().usd_per_gpu_hour()), option.cost().provider(),
                                      option.cost().purchase_option())});
  }
  out << "\nWhat this rests on\n";
  Print(table, out);
}

std::string CorrectionText(double factor) { return fmt::format("x {}", FormatSignificant(factor)); }

std::vector<std::string> CalibrationRow(int rank, const planner_api::PlanOption& option) {
  const auto& calibration = option.capacity().calibration();
  const auto& range = calibration.requests_per_second();
  return {FormatCount(rank),
          FormatSignificant(calibration.point_requests_per_second()),
          CorrectionText(calibration.correction()),
          CorrectionText(calibration.margin()),
          fmt::format("{} to {}", FormatSignificant(range.lower()), FormatSignificant(range.upper())),
          option.has_slo_confidence() ? FormatPercent(option.slo_confidence()) : "not known",
          FormatCount(calibration.shape_count()) + (calibration.few_shapes() ? "; few shapes: margin widened" : "")};
}

// How sure those are that rest on a prediction.
void PrintCalibration(const Options& options, double confidence, std::ostream& out) {
  Table table = {.columns = {{"#", Align::kRight},
                             {"Fit alone\nreq/s", Align::kRight},
                             {"Other shapes\nsay", Align::kRight},
                             {"Margin", Align::kRight},
                             {"Capacity range\nreq/s", Align::kRight},
                             {"Keeps\nthe SLO", Align::kRight},
                             {"Calibrated on shapes", Align::kLeft, true}},
                 .rows = {}};
  for (int i = 0; i < options.size(); ++i) {
    if (options[i].capacity().has_calibration()) table.rows.push_back(CalibrationRow(i + 1, options[i]));
  }
  if (table.rows.empty()) return;
  out << fmt::format("\nHow sure the predicted capacities are; planned with their lower end, at a confidence of {}\n",
                     FormatPercent(confidence));
  Print(table, out);
}

bool Contains(const Options& options, const planner_api::PlanOption& wanted) {
  return std::any_of(options.begin(), options.end(), [&](const auto& option) {
    return google::protobuf::util::MessageDifferencer::Equals(option.configuration(), wanted.configuration());
  });
}

void PrintRestOfFront(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  Table table = CostTable();
  for (const auto& option : plan.pareto_front()) {
    if (!Contains(plan.options(), option)) table.rows.push_back(CostRow("+", option));
  }
  if (table.rows.empty()) return;
  out << "\nAlso on the Pareto front: more slack than all that is cheaper\n";
  Print(table, out);
}

template <typename Predicate>
bool AnyOption(const Options& options, Predicate predicate) {
  return std::any_of(options.begin(), options.end(), predicate);
}

// Ranks of the options whose memory was not checked.
std::vector<std::string> UncheckedMemory(const Options& options) {
  std::vector<std::string> ranks;
  for (int i = 0; i < options.size(); ++i) {
    if (options[i].memory().fit() == planner_api::MEMORY_FIT_UNKNOWN) ranks.push_back(FormatCount(i + 1));
  }
  return ranks;
}

void PrintLegend(const Options& options, std::ostream& out) {
  out << "Capacity and load are those of one replica.\n"
         "* Pareto: no other configuration is at least as good in cost, slack and confidence, and better in one.\n";
  if (AnyOption(options, [](const auto& o) { return o.capacity().kind() == planner_api::CAPACITY_KIND_LOWER_BOUND; })) {
    out << "≥ The highest load that was measured still keeps the SLO: the capacity is at least this.\n";
  }
  if (AnyOption(options, [](const auto& o) { return o.capacity().has_calibration(); })) {
    out << "~ Predicted by a model fitted to all measured shapes of the configuration: fit x what other shapes say x\n"
           "margin. Keeps the SLO: how likely all limits hold at the planned load.\n";
  }
  if (AnyOption(options,
                [](const auto& o) { return o.evidence().distance() > 0 && !o.capacity().has_calibration(); })) {
    out << "Distance: the asked shape was not measured; the closest one stands in. 0 would be the same shape.\n";
  }
}

void PrintWarnings(const Options& options, std::ostream& out) {
  OriginCounts origins;
  for (const auto& option : options) ++origins[option.evidence().origin()];
  const std::string note = OriginNote(origins, "evidence");
  if (!note.empty()) out << note << '\n';
  const auto unchecked = UncheckedMemory(options);
  if (unchecked.empty()) return;
  out << fmt::format("Memory was not checked for option {}: parameters or GPU memory are not in the catalogue.\n",
                     Join(unchecked));
}

void PrintFeasible(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  PrintCosts(plan.options(), out);
  PrintLatencies(plan.options(), out);
  PrintEvidence(plan.options(), out);
  PrintCalibration(plan.options(), plan.request().confidence(), out);
  PrintRestOfFront(plan, out);
  out << '\n';
  PrintLegend(plan.options(), out);
  PrintWarnings(plan.options(), out);
}

}  // namespace

void PrintPlan(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  PrintRequest(plan.request(), out);
  if (plan.options().empty()) {
    PrintInfeasible(plan, out);
  } else {
    PrintFeasible(plan, out);
  }
  PrintCandidates(plan, out);
  PrintFreshness(plan.freshness(), out);
  PrintRejections(plan, out);
}

}  // namespace loadline::cli
