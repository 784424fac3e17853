#include "libs/rpc/connection_table.h"

namespace loadline::rpc {

ConnectionTable::Verdict ConnectionTable::Judge(const AddressKey& key) const {
  if (live() >= caps_.total) return Verdict::kTooMany;
  const auto counted = of_address_.find(key);
  const int of_this = counted == of_address_.end() ? 0 : counted->second;
  return of_this >= caps_.per_address ? Verdict::kTooManyOfAddress : Verdict::kAdmitted;
}

ConnectionTable::Verdict ConnectionTable::Admit(int fd, std::uint64_t identity, const AddressKey& key) {
  Forget(fd);
  const auto verdict = Judge(key);
  if (verdict != Verdict::kAdmitted) return verdict;
  connections_.emplace(fd, Connection{.identity = identity, .key = key});
  ++of_address_[key];
  return verdict;
}

void ConnectionTable::Sweep(const std::function<std::optional<std::uint64_t>(int fd)>& identity_of) {
  std::erase_if(connections_, [&](const auto& entry) {
    const auto& [fd, connection] = entry;
    if (identity_of(fd) == connection.identity) return false;
    CountDown(connection.key);
    return true;
  });
}

void ConnectionTable::NoteReceived(const ReceivedBy& received_by) {
  for (auto& [fd, connection] : connections_) connection.received = received_by(fd);
}

std::optional<ConnectionTable::Found> ConnectionTable::Loudest(const ReceivedBy& received_by,
                                                               std::uint64_t least) const {
  std::optional<Found> loudest;
  for (const auto& [fd, connection] : connections_) {
    const auto received = received_by(fd);
    // Less than was noted: the number is another connection's by now.
    if (received < connection.received || received - connection.received < least) continue;
    least = received - connection.received;
    loudest = {.fd = fd, .identity = connection.identity};
  }
  return loudest;
}

void ConnectionTable::Forget(int fd) {
  const auto known = connections_.find(fd);
  if (known == connections_.end()) return;
  CountDown(known->second.key);
  connections_.erase(known);
}

void ConnectionTable::CountDown(const AddressKey& key) {
  const auto counted = of_address_.find(key);
  if (--counted->second == 0) of_address_.erase(counted);
}

}  // namespace loadline::rpc
