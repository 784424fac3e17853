#include "cli/commands/plan_terms.h"

#include <string>
#include <vector>

#include "cli/commands/arguments.h"

namespace loadline::cli {
namespace {

constexpr char kWeightForm[] = "cost=0.7";

void SetWeight(const std::string& name, double value, planner_api::RankingWeights* weights) {
  if (name == "cost") return weights->set_cost(value);
  if (name == "latency") return weights->set_latency(value);
  if (name == "quality") return weights->set_quality(value);
  if (name == "risk") return weights->set_risk(value);
  throw CLI::ValidationError("--weights", "`" + name + "` is no goal; goals are cost, latency, quality and risk");
}

void SetWeights(const std::vector<std::string>& texts, TermArguments* terms) {
  planner_api::RankingWeights weights;
  for (const auto& text : texts) {
    const auto [name, value] = ParseNameAndValue(text, "--weights", kWeightForm);
    SetWeight(name, ParseNumber(value, "--weights"), &weights);
  }
  terms->weights = weights;
}

bool AnyArrivals(const TermArguments& terms) {
  return terms.inter_arrival_cv || terms.routing_imbalance || terms.spare_replicas;
}

void SetArrivals(const TermArguments& terms, planner_api::Arrivals* arrivals) {
  if (terms.inter_arrival_cv) arrivals->set_inter_arrival_cv(*terms.inter_arrival_cv);
  if (terms.routing_imbalance) arrivals->set_routing_imbalance(*terms.routing_imbalance);
  if (terms.spare_replicas) arrivals->set_spare_replicas(*terms.spare_replicas);
}

}  // namespace

void AddTerms(CLI::App& command, TermArguments* terms) {
  AddNumber(command, "--confidence", &terms->confidence,
            "Of plans that rest on a prediction, the share that must keep the SLO;\n"
            "between 0 and 1 (default 0.88)");
  AddNumber(command, "--cv", &terms->inter_arrival_cv,
            "Burstiness: standard deviation / mean of the time between requests (default 1)");
  AddNumber(command, "--routing-imbalance", &terms->routing_imbalance,
            "Rate of the busiest replica / the mean: 1 for least-loaded routing (default),\n"
            "about 1.1 for round robin");
  AddWholeNumber(command, "--spares", &terms->spare_replicas, "Replicas that may be away at any time (default 0)");
  AddNumber(command, "--budget", &terms->budget_usd_per_month, "No option costs more than this, $/month");
  command
      .add_option_function<std::vector<std::string>>(
          "--weights", [terms](const std::vector<std::string>& texts) { SetWeights(texts, terms); },
          "What options are ordered by: cost, latency, quality and risk, such as\n"
          "cost=0.7,latency=0.3 (default: those of --use-case, else cost alone)")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->type_name("GOAL=WEIGHT");
}

void SetTerms(const TermArguments& terms, planner_api::PlanCapacityRequest* request) {
  if (terms.confidence) request->set_confidence(*terms.confidence);
  if (AnyArrivals(terms)) SetArrivals(terms, request->mutable_arrivals());
  if (terms.budget_usd_per_month) request->set_budget_usd_per_month(*terms.budget_usd_per_month);
  if (terms.weights) *request->mutable_weights() = *terms.weights;
}

const ArgumentNames& TermNames() {
  static const ArgumentNames names = {{"confidence", "--confidence"},
                                      {"arrivals.inter_arrival_cv", "--cv"},
                                      {"arrivals.routing_imbalance", "--routing-imbalance"},
                                      {"arrivals.spare_replicas", "--spares"},
                                      {"weights", "--weights"},
                                      {"budget_usd_per_month", "--budget"},
                                      {"length_histogram", "--traffic"}};
  return names;
}

}  // namespace loadline::cli
