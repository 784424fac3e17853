#include "cli/commands/session.h"

#include <algorithm>

#include "cli/output/text.h"

namespace loadline::cli {
namespace {

// Takes a progress bar off the line.
constexpr char kClearLine[] = "\r\x1b[K";

void Note(const Session& session, const std::string& text) {
  std::string line = Printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  session.error << (session.error_is_terminal ? kClearLine : "") << "note: " << line << std::endl;
}

}  // namespace

Endpoint EndpointOf(const Session& session, const std::string& address, std::chrono::milliseconds timeout) {
  return {.address = address,
          .timeout = session.timeout.value_or(timeout),
          .on_wait = [&session](const std::string& why) { Note(session, why); },
          .security = session.security};
}

}  // namespace loadline::cli
