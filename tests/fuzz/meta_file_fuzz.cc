#include <cstdint>
#include <string_view>

#include "cli/importers/named_settings.h"
#include "libs/domain/text.h"
#include "tests/fuzz/expect.h"

namespace loadline::cli {
namespace {

void ExpectSound(const ImportOverrides& settings) {
  fuzz::Expect(settings.hardware_count.value_or(1) >= 1, "a replica has a GPU");
  fuzz::Expect(settings.prompt_tokens.value_or(1) > 0 && settings.output_tokens.value_or(1) > 0,
               "lengths are those of requests");
  fuzz::Expect(FilledUp(settings, settings) == settings && FilledUp({}, settings) == settings,
               "what is not set is filled up, and nothing else");
}

void ExpectUseful(const base::Error& error) {
  fuzz::Expect(error.code == base::ErrorCode::kInvalidArgument, "a bad file is the caller's mistake");
  fuzz::Expect(error.reason == "MALFORMED_YAML" || error.violations.size() == 1, "what is wrong is named");
  fuzz::Expect(error.message.size() < 2000 && domain::IsPrintable(error.message), "a short, printable message");
}

}  // namespace
}  // namespace loadline::cli

// The input is a meta.yaml.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const auto settings = cli::ParseMetaFile({reinterpret_cast<const char*>(data), size});
  if (settings) {
    cli::ExpectSound(*settings);
  } else {
    cli::ExpectUseful(settings.error());
  }
  return 0;
}
