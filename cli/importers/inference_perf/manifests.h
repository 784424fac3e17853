#pragma once

#include <string_view>

#include "libs/domain/configuration.h"

namespace loadline::cli {

/// What Kubernetes manifests say of the engine that they deploy: its image and
/// tag, the GPUs that it asks for, the node that it selects, the model among
/// its arguments. What they do not say is empty, or 0.
domain::Configuration ConfigurationOfManifests(std::string_view yaml);

}  // namespace loadline::cli
