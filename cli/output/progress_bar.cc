#include "cli/output/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/output/number.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

constexpr std::size_t kBarWidth = 30;
// Back to the start of the line, and wipe it.
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

ProgressBar::ProgressBar(std::string_view label, std::size_t total, bool enabled, std::ostream& out,
                         std::string_view unit)
    : label_(Printable(label)), unit_(unit), total_(total), enabled_(enabled && total > 0), out_(out) {
  Update(0);
}

ProgressBar::~ProgressBar() {
  if (enabled_) out_ << kClearLine << std::flush;
}

void ProgressBar::Update(std::size_t done) {
  if (!enabled_) return;
  const std::size_t percent = 100 * std::min(done, total_) / total_;
  if (percent == shown_percent_) return;
  shown_percent_ = percent;
  const std::size_t filled = kBarWidth * percent / 100;
  out_ << kClearLine
       << fmt::format("[{}{}] {:3} %  {} of {} {}  {}", std::string(filled, '#'), std::string(kBarWidth - filled, '.'),
                      percent, FormatCount(static_cast<std::int64_t>(done)),
                      FormatCount(static_cast<std::int64_t>(total_)), unit_, label_)
       << std::flush;
}

ImportBar::ImportBar(std::string_view label, std::size_t total, bool enabled, std::ostream& out)
    : label_(label), total_(total), enabled_(enabled), out_(out) {
  bar_.emplace(label_, total_, enabled_, out_);
}

void ImportBar::Update(bool merging, std::size_t rows) {
  if (merging != merging_) {
    merging_ = merging;
    bar_.emplace(merging ? "merging " + label_ : label_, total_, enabled_, out_);
  }
  bar_->Update(rows);
}

}  // namespace loadline::cli
