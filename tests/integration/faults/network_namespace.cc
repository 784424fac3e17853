#include "tests/integration/faults/network_namespace.h"

#include <sched.h>

#include <cerrno>
#include <initializer_list>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "libs/testing/process.h"

namespace loadline::testing {
namespace {

// Empty if it went well, else what it said.
std::string RunTool(const std::string& tool, std::vector<std::string> arguments) {
  try {
    Process process({.binary = "/usr/sbin/" + tool, .arguments = std::move(arguments)});
    if (process.Wait() == 0) return "";
    return tool + ": " + process.ErrorOutput();
  } catch (const std::system_error& error) {
    return error.what();
  }
}

void Filter(const std::string& action, int port) {
  for (const std::string side : {"--dport", "--sport"}) {
    const auto said = RunTool("iptables", {action, "INPUT", "-p", "tcp", side, std::to_string(port), "-j", "DROP"});
    if (!said.empty()) throw std::runtime_error(said);
  }
}

}  // namespace

std::string EnterNetworkOfItsOwn() {
  if (::unshare(CLONE_NEWNET) != 0) return std::system_category().message(errno);
  if (auto said = RunTool("ip", {"link", "set", "lo", "up"}); !said.empty()) return said;
  return RunTool("iptables", {"-L", "-n"});
}

void DropPackets(int port) { Filter("-A", port); }

void PassPackets(int port) { Filter("-D", port); }

}  // namespace loadline::testing
