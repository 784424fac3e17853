#include "libs/telemetry/http_post.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <mutex>
#include <sstream>
#include <string_view>

#include "libs/base/blanks.h"

namespace loadline::telemetry {
namespace {

// Whatever the address says, no files are read or other protocols spoken.
constexpr char kProtocols[] = "http,https";

void InitializeOnce() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::size_t Ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

base::Error Failed(std::string why) {
  base::Error error{.code = base::ErrorCode::kUnavailable, .reason = "POST_FAILED"};
  error.message = std::move(why);
  return error;
}

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const auto* digits = text.data() + i + 1;
    const bool escaped =
        text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    decoded.push_back(escaped ? static_cast<char>(value) : text[i]);
    if (escaped) i += 2;
  }
  return decoded;
}

bool HasLineBreak(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

}  // namespace

struct HttpPost::Request {
  Request(const HttpPostOptions& options, std::atomic<bool>& aborted) : curl(curl_easy_init()) {
    headers = curl_slist_append(headers, "Content-Type: application/json");
    // Or curl asks first whether it may send what is long, and waits a second.
    headers = curl_slist_append(headers, "Expect:");
    for (const auto& header : options.headers) headers = curl_slist_append(headers, header.c_str());
    Set(CURLOPT_URL, options.url.c_str());
    Set(CURLOPT_PROTOCOLS_STR, kProtocols);
    Set(CURLOPT_HTTPHEADER, headers);
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_WRITEFUNCTION, &Ignore);
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, &IsAborted);
    Set(CURLOPT_XFERINFODATA, &aborted);
  }
  ~Request() {
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(curl, option, value);
  }
  static int IsAborted(void* aborted, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<std::atomic<bool>*>(aborted) ? 1 : 0;
  }

  CURL* curl;
  curl_slist* headers = nullptr;
};

HttpPost::HttpPost(HttpPostOptions options) : options_(std::move(options)) {
  InitializeOnce();
  request_ = std::make_unique<Request>(options_, aborted_);
}

HttpPost::~HttpPost() = default;

base::Status HttpPost::Send(const std::string& json) {
  if (aborted_) return base::Fail(Failed("aborted"));
  request_->Set(CURLOPT_POSTFIELDS, json.data());
  request_->Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  if (const auto outcome = curl_easy_perform(request_->curl); outcome != CURLE_OK) {
    return base::Fail(Failed(curl_easy_strerror(outcome)));
  }
  long code = 0;
  curl_easy_getinfo(request_->curl, CURLINFO_RESPONSE_CODE, &code);
  if (code < 200 || code > 299) return base::Fail(Failed(fmt::format("HTTP status {}", code)));
  return {};
}

std::vector<std::string> ParseHeaders(const std::string& text) {
  std::vector<std::string> headers;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    const auto equals = part.find('=');
    if (equals == std::string::npos) continue;
    const auto name = base::WithoutBlanks(std::string_view(part).substr(0, equals));
    const auto value = PercentDecoded(base::WithoutBlanks(std::string_view(part).substr(equals + 1)));
    if (name.empty() || HasLineBreak(name) || HasLineBreak(value)) continue;
    headers.push_back(fmt::format("{}: {}", name, value));
  }
  return headers;
}

std::string TracesUrl(const std::string& endpoint) {
  return endpoint.substr(0, endpoint.find_last_not_of('/') + 1) + "/v1/traces";
}

}  // namespace loadline::telemetry
