#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

/// Calls of any method, made from its descriptor: so that a test of all calls
/// holds for those to come, too.
namespace loadline::testing {

/// A text field within a message: the way to it.
class TextField {
 public:
  /// All text fields of a message of this type, however deep.
  static std::vector<TextField> Of(const google::protobuf::Descriptor& type);

  /// Sets it; in a repeated field, or below one, in the first element.
  void Set(google::protobuf::Message& message, const std::string& text) const;
  /// "filter.model_hf_repo"
  std::string name() const;

 private:
  std::vector<const google::protobuf::FieldDescriptor*> path_;
};

/// The methods of the services of a file.
std::vector<const google::protobuf::MethodDescriptor*> MethodsOf(const google::protobuf::FileDescriptor& file);

/// An empty message of this type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

/// Sends the requests and no more, and ends the call when it has answered
/// once, well or not.
grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
                  const std::vector<std::unique_ptr<google::protobuf::Message>>& requests);

}  // namespace loadline::testing
