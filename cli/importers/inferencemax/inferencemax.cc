#include "cli/importers/inferencemax/inferencemax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/failure.h"
#include "cli/importers/identity.h"
#include "cli/importers/itl_rule.h"
#include "cli/importers/row_reader.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Reading;
using domain::Statistic;
using Json = nlohmann::json;

/// What a pool's name says behind the GPU.
constexpr std::array kPoolSuffixes = {"-trt", "-multinode-slurm", "-multinode", "-nvs", "-disagg", "-amds", "-amd",
                                      "-nvd", "-dgxc-slurm",      "-dgxc",      "-nb",  "-nv"};

std::string_view SuffixOf(std::string_view pool) {
  const auto* found = std::find_if(kPoolSuffixes.begin(), kPoolSuffixes.end(),
                                   [&](const char* suffix) { return pool.ends_with(suffix); });
  return found == kPoolSuffixes.end() ? std::string_view() : *found;
}

bool IsAgentic(const Json& value) { return HasAll(value, {"hw", "conc", "scenario_type"}); }

bool IsResult(const Json& value) {
  return HasAll(value, {"hw", "conc"}) && !value.contains("scenario_type") &&
         (value.contains("tput_per_gpu") || value.contains("median_intvty"));
}

bool IsTrue(const Json& result, const std::string& pointer) {
  const Json* value = ValueAt(result, pointer);
  return value != nullptr && (*value == true || *value == "true" || *value == "True");
}

struct NominalLengths {
  double input = 0;
  double output = 0;
};

/// "8k1k" in a file's name: 8192 tokens in, 1024 out.
std::optional<NominalLengths> LengthsInName(std::string_view path) {
  constexpr double kTokensPerK = 1024;
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  for (std::size_t at = 0; at < name.size(); ++at) {
    unsigned input = 0;  // from_chars takes the hyphen before it for a sign
    unsigned output = 0;
    const char* end = name.data() + name.size();
    const auto first = std::from_chars(name.data() + at, end, input);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'k') continue;
    const auto second = std::from_chars(first.ptr + 1, end, output);
    if (second.ec != std::errc() || second.ptr == end || *second.ptr != 'k') continue;
    if (input == 0 || output == 0) continue;
    return NominalLengths{input * kTokensPerK, output * kTokensPerK};
  }
  return std::nullopt;
}

class ResultReader {
 public:
  ResultReader(const Json& result, std::string_view path) : result_(result), path_(path), fields_(result, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    ReadConfiguration();
    ReadLengths();
    ReadLatencies(itl_from);
    ReadLoad();
    return std::move(row_);
  }

 private:
  bool IsDisaggregated() const { return IsTrue(result_, "/disagg"); }
  bool IsMultiNode() const { return result_.contains("prefill_tp"); }

  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = ModelFromPath(FirstTextAt(result_, {"/model"}));
    configuration.precision = FirstTextAt(result_, {"/precision"});
    configuration.hardware = HardwareOfPool(FirstTextAt(result_, {"/hw"}));
    configuration.framework = FirstTextAt(result_, {"/framework"});
    configuration.framework_version = VersionOfImage(FirstTextAt(result_, {"/image"})) + Variant();
    SetHardwareCount(row_, GpuCount());
  }

  /// What makes it another configuration than the plain engine.
  std::string Variant() const {
    const std::string speculative = FirstTextAt(result_, {"/spec_decoding"});
    std::string variant = speculative.empty() || speculative == "none" ? "" : "+" + speculative;
    if (IsDisaggregated()) {
      variant +=
          "+" + FirstTextAt(result_, {"/num_prefill_gpu"}) + "p" + FirstTextAt(result_, {"/num_decode_gpu"}) + "d";
    }
    return variant;
  }

  /// Experts share the GPUs of the tensor-parallel group. Where nothing is
  /// split, both numbers of GPUs name the same ones.
  std::optional<std::int64_t> GpuCount() {
    if (IsMultiNode()) {
      const auto prefill = fields_.Count({"/num_prefill_gpu"});
      const auto decode = IsDisaggregated() ? fields_.Count({"/num_decode_gpu"}) : std::optional<std::int64_t>(0);
      return prefill && decode && InRange(*prefill) && InRange(*decode) ? std::optional(*prefill + *decode)
                                                                        : std::nullopt;
    }
    std::int64_t gpus = 1;
    for (const char* ways : {"/tp", "/pp", "/pcp_size"}) {
      const std::int64_t count = fields_.Count({ways}).value_or(1);
      if (!InRange(count)) return std::nullopt;
      gpus *= count;
    }
    return gpus;
  }

  static bool InRange(std::int64_t count) { return count >= 0 && count <= 10'000; }

  void ReadLengths() {
    fields_.Read(kNominalInput, "/isl");
    fields_.Read(kNominalOutput, "/osl");
    const auto named = LengthsInName(path_);
    if (!named || row_.measurement.input_lengths.nominal || row_.measurement.output_lengths.nominal) return;
    fields_.Derive(kNominalInput, named->input, "the file's name");
    fields_.Derive(kNominalOutput, named->output, "the file's name");
  }

  void ReadLatencies(ItlFrom itl_from) {
    ReadLatency(&Measurement::ttft, "ttft");
    ReadLatency(&Measurement::tpot, "tpot");
    ReadLatency(&Measurement::itl, "itl");
    ReadLatency(&Measurement::e2e, "e2el");
    const Reading e2e = row_.measurement.e2e[Statistic::kMean];
    if (e2e && *e2e == 0) row_.measurement.completed_requests = 0;
    ChooseItl(itl_from, row_);
  }

  void ReadLatency(LatencyOf latency, const std::string& metric) {
    fields_.ReadLatency(latency, "/{}_" + metric, kUsualNames, kMsPerSecond);
  }

  void ReadLoad() {
    fields_.Read(kConcurrency, "/conc");
    const auto& m = row_.measurement;
    const Reading e2e = m.e2e[Statistic::kMean];
    if (m.load.concurrency && e2e && *e2e > 0) {
      fields_.Derive(kAchievedRps, *m.load.concurrency / *e2e * kMsPerSecond, "derived: conc / mean_e2el");
    }
    ReadTokenRate();
  }

  /// Outputs are counted on the GPUs that decode.
  void ReadTokenRate() {
    const int gpus = row_.measurement.configuration.hardware_count;
    if (gpus == 0) return;  // unknown
    const auto decoding = IsDisaggregated() ? fields_.Number("/num_decode_gpu") : Reading(gpus);
    const auto output = fields_.Number("/output_tput_per_gpu");
    if (output && decoding) {
      return fields_.Derive(kTokensPerSecond, *output * *decoding, "output_tput_per_gpu x GPUs that decode");
    }
    const auto total = fields_.Number("/tput_per_gpu");
    const auto& m = row_.measurement;
    if (!total || !m.input_lengths.nominal || !m.output_lengths.nominal) return;
    const double share = *m.output_lengths.nominal / (*m.input_lengths.nominal + *m.output_lengths.nominal);
    fields_.Derive(kTokensPerSecond, *total * gpus * share, "derived: tput_per_gpu x GPUs x share of outputs");
  }

  const Json& result_;
  std::string_view path_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

std::string HardwareOfPool(std::string_view pool) {
  pool.remove_prefix(pool.find(':') + 1);  // npos + 1 is 0
  const std::size_t underscore = pool.rfind('_');
  const std::string_view number = underscore == std::string_view::npos ? "" : pool.substr(underscore + 1);
  const bool numbered = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  if (numbered) pool = pool.substr(0, underscore);
  for (auto suffix = SuffixOf(pool); !suffix.empty(); suffix = SuffixOf(pool)) pool.remove_suffix(suffix.size());
  std::string name(pool);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

bool InferenceMaxImporter::Recognises(const Document& document) const {
  return AnyElement(document, IsResult) || AnyElement(document, IsAgentic);
}

base::Result<ImportedReport> InferenceMaxImporter::Read(const Document& document, const ImportOptions& options) const {
  if (!AnyElement(document, IsResult)) {
    return base::Fail(ReportFailure("NOT_A_REPORT",
                                    "a run of agents: its turns share most of their prompts, so that it says nothing "
                                    "of other traffic. Import a run with a fixed sequence length."));
  }
  const auto read = [&](const Json& result) { return ResultReader(result, document.path).Read(options.itl_from); };
  return ImportedReport{.format = "inferencemax/agg",
                        .rows = ReadElements(document, IsResult, read, "a result of InferenceMAX")};
}

}  // namespace loadline::cli
