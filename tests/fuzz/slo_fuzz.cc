#include <algorithm>
#include <cstdint>
#include <string_view>

#include "libs/domain/slo.h"
#include "libs/domain/text.h"
#include "tests/fuzz/expect.h"

namespace loadline::domain {
namespace {

void ExpectValid(const Slo& slo) {
  fuzz::Expect(!slo.limits().empty() && slo.limits().size() <= 15, "1 to 15 limits");
  for (const Limit& limit : slo.limits()) {
    fuzz::Expect(limit.max_ms > 0 && limit.max_ms <= 86'400'000, "a limit is in (0, 24 h]");
  }
  const auto again = Slo::Parse(slo.ToString());
  fuzz::Expect(again && *again == slo, "the normal form is read back unchanged");
}

void ExpectUseful(const base::Error& error) {
  fuzz::Expect(error.violations.size() == 1 && error.violations[0].field == "slo", "one violation, on the field");
  fuzz::Expect(error.message.size() < 1000 && IsPrintable(error.message), "a short, printable message");
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  fuzz::Expect(std::all_of(error.message.begin(), error.message.end(), is_ascii), "a message in ASCII");
}

}  // namespace
}  // namespace loadline::domain

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto slo = loadline::domain::Slo::Parse({reinterpret_cast<const char*>(data), size});
  if (slo) {
    loadline::domain::ExpectValid(*slo);
  } else {
    loadline::domain::ExpectUseful(slo.error());
  }
  return 0;
}
