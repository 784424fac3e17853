#include "libs/rpc/connection_table.h"

namespace loadline::rpc {

ConnectionTable::Verdict ConnectionTable::Judge(const AddressKey& key) const {
  if (live() >= caps_.total) return Verdict::kTooMany;
  const auto counted = of_address_.find(key);
  const int of_this = counted == of_address_.end() ? 0 : counted->second;
  return of_this >= caps_.per_address ? Verdict::kTooManyOfAddress : Verdict::kAdmitted;
}

ConnectionTable::Verdict ConnectionTable::Admit(int fd, std::uint64_t identity, const AddressKey& key) {
  if (const auto ended = connections_.find(fd); ended != connections_.end()) {
    CountDown(ended->second.key);
    connections_.erase(ended);
  }
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

void ConnectionTable::CountDown(const AddressKey& key) {
  const auto counted = of_address_.find(key);
  if (--counted->second == 0) of_address_.erase(counted);
}

}  // namespace loadline::rpc
