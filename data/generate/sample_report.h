#pragma once

#include <string>

namespace loadline::demo {

/// The text of data/samples/guidellm-llama-3.1-8b-mi300x.json: a sweep as
/// GuideLLM 0.8 reports it, without its lists of requests. Its configuration is
/// not in the demo set. The numbers come from the performance model.
std::string SampleReport();

}  // namespace loadline::demo
