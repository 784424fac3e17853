#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace loadline::cli {

/// A progress bar on one line of a terminal. Draws only when the percentage
/// changes, and wipes itself out at the end of its life.
class ProgressBar {
 public:
  /// Draws nothing unless `enabled`. `unit` says what is counted. `out` must
  /// outlive this.
  ProgressBar(std::string_view label, std::size_t total, bool enabled, std::ostream& out,
              std::string_view unit = "rows");
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done` of the total is done.
  void Update(std::size_t done);

 private:
  std::string label_;
  std::string unit_;
  std::size_t total_;
  bool enabled_;
  std::ostream& out_;
  std::size_t shown_percent_ = 101;
};

/// The progress of one import: of the rows that are received, then of their
/// merge.
class ImportBar {
 public:
  /// As ProgressBar.
  ImportBar(std::string_view label, std::size_t total, bool enabled, std::ostream& out);

  /// `rows` are received or, with `merging`, merged.
  void Update(bool merging, std::size_t rows);

 private:
  const std::string label_;
  const std::size_t total_;
  const bool enabled_;
  std::ostream& out_;
  bool merging_ = false;
  std::optional<ProgressBar> bar_;
};

}  // namespace loadline::cli
