#pragma once

#include <string>
#include <string_view>

#include "libs/base/clock.h"

/// PostgreSQL's text form of values, as our sessions are set: bytea as hex,
/// times in ISO 8601 and UTC. What is appended is read back as the same value.
namespace loadline::store::postgres {

void AppendInteger(std::string& text, std::int64_t value);
void AppendDouble(std::string& text, double value);
/// `\x` and two digits a byte.
void AppendBytes(std::string& text, std::string_view bytes);
/// Of a year from 1 to 9999.
void AppendTimestamp(std::string& text, base::Timestamp at);

std::string BytesIn(std::string_view text);
/// Without what is below a millisecond. Of a year from 1 on.
base::Timestamp TimestampIn(std::string_view text);

}  // namespace loadline::store::postgres
