#pragma once

namespace loadline::base {

/// Lets this process have as many descriptors (files, sockets) as it may, and
/// returns how many that is.
int RaiseDescriptorLimit();

}  // namespace loadline::base
