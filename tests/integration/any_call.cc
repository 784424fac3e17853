#include "tests/integration/any_call.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <chrono>

#include "libs/rpc/channel.h"

namespace loadline::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::chrono::seconds kPatience{30};

using Path = std::vector<const FieldDescriptor*>;

void Collect(const Descriptor& type, const Path& path, std::vector<Path>& found) {
  for (int i = 0; i < type.field_count(); ++i) {
    auto deeper = path;
    deeper.push_back(type.field(i));
    const auto kind = type.field(i)->cpp_type();
    if (kind == FieldDescriptor::CPPTYPE_STRING) found.push_back(deeper);
    if (kind == FieldDescriptor::CPPTYPE_MESSAGE) Collect(*type.field(i)->message_type(), deeper, found);
  }
}

Message* Enter(Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  if (!field.is_repeated()) return reflection->MutableMessage(&message, &field);
  if (reflection->FieldSize(message, &field) == 0) return reflection->AddMessage(&message, &field);
  return reflection->MutableRepeatedMessage(&message, &field, 0);
}

grpc::ByteBuffer Encode(const Message& message) {
  const grpc::Slice bytes(message.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

/// One call through the generic stub, step by step.
class Conversation {
 public:
  Conversation(const std::shared_ptr<grpc::Channel>& channel, const std::string& path) : stub_(channel) {
    rpc::SetDeadline(context_, kPatience);
    call_ = stub_.PrepareCall(&context_, path, &queue_);
    call_->StartCall(this);
    Step();
  }

  // A call that the server has ended takes no more requests; its status says why.
  void Send(const Message& message) {
    call_->Write(Encode(message), this);
    Step();
  }
  /// Reads the answer, of a stream the first one; with `to_the_end` all.
  grpc::Status Finish(bool to_the_end) {
    call_->WritesDone(this);
    Step();
    bool answered = false;
    do {
      grpc::ByteBuffer answer;
      call_->Read(&answer, this);
      answered = Step();
    } while (answered && to_the_end);
    if (answered) context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    Step();
    return answered ? grpc::Status::OK : status;
  }

 private:
  bool Step() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace

std::vector<TextField> TextField::Of(const Descriptor& type) {
  std::vector<Path> paths;
  Collect(type, {}, paths);
  std::vector<TextField> fields(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) fields[i].path_ = std::move(paths[i]);
  return fields;
}

void TextField::Set(Message& message, const std::string& text) const {
  auto* owner = &message;
  for (std::size_t i = 0; i + 1 < path_.size(); ++i) owner = Enter(*owner, *path_[i]);
  const auto* field = path_.back();
  const auto* reflection = owner->GetReflection();
  if (!field->is_repeated()) {
    reflection->SetString(owner, field, text);
  } else if (reflection->FieldSize(*owner, field) == 0) {
    reflection->AddString(owner, field, text);
  } else {
    reflection->SetRepeatedString(owner, field, 0, text);
  }
}

std::string TextField::name() const {
  std::string name;
  for (const auto* field : path_) name += (name.empty() ? "" : ".") + field->name();
  return name;
}

std::vector<const google::protobuf::MethodDescriptor*> MethodsOf(const google::protobuf::FileDescriptor& file) {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (int service = 0; service < file.service_count(); ++service) {
    const auto* described = file.service(service);
    for (int i = 0; i < described->method_count(); ++i) methods.push_back(described->method(i));
  }
  return methods;
}

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  return std::unique_ptr<Message>(prototype->New());
}

grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
                  const std::vector<std::unique_ptr<Message>>& requests) {
  Conversation conversation(channel, "/" + method.service()->full_name() + "/" + method.name());
  for (const auto& request : requests) conversation.Send(*request);
  // A stream that is answered by a stream ends; a watch does not.
  return conversation.Finish(method.client_streaming());
}

}  // namespace loadline::testing
