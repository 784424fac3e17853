#include "cli/output/catalog_view.h"

#include <algorithm>
#include <string>
#include <vector>

#include "cli/output/label.h"
#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

constexpr char kAbsent[] = "-";

std::string Parameters(const catalog_api::Model& model) {
  if (!model.has_parameters_billion()) return kAbsent;
  return FormatPlain(model.parameters_billion()) + (model.parameters_from_name() ? " (from the name)" : "");
}

void AddHardware(const catalog_api::Hardware& hardware, Table* table) {
  const std::string memory = hardware.has_memory_gib() ? FormatPlain(hardware.memory_gib()) : kAbsent;
  const std::string aliases = Join({hardware.aliases().begin(), hardware.aliases().end()});
  if (hardware.prices().empty()) table->rows.push_back({hardware.name(), memory, kAbsent, kAbsent, kAbsent, aliases});
  for (const auto& price : hardware.prices()) {
    const bool first = &price == &hardware.prices(0);
    table->rows.push_back({first ? hardware.name() : "", first ? memory : "", price.provider(), price.purchase_option(),
                           FormatUsd(price.usd_per_gpu_hour()), first ? aliases : ""});
  }
}

std::string Limits(std::string slo) {
  std::replace(slo.begin(), slo.end(), ';', '\n');
  return slo;
}

std::string Weights(const catalog_api::PriorityWeights& weights) {
  return FormatPercent(weights.cost()) + " cost\n" + FormatPercent(weights.latency()) + " latency\n" +
         FormatPercent(weights.quality()) + " quality";
}

}  // namespace

void PrintModels(const catalog_api::ListModelsResponse& listing, std::ostream& out) {
  Table table = {.columns = {{"Model", Align::kLeft, true},
                             {"Parameters\nbillion", Align::kRight},
                             {"KV cache\nbytes/token", Align::kRight},
                             {"Configurations", Align::kRight},
                             {"Benchmarks", Align::kRight}},
                 .rows = {}};
  for (const auto& model : listing.models()) {
    table.rows.push_back({model.model_hf_repo(), Parameters(model),
                          model.has_kv_bytes_per_token() ? FormatTokens(model.kv_bytes_per_token()) : kAbsent,
                          FormatCount(model.configuration_count()), FormatCount(model.benchmark_count())});
  }
  Print(table, out);
}

void PrintFoundModels(const benchmark_api::SearchModelsResponse& found, std::ostream& out) {
  Table table = {.columns = {{"Model", Align::kLeft, true},
                             {"Match", Align::kRight},
                             {"Parameters\nbillion", Align::kRight},
                             {"Architecture"},
                             {"Tags", Align::kLeft, true},
                             {"Benchmarks", Align::kRight}},
                 .rows = {}};
  for (const auto& model : found.models()) {
    table.rows.push_back({model.model_hf_repo(), FormatPercent(model.score()),
                          model.has_parameters_billion() ? FormatPlain(model.parameters_billion()) : kAbsent,
                          model.architecture().empty() ? kAbsent : model.architecture(),
                          Join({model.tags().begin(), model.tags().end()}), FormatCount(model.benchmark_count())});
  }
  Print(table, out);
}

void PrintHardware(const catalog_api::ListHardwareResponse& listing, std::ostream& out) {
  Table table = {.columns = {{"Hardware"},
                             {"Memory\nGiB/GPU", Align::kRight},
                             {"Provider"},
                             {"Purchase option"},
                             {"Price\n$/GPU-hour", Align::kRight},
                             {"Also known as", Align::kLeft, true}},
                 .rows = {}};
  for (const auto& hardware : listing.hardware()) AddHardware(hardware, &table);
  Print(table, out);
}

void PrintUseCases(const catalog_api::ListUseCasesResponse& listing, std::ostream& out) {
  Table table = {.columns = {{"Use case"},
                             {"What it is", Align::kLeft, true},
                             {"Input\ntokens", Align::kRight},
                             {"Output\ntokens", Align::kRight},
                             {"SLO"},
                             {"Weights"}},
                 .rows = {}};
  for (const auto& use_case : listing.use_cases()) {
    table.rows.push_back({use_case.id(), use_case.display_name() + "\n" + use_case.description(),
                          FormatTokens(use_case.shape().input_tokens()), FormatTokens(use_case.shape().output_tokens()),
                          Limits(use_case.slo()), Weights(use_case.weights())});
  }
  Print(table, out);
}

}  // namespace loadline::cli
