#pragma once

#include <functional>
#include <string_view>

namespace loadline::store::json {

/// What stands at the top of a data file, in its order. The texts are parts of
/// the scanned text and not yet known to be valid JSON.
struct ScanHandlers {
  /// An element of the array `key`; `key` is "" for a bare array. Return false
  /// to stop.
  std::function<bool(std::string_view key, std::string_view element)> element;
  /// Any other value.
  std::function<bool(std::string_view key, std::string_view value)> value;
};

/// Cuts a JSON document into the elements of its arrays without parsing them,
/// so that a large file need not be in memory as a whole document.
/// False if `text` is not an object or an array, or a handler stopped it: then
/// only a real parser can say what is wrong.
bool ScanRows(std::string_view text, const ScanHandlers& handlers);

}  // namespace loadline::store::json
