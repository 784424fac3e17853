#pragma once

#include <map>
#include <optional>
#include <string>

#include "libs/base/environment.h"
#include "libs/service/settings.h"

namespace loadline::testing {

using Variables = std::map<std::string, std::string>;

/// What a program `test` reads where these are set, and no other.
inline service::Settings SettingsWith(const Variables& variables) {
  base::EnvironmentReader reader([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  return service::ReadSettings(reader, {.program = "test", .listen_address = "127.0.0.1:0", .max_threads = 4});
}

}  // namespace loadline::testing
