#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace loadline::store::json {

/// A list that only grows, in chunks that never move.
///
/// A view is the list as it was when the view was taken: cheap to take, and
/// never touched by later appends. Many threads may read views while one
/// thread appends, if views are handed over with synchronisation.
template <typename T>
class AppendOnly {
  static constexpr std::size_t kChunk = 1024;
  using Chunks = std::vector<std::shared_ptr<T[]>>;

 public:
  class View {
   public:
    View() = default;
    std::size_t size() const { return size_; }
    const T& operator[](std::size_t index) const { return chunks_[index / kChunk][index % kChunk]; }

   private:
    friend AppendOnly;
    View(Chunks chunks, std::size_t size) : chunks_(std::move(chunks)), size_(size) {}
    Chunks chunks_;
    std::size_t size_ = 0;
  };

  std::size_t size() const { return size_; }
  const T& operator[](std::size_t index) const { return chunks_[index / kChunk][index % kChunk]; }

  /// Returns the index of the new element.
  std::uint32_t Append(T value) {
    if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_shared<T[]>(kChunk));
    chunks_.back()[size_ % kChunk] = std::move(value);
    return static_cast<std::uint32_t>(size_++);
  }

  /// Takes back the elements from `size` on. No view that is in use may hold
  /// them.
  void Truncate(std::size_t size) {
    size_ = size;
    chunks_.resize((size + kChunk - 1) / kChunk);
  }

  View Share() const { return View(chunks_, size_); }

 private:
  Chunks chunks_;
  std::size_t size_ = 0;
};

}  // namespace loadline::store::json
