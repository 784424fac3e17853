#include "services/benchmark-store/app/text_limit.h"

namespace loadline::store {
namespace {

bool ContinuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

void Cut(std::string& text) {
  if (text.size() <= kMaxTextBytes) return;
  auto size = kMaxTextBytes;
  while (size > 0 && ContinuesCharacter(text[size])) --size;
  text.resize(size);
}

}  // namespace

ImportedRow WithinTextLimits(ImportedRow row) {
  auto& [model, precision, hardware, count, framework, version] = row.measurement.configuration;
  for (auto* text : {&model, &precision, &hardware, &framework, &version, &row.location}) Cut(*text);
  auto& provenance = row.measurement.provenance;
  for (auto* text : {&provenance.source, &provenance.confidence_level, &provenance.format, &provenance.tool_version,
                     &provenance.sha256, &provenance.path}) {
    Cut(*text);
  }
  if (row.problems.size() > kMaxProblems) row.problems.resize(kMaxProblems);
  for (auto& problem : row.problems) Cut(problem);
  return row;
}

}  // namespace loadline::store
