#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// The aggregated results of InferenceMAX (InferenceX): one object or an array,
/// of the first layout or the later one for several nodes. Times are in
/// seconds, rates are those of a GPU, lengths are the nominal ones, and requests
/// per second follow from concurrency and E2E. Speculative decoding and a split
/// into prefill and decode are told by the framework version, so that they stay
/// configurations of their own. Runs of agents are refused: their requests
/// share nearly all of their prompts.
class InferenceMaxImporter final : public Importer {
 public:
  std::string_view name() const override { return "InferenceMAX aggregated JSON"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

/// The GPU type in the name of a machine pool: "h100" of "cluster:h100-dgxc-slurm_3".
std::string HardwareOfPool(std::string_view pool);

}  // namespace loadline::cli
