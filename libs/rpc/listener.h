#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/result.h"
#include "libs/rpc/accept_rate.h"
#include "libs/rpc/connection_table.h"
#include "libs/rpc/socket.h"

namespace loadline::rpc {

struct ListenerOptions {
  /// `host:port[,host:port...]`; see `ParseListenAddresses`.
  std::string addresses;
  ConnectionCaps caps = {.total = 4096, .per_address = 1024};
  /// More wait in the kernel's queue. Each costs a TLS handshake.
  int max_accepts_per_second = 2000;
};

/// What came of connections since the start.
struct ConnectionStats {
  /// Open, as of the last look: at most a second old.
  int live = 0;
  std::int64_t accepted = 0;
  /// Closed by us, by cause.
  std::int64_t refused_total_cap = 0;
  std::int64_t refused_address_cap = 0;
  std::int64_t refused_no_descriptor = 0;
  /// Closed later, by `Listener::CutLoudest`.
  std::int64_t refused_resets = 0;
};

/// Accepts TCP connections in one thread and hands them on, within caps.
///
/// gRPC's own accept loop of this version ends for good once it has run out of
/// descriptors, and knows no caps. This one turns connections away instead.
class Listener {
 public:
  /// Takes over the descriptor `fd`, which came in at `listener_fd`.
  using HandOver = std::function<void(int listener_fd, int fd)>;

  /// Listens; connections wait until `Start`. Fails with `kUnavailable`
  /// (`CANNOT_LISTEN`).
  static base::Result<std::unique_ptr<Listener>> Open(const ListenerOptions& options);
  ~Listener();

  /// Call once.
  void Start(HandOver hand_over);
  /// Hands on what waits and closes the listening sockets. Idempotent.
  void Stop();

  /// The port of the first address.
  int port() const { return port_; }
  /// Ends the connection that sends most, if that is very much within the next
  /// second: something that harms us comes in, and nobody can tell from where.
  /// Thread-safe.
  void CutLoudest();
  /// Thread-safe.
  ConnectionStats stats() const;
  /// Connects to each of its own sockets and finds out whether the thread takes
  /// that connection, or any other, within `patience` each. Thread-safe. Where
  /// this process has no descriptor left to try, it is taken to be well.
  bool Answers(std::chrono::milliseconds patience);

 private:
  using Time = AcceptRate::Time;

  Listener(const ListenerOptions& options, std::vector<Descriptor> sockets);
  void Run();
  void Await(bool accepting);
  bool IsLooking(Time now) const;
  void AcceptFrom(int socket);
  bool AcceptOne(int socket);
  bool TurnAwayWithSpare(int socket);
  void Serve(int socket, Accepted accepted);
  bool IsOwnCheck(const Accepted& accepted) const;
  ConnectionTable::Verdict Admit(const Accepted& accepted);
  void CountRefusal(ConnectionTable::Verdict verdict);
  void LookAtAll(Time now);
  void Sweep(Time now);
  void CutIfLoud(Time now);
  bool Cut(const ConnectionTable::Found& found);
  void ReportRefusals(Time now);
  bool Answers(int socket, std::chrono::milliseconds patience);

  HandOver hand_over_;
  int port_ = 0;
  Descriptor wake_;
  std::atomic<bool> stopping_ = false;
  std::atomic<Time> looking_until_ = Time();
  std::atomic<std::uint64_t> taken_ = 0;
  // The port that a check comes from; 0: none is under way.
  std::atomic<std::uint16_t> check_port_ = 0;

  mutable std::mutex mutex_;
  ConnectionStats stats_;  // guarded by mutex_

  std::mutex checking_;
  std::vector<Descriptor> sockets_;  // the vector changes under checking_ only

  // What follows is the thread's.
  ConnectionTable table_;
  AcceptRate rate_;
  // Closed to have a descriptor for a connection that is turned away.
  Descriptor spare_;
  bool paused_ = false;
  Time swept_ = {};
  Time noted_ = {};
  Time cut_ = {};
  Time reported_ = {};
  std::int64_t refusals_reported_ = 0;
  std::thread thread_;
};

}  // namespace loadline::rpc
