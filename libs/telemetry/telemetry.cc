#include "libs/telemetry/telemetry.h"

#include <utility>

#include "libs/rpc/log.h"
#include "libs/telemetry/http_post.h"
#include "libs/telemetry/otlp_json.h"
#include "libs/telemetry/process_metrics.h"
#include "libs/telemetry/trace_stage.h"

namespace loadline::telemetry {
namespace {

std::unique_ptr<SpanExporter> ExporterFor(const service::TraceSettings& settings) {
  if (settings.disabled || settings.endpoint.empty()) return nullptr;
  const auto post = std::make_shared<HttpPost>(
      HttpPostOptions{.url = TracesUrl(settings.endpoint), .headers = ParseHeaders(settings.headers)});
  const SpanResource resource{.service_name = settings.service_name, .service_version = LOADLINE_VERSION};
  const auto send = [post, resource](const std::vector<rpc::Span>& spans) {
    return post->Send(OtlpJson(resource, spans));
  };
  return std::make_unique<SpanExporter>(SpanExporter::Receiver{.send = send, .abort = [post] { post->Abort(); }},
                                        SpanExporterOptions{});
}

Metrics LogMetrics() {
  const auto counts = rpc::CountLogLines();
  auto lines = Counter("loadline_log_lines_total", "Lines of the log that were written.", std::vector<Sample>());
  const auto add = [&](const char* level, std::int64_t count) {
    lines.samples.push_back({.labels = {{"level", level}}, .value = static_cast<double>(count)});
  };
  add("debug", counts.debug);
  add("info", counts.info);
  add("warning", counts.warning);
  add("error", counts.error);
  return {lines, Counter("loadline_log_suppressed_total",
                         "Warnings and errors that were not written because the same was written just before.",
                         static_cast<double>(counts.suppressed))};
}

Metrics SpanMetrics(const SpanCounts& counts) {
  return {Counter("loadline_trace_spans_total", "Sampled spans: exported or dropped.",
                  {{.labels = {{"result", "exported"}}, .value = static_cast<double>(counts.exported)},
                   {.labels = {{"result", "dropped"}}, .value = static_cast<double>(counts.dropped)}})};
}

Metrics BuildInfo(const std::string& program) {
  return {Gauge("loadline_build_info", "Always 1: what runs.",
                {{.labels = {{"program", program}, {"version", LOADLINE_VERSION}}, .value = 1}})};
}

}  // namespace

Telemetry::Telemetry(const service::Settings& settings, std::string program, const std::vector<std::string>& services,
                     const base::Clock& clock)
    : program_(std::move(program)),
      spans_(ExporterFor(settings.traces)),
      call_metrics_(std::make_shared<CallMetrics>(MethodsOf(services), clock)),
      trace_stage_(TraceCalls(MethodsOf(services),
                              {.ratio = settings.traces.sample_ratio, .caller_decides = settings.traces.caller_decides},
                              spans_.get())) {}

Metrics Telemetry::Collect() const {
  return Joined(
      {call_metrics_->Collect(), LogMetrics(), SpanMetrics(span_counts()), BuildInfo(program_), ProcessMetrics()});
}

}  // namespace loadline::telemetry
