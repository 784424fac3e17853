#include "libs/rpc/callers.h"

#include <fmt/format.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace loadline::rpc {
namespace {

bool Matches(std::string_view caller, std::string_view entry) {
  if (!entry.ends_with("/*")) return caller == entry;
  const auto prefix = entry.substr(0, entry.size() - 1);
  return caller.size() > prefix.size() && caller.starts_with(prefix);
}

base::Error NotAllowed(const std::string& caller) {
  const auto who = caller.empty() ? std::string("A client without a certified URI") : caller;
  return {.code = base::ErrorCode::kPermissionDenied,
          .reason = "CALLER_NOT_ALLOWED",
          .message = fmt::format("{} may not call this service. Add it to the service's ALLOWED_CALLERS, or use the "
                                 "certificate of a caller that is there.",
                                 who),
          .metadata = {{"caller", caller}}};
}

class CallersStage final : public Stage {
 public:
  explicit CallersStage(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  std::string_view name() const override { return "callers"; }

  base::Status Handle(Call& call, const Next& next) const override {
    if (const auto caller = CallerOf(call.context); !IsAllowed(caller, allowed_)) return base::Fail(NotAllowed(caller));
    return next(call);
  }

 private:
  const std::vector<std::string> allowed_;
};

}  // namespace

std::string CallerOf(const grpc::ServerContext& context) {
  const auto identity = context.auth_context();
  if (identity == nullptr || !identity->IsPeerAuthenticated()) return {};
  const auto uris = identity->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME);
  if (uris.size() != 1) return {};
  return {uris.front().data(), uris.front().size()};
}

bool IsAllowed(const std::string& caller, const std::vector<std::string>& allowed) {
  return !caller.empty() &&
         std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) { return Matches(caller, entry); });
}

std::unique_ptr<const Stage> AllowCallers(std::vector<std::string> allowed) {
  return std::make_unique<CallersStage>(std::move(allowed));
}

}  // namespace loadline::rpc
