#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"

namespace loadline::telemetry {

struct HttpPostOptions {
  /// http or https.
  std::string url;
  /// "name: value"; may hold a token.
  std::vector<std::string> headers = {};
  /// How long one request may take, with connecting.
  std::chrono::milliseconds timeout = std::chrono::seconds(3);
};

/// Sends JSON to one address, over one connection where that holds. Use `Send`
/// from one thread at a time.
class HttpPost {
 public:
  explicit HttpPost(HttpPostOptions options);
  ~HttpPost();

  /// Fails with `kUnavailable` (`POST_FAILED`) where no answer of 200 to 299
  /// comes in time. Errors hold neither headers nor what the server said.
  base::Status Send(const std::string& json);
  /// Ends a request that is under way within about a second, and every later
  /// one at once. Thread-safe.
  void Abort() { aborted_ = true; }

 private:
  struct Request;

  const HttpPostOptions options_;
  std::atomic<bool> aborted_ = false;
  std::unique_ptr<Request> request_;
};

/// What OTEL_EXPORTER_OTLP_HEADERS (`name=value,...`, values percent-encoded)
/// says, as `HttpPostOptions::headers`. What is not `name=value` is left out,
/// as are line breaks.
std::vector<std::string> ParseHeaders(const std::string& text);

/// Where OTLP has it that spans go: `/v1/traces` below `endpoint`.
std::string TracesUrl(const std::string& endpoint);

}  // namespace loadline::telemetry
