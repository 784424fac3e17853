#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/planner/evidence/view.h"

namespace loadline::planner {

/// The canonical names of `asked` models, sorted and without repeats. Fails
/// with `kNotFound` (`UNKNOWN_MODEL`), suggesting the closest, at the first
/// that neither has benchmarks nor is in the catalogue.
base::Result<std::vector<std::string>> ResolveModels(const View& view, const std::vector<std::string>& asked);

/// The evidence of the models that a query asks for, or why there is none. May
/// read it from the store at the first call; the same at each later one.
using QueriedEvidence = std::function<const base::Result<std::shared_ptr<const ModelList>>&()>;

/// Names hardware: as the catalogue does, or else as benchmarks do, for what is
/// measured need not be in the catalogue. Asks for the evidence when a name is
/// first not in the catalogue, and goes through it once. `catalog` must outlive
/// it. Not thread-safe.
class HardwareNames {
 public:
  HardwareNames(const Catalog& catalog, QueriedEvidence evidence) : catalog_(catalog), evidence_(std::move(evidence)) {}

  /// The canonical name. Fails with `kNotFound` (`UNKNOWN_HARDWARE`), suggesting
  /// the closest; or as the evidence does, without which nothing is known to be
  /// unknown.
  base::Result<std::string> Resolve(std::string_view asked);

 private:
  base::Status ReadMeasured();

  const Catalog& catalog_;
  const QueriedEvidence evidence_;
  // Hardware of benchmarks by lower-case name; nullopt: not looked yet.
  std::optional<std::map<std::string, std::string, std::less<>>> measured_;
  // What can be asked for, sorted.
  std::vector<std::string> known_;
};

/// The use case with this id, whose case does not matter; null if there is none.
const domain::UseCase* FindUseCase(const Catalog& catalog, std::string_view id);

base::Error UnknownModel(const View& view, const std::string& asked);
base::Error UnknownUseCase(const Catalog& catalog, const std::string& asked);

}  // namespace loadline::planner
