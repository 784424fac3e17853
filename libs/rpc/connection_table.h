#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "libs/rpc/socket.h"

namespace loadline::rpc {

struct ConnectionCaps {
  int total = 0;
  int per_address = 0;
};

/// Which connections there are, by descriptor. Whoever has them closes them
/// and says nothing: `Sweep` finds out. Not thread-safe.
class ConnectionTable {
 public:
  using ReceivedBy = std::function<std::uint64_t(int fd)>;
  enum class Verdict { kAdmitted, kTooMany, kTooManyOfAddress };

  struct Found {
    int fd = -1;
    std::uint64_t identity = 0;
  };

  explicit ConnectionTable(ConnectionCaps caps) : caps_(caps) {}

  /// Counts the connection `fd`, unless there are too many. One that was known
  /// under this number has ended: the kernel gives no number twice.
  Verdict Admit(int fd, std::uint64_t identity, const AddressKey& key);
  /// Forgets those whose `identity_of(fd)` is no longer theirs.
  void Sweep(const std::function<std::optional<std::uint64_t>(int fd)>& identity_of);
  /// Notes how many bytes each has received by now.
  void NoteReceived(const ReceivedBy& received_by);
  /// The one that has received most since it was noted, if that is at least
  /// `least` bytes.
  std::optional<Found> Loudest(const ReceivedBy& received_by, std::uint64_t least) const;

  /// Forgets the connection `fd` at once.
  void Forget(int fd);

  int live() const { return static_cast<int>(connections_.size()); }

 private:
  struct Connection {
    std::uint64_t identity = 0;
    AddressKey key = {};
    std::uint64_t received = 0;
  };
  Verdict Judge(const AddressKey& key) const;
  void CountDown(const AddressKey& key);

  const ConnectionCaps caps_;
  std::unordered_map<int, Connection> connections_;
  std::map<AddressKey, int> of_address_;
};

}  // namespace loadline::rpc
