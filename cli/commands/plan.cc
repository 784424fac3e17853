#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/pages.h"
#include "cli/commands/plan_terms.h"
#include "cli/commands/traffic_request.h"
#include "cli/output/explanation_view.h"
#include "cli/output/plan_view.h"
#include "cli/output/traffic_view.h"

namespace loadline::cli {
namespace {

struct PlanArguments {
  ShapeArguments shape = {};
  std::optional<double> rps = {};
  /// A trace; "" where there is none.
  std::string traffic = {};
  TermArguments terms = {};
  std::string slo = {};
  std::string use_case = {};
  std::vector<std::string> models = {};
  std::vector<std::string> hardware = {};
  std::vector<std::string> frameworks = {};
  std::vector<std::string> precisions = {};
  std::map<std::string, int> max_gpus = {};
  std::optional<double> headroom = {};
  planner_api::MatchPolicy policy = planner_api::MATCH_POLICY_UNSPECIFIED;
  std::string provider = {};
  std::string purchase_option = {};
  std::optional<int> top = {};
  int rejected = 0;
  bool explain = false;
};

// How many `--rejected` lists where it has no number.
constexpr int kDefaultRejected = 100;

const std::map<std::string, planner_api::MatchPolicy>& Policies() {
  static const std::map<std::string, planner_api::MatchPolicy> policies = {
      {"exact", planner_api::MATCH_POLICY_EXACT},
      {"closest", planner_api::MATCH_POLICY_CLOSEST},
      {"closest-rescaled", planner_api::MATCH_POLICY_CLOSEST_RESCALED},
      {"auto", planner_api::MATCH_POLICY_AUTO}};
  return policies;
}

ArgumentNames Joined(ArgumentNames names, const ArgumentNames& others) {
  names.insert(others.begin(), others.end());
  return names;
}

const ArgumentNames& Names() {
  static const ArgumentNames own = {{"shape", "--input-tokens and --output-tokens"},
                                    {"shape.input_tokens", "--input-tokens"},
                                    {"shape.output_tokens", "--output-tokens"},
                                    {"requests_per_second", "--rps"},
                                    {"slo", "--slo"},
                                    {"use_case", "--use-case"},
                                    {"candidates.model_hf_repos", "--model"},
                                    {"candidates.hardware", "--hardware"},
                                    {"candidates.frameworks", "--framework"},
                                    {"candidates.precisions", "--precision"},
                                    {"max_gpus", "--max-gpus"},
                                    {"headroom", "--headroom"},
                                    {"match_policy", "--policy"},
                                    {"price.provider", "--provider"},
                                    {"price.purchase_option", "--purchase-option"},
                                    {"top_n", "--top"},
                                    {"rejection_page_size", "--rejected"}};
  static const ArgumentNames names = Joined(own, TermNames());
  return names;
}

template <typename Field>
void Assign(const std::vector<std::string>& from, Field* to) {
  to->Assign(from.begin(), from.end());
}

void SetCandidates(const PlanArguments& arguments, planner_api::PlanCapacityRequest* request) {
  auto* candidates = request->mutable_candidates();
  Assign(arguments.models, candidates->mutable_model_hf_repos());
  Assign(arguments.hardware, candidates->mutable_hardware());
  Assign(arguments.frameworks, candidates->mutable_frameworks());
  Assign(arguments.precisions, candidates->mutable_precisions());
  request->mutable_max_gpus()->insert(arguments.max_gpus.begin(), arguments.max_gpus.end());
}

planner_api::PlanCapacityRequest ToMessage(const PlanArguments& arguments) {
  planner_api::PlanCapacityRequest request;
  if (arguments.shape.given()) *request.mutable_shape() = arguments.shape.ToMessage();
  request.set_requests_per_second(arguments.rps.value_or(0));
  request.set_slo(arguments.slo);
  request.set_use_case(arguments.use_case);
  SetCandidates(arguments, &request);
  if (arguments.headroom) request.set_headroom(*arguments.headroom);
  request.set_match_policy(arguments.policy);
  request.mutable_price()->set_provider(arguments.provider);
  request.mutable_price()->set_purchase_option(arguments.purchase_option);
  request.set_top_n(arguments.top.value_or(0));
  SetTerms(arguments.terms, &request);
  return request;
}

// The plan, with as many rejections as were asked for from as many pages as
// that takes.
base::Result<planner_api::PlanCapacityResponse> FetchPlan(const PlannerClient& planner,
                                                          planner_api::PlanCapacityRequest request, int rejected) {
  request.set_rejection_page_size(std::min(rejected, kLargestPage));
  LOADLINE_ASSIGN_OR_RETURN(auto plan, planner.Send(request));
  while (plan.rejections_size() < rejected && !plan.next_rejection_page_token().empty()) {
    request.set_rejection_page_token(plan.next_rejection_page_token());
    LOADLINE_ASSIGN_OR_RETURN(const auto page, planner.Send(request));
    plan.mutable_rejections()->MergeFrom(page.rejections());
    plan.set_next_rejection_page_token(page.next_rejection_page_token());
  }
  const int extra = plan.rejections_size() - rejected;
  if (extra > 0) plan.mutable_rejections()->DeleteSubrange(rejected, extra);
  return plan;
}

// The plan's own pages of rejections are not followed: an explanation is made
// again for each call.
ExitStatus Explain(Session& session, planner_api::PlanCapacityRequest plan, int rejected) {
  planner_api::ExplainPlanRequest request;
  plan.set_rejection_page_size(std::min(rejected, kLargestPage));
  *request.mutable_plan() = std::move(plan);
  const auto answer = Planner(session).Send(request);
  const ExitStatus status = Show(session, answer, Names(), PrintExplainedPlan);
  return answer && answer->plan().options().empty() ? ExitStatus::kNoFeasiblePlan : status;
}

// Adds the traffic of the trace, if one is given, and shows people what it is.
base::Status AddTrace(Session& session, const std::string& path, planner_api::PlanCapacityRequest* request) {
  if (path.empty()) return {};
  LOADLINE_ASSIGN_OR_RETURN(const auto profile, ReadTraceFile(path));
  SetTraffic(profile, request);
  if (session.format != OutputFormat::kTable) return {};
  PrintTraffic(profile, session.out);
  session.out << '\n';
  return {};
}

ExitStatus Plan(Session& session, const PlanArguments& arguments) {
  auto request = ToMessage(arguments);
  if (const auto added = AddTrace(session, arguments.traffic, &request); !added) {
    return Report(added.error(), {}, session.error, arguments.traffic);
  }
  if (arguments.explain) return Explain(session, std::move(request), arguments.rejected);
  const auto plan = FetchPlan(Planner(session), std::move(request), arguments.rejected);
  const ExitStatus status = Show(session, plan, Names(), PrintPlan);
  return plan && plan->options().empty() ? ExitStatus::kNoFeasiblePlan : status;
}

void SetMaxGpus(PlanArguments* arguments, const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    const auto [name, count] = ParseNameAndValue(text, "--max-gpus", "H100=16");
    arguments->max_gpus[name] = ParseWholeNumber(count, "--max-gpus");
  }
}

void SetRejected(PlanArguments* arguments, const std::vector<std::string>& texts) {
  const bool counted = !texts.empty() && !texts.front().empty();
  arguments->rejected = counted ? ParseWholeNumber(texts.front(), "--rejected") : kDefaultRejected;
  if (arguments->rejected < 0) throw CLI::ValidationError("--rejected", "must not be negative");
}

void AddDemand(CLI::App& command, PlanArguments* arguments) {
  AddShape(command, &arguments->shape, false);
  AddNumber(command, "--rps", &arguments->rps,
            "Rate to serve at peak, requests/s (default: that of --traffic in its busiest minute)");
  command
      .add_option("--traffic", arguments->traffic,
                  "A trace of Azure, BurstGPT or Mooncake: supplies rate, lengths and burstiness")
      ->type_name("FILE")
      ->excludes("--input-tokens");
  command
      .add_option("--slo", arguments->slo,
                  "Promises, such as 'ttft:p95<500ms;itl:p95<40ms;e2e:p99<20s'.\n"
                  "Metrics ttft, itl, e2e; statistics mean, p50, p90, p95, p99; units ms, s")
      ->type_name("LIMITS");
  command
      .add_option("--use-case", arguments->use_case,
                  "Supplies tokens and SLO where they are not given; see `loadline list use-cases`")
      ->type_name("ID");
}

void AddCandidates(CLI::App& command, PlanArguments* arguments) {
  AddNames(command, "--model", &arguments->models, "Only these models; repeatable");
  AddNames(command, "--hardware", &arguments->hardware, "Only these GPU types; repeatable");
  AddNames(command, "--framework", &arguments->frameworks, "Only these frameworks; repeatable");
  AddNames(command, "--precision", &arguments->precisions, "Only these precisions; repeatable");
  const auto set = [arguments](const std::vector<std::string>& texts) { SetMaxGpus(arguments, texts); };
  command
      .add_option_function<std::vector<std::string>>("--max-gpus", set,
                                                     "GPUs at hand, such as H100=16; repeatable. Others are unlimited")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->type_name("NAME=COUNT");
}

void AddMethod(CLI::App& command, PlanArguments* arguments) {
  AddNumber(command, "--headroom", &arguments->headroom, "Load a replica to capacity / this; 1 to 10 (default 1.2)");
  command
      .add_option_function<std::string>(
          "--policy", [=](const std::string& text) { arguments->policy = Policies().at(text); },
          "Where a shape was not measured: auto (default) predicts from all shapes, with a margin;\n"
          "exact rejects; closest takes the nearest shape; closest-rescaled also rescales it to\n"
          "equal tokens/s")
      ->check(CLI::IsMember({"auto", "exact", "closest", "closest-rescaled"}))
      ->type_name("POLICY");
  command.add_option("--provider", arguments->provider, "Only prices of this provider")->type_name("NAME");
  command.add_option("--purchase-option", arguments->purchase_option, "Such as spot (default on_demand)")
      ->type_name("NAME");
}

void AddAnswer(CLI::App& command, PlanArguments* arguments) {
  command.add_flag("--explain", arguments->explain,
                   "Say why: what each limit costs, what conflicts, how sure the order is, what to measure next");
  AddWholeNumber(command, "--top", &arguments->top, "Show at most this many options (default 5)");
  const auto set = [arguments](const std::vector<std::string>& texts) { SetRejected(arguments, texts); };
  command.add_option_function<std::vector<std::string>>("--rejected", set, "List rejected configurations too")
      ->expected(0, 1)
      ->type_name("[COUNT=100]");
}

}  // namespace

void AddPlan(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("plan", "Find the cheapest ways to serve some traffic within an SLO");
  const auto arguments = std::make_shared<PlanArguments>();
  AddDemand(*command, arguments.get());
  AddCandidates(*command, arguments.get());
  AddMethod(*command, arguments.get());
  AddTerms(*command, &arguments->terms);
  AddAnswer(*command, arguments.get());
  AddExample(*command,
             "loadline plan --input-tokens 512 --output-tokens 256 --rps 20 --slo 'ttft:p95<500ms;itl:p95<40ms'\n"
             "  loadline plan --use-case chatbot --rps 50 --max-gpus H100=16 --rejected\n"
             "  loadline plan --traffic trace.csv --slo 'ttft:p95<500ms;e2e:p95<20s' --confidence 0.95");
  command->callback([&session, arguments] {
    if (!arguments->rps && arguments->traffic.empty()) throw CLI::RequiredError("--rps");
    session.command = [&session, arguments] { return Plan(session, *arguments); };
  });
}

}  // namespace loadline::cli
