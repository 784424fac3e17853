#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <string>

namespace loadline::cli {

/// "2026-03-01 12:30:05 UTC".
std::string FormatTime(const google::protobuf::Timestamp& time);

/// "12 s", "5 min", "3 h": whole units, rounded down.
std::string FormatAge(std::chrono::milliseconds age);

}  // namespace loadline::cli
