#pragma once

#include <map>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/commands/exit_status.h"
#include "libs/base/error.h"

namespace loadline::cli {

/// The argument that sets a field of a request, by the field's path without
/// indices and keys: "shape.input_tokens" is "--input-tokens".
using ArgumentNames = std::map<std::string, std::string, std::less<>>;

/// The argument behind `field`: "--hardware" for `candidates.hardware[1]`,
/// "--max-gpus H100" for `max_gpus[H100]`; `field` itself where there is none.
std::string ArgumentFor(std::string_view field, const ArgumentNames& names);

/// The exit status that `failure` leads to.
ExitStatus StatusOf(const base::Error& failure);

/// Writes `failure`, one line `error: ...` for each violation, and returns its
/// exit status. `subject`, where it is set, says what it is about: a file.
ExitStatus Report(const base::Error& failure, const ArgumentNames& names, std::ostream& error,
                  std::string_view subject = {});

}  // namespace loadline::cli
