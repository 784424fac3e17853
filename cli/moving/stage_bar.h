#pragma once

#include <optional>
#include <ostream>

#include "cli/output/progress_bar.h"
#include "services/benchmark-store/moving/move.h"

namespace loadline::cli {

/// A progress bar for each stage of a move, one after the other.
class StageBar {
 public:
  /// Draws nothing unless `enabled`. `out` must outlive this.
  StageBar(bool enabled, std::ostream& out) : enabled_(enabled), out_(out) {}

  void Begin(const store::moving::Stage& stage) {
    bar_.reset();
    bar_.emplace(stage.name, static_cast<std::size_t>(stage.total), enabled_, out_);
  }
  void Update(std::int64_t rows) {
    if (bar_) bar_->Update(static_cast<std::size_t>(rows));
  }
  void End() { bar_.reset(); }

 private:
  const bool enabled_;
  std::ostream& out_;
  std::optional<ProgressBar> bar_;
};

}  // namespace loadline::cli
