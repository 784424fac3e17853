#include <cstdint>
#include <string_view>

#include "libs/domain/judge.h"
#include "libs/json/benchmark_json.h"
#include "libs/json/parse.h"
#include "tests/fuzz/expect.h"

namespace loadline::json {
namespace {

void TryRow(const nlohmann::json& row) {
  const ReadRow read = ReadMeasurement(row);
  const nlohmann::json written = WriteMeasurement(read.measurement);
  fuzz::Expect(ReadMeasurement(written).measurement == read.measurement, "what was written is read again");
  fuzz::Expect(nlohmann::json::parse(written.dump()) == written, "what was written is JSON");
  domain::BenchmarkId::Of(read.measurement);
  const domain::Verdict verdict = domain::Judge(read.measurement);
  const domain::Verdict again = domain::Judge(verdict.measurement);
  fuzz::Expect(again.reasons == verdict.reasons, "judging again changes nothing");
}

}  // namespace
}  // namespace loadline::json

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = loadline::json::Parse({reinterpret_cast<const char*>(data), size});
  if (!parsed) return 0;
  if (parsed->is_object()) loadline::json::TryRow(*parsed);
  if (!parsed->is_array()) return 0;
  for (const auto& row : *parsed) {
    if (row.is_object()) loadline::json::TryRow(row);
  }
  return 0;
}
