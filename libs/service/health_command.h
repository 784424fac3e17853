#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "libs/service/settings.h"

namespace loadline::service {

/// Where this machine reaches what listens at the first of `listen`, a list of
/// host:port: 127.0.0.1 for 0.0.0.0, and for [::], which takes IPv4 too.
std::string DialAddress(std::string_view listen);

/// `PROGRAM health [SERVICE]`: asks the program that runs here with the same
/// settings, at its admin port, else in plaintext where it listens, and says
/// on `out` what it found. Returns the exit status: 0 SERVING, 1 not, 2 wrong
/// arguments or no port to ask. For probes of containers, which have no shell.
int RunHealth(const Settings& settings, const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace loadline::service
