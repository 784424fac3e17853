#include "libs/telemetry/methods.h"

#include <google/protobuf/descriptor.h>

namespace loadline::telemetry {
namespace {

std::string TypeOf(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming()) return method.server_streaming() ? "bidi_stream" : "client_stream";
  return method.server_streaming() ? "server_stream" : "unary";
}

}  // namespace

std::vector<Method> MethodsOf(const std::vector<std::string>& services) {
  std::vector<Method> methods;
  for (const auto& name : services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      methods.push_back({.service = name, .name = method.name(), .type = TypeOf(method)});
    }
  }
  return methods;
}

}  // namespace loadline::telemetry
