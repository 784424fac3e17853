#pragma once

#include <string>
#include <vector>

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Models as of some revision, in order of name.
struct ModelList {
  std::vector<domain::Model> models;
  domain::Revision revision = 0;
};

/// Selects models. Empty fields select all; set ones are ANDed. ASCII case does
/// not count.
struct ModelFilter {
  std::string architecture = {};
  /// All of them.
  std::vector<std::string> tags = {};
  /// The id of one that it suits at all.
  std::string use_case = {};

  bool Matches(const domain::Model& model) const;
};

/// The models of the catalogue and those that have benchmarks, as one list.
/// Where the catalogue does not know a model's parameters, its name may.
base::Result<ModelList> ListModels(const Repositories& repositories, const ModelFilter& filter, const CallScope& scope);

/// `model`; where its parameters are not known, with what its name says.
domain::Model WithParametersFromName(domain::Model model);

}  // namespace loadline::store
