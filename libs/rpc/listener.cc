#include "libs/rpc/listener.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "libs/rpc/log.h"

namespace loadline::rpc {
namespace {

using std::chrono::milliseconds;

// How many are taken from one socket before the others have their turn.
constexpr int kTurn = 64;
// Each time all descriptors are looked at.
constexpr milliseconds kSweepEvery(1000);
// At a cap, where a place may have become free: 4,000 looks take about 1 ms.
constexpr milliseconds kSweepAtCapEvery(20);
// While it is looked for who sends too much.
constexpr milliseconds kLookEvery(20);
constexpr milliseconds kLookFor(1000);
// After a cut: the calls of that connection that were cancelled with it raise
// further alarms.
constexpr milliseconds kCutPause(200);
// Bytes within about a second. Hardly anything but imports sends so much; a flood
// of calls that are reset sends 3 to 15 MB.
constexpr std::uint64_t kLoud = 1 << 20;
constexpr milliseconds kReportEvery(10'000);
// After an error that may last, and while connections begin too fast.
constexpr milliseconds kPause(5);

Descriptor Spare() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool IsExhaustion(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

std::int64_t Refusals(const ConnectionStats& stats) {
  return stats.refused_total_cap + stats.refused_address_cap + stats.refused_no_descriptor + stats.refused_resets;
}

}  // namespace

base::Result<std::unique_ptr<Listener>> Listener::Open(const ListenerOptions& options) {
  LOADLINE_ASSIGN_OR_RETURN(const auto addresses, ParseListenAddresses(options.addresses));
  std::vector<Descriptor> sockets;
  for (const auto& address : addresses) {
    LOADLINE_ASSIGN_OR_RETURN(auto opened, ListenOn(address));
    std::move(opened.begin(), opened.end(), std::back_inserter(sockets));
  }
  return std::unique_ptr<Listener>(new Listener(options, std::move(sockets)));
}

Listener::Listener(const ListenerOptions& options, std::vector<Descriptor> sockets)
    : port_(LocalEnd(sockets.front().get()).value_or(Peer{}).port),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      sockets_(std::move(sockets)),
      table_(options.caps),
      rate_(options.max_accepts_per_second, std::chrono::steady_clock::now()),
      spare_(Spare()) {}

Listener::~Listener() { Stop(); }

void Listener::Start(HandOver hand_over) {
  hand_over_ = std::move(hand_over);
  thread_ = std::thread([this] { Run(); });
}

void Listener::Stop() {
  stopping_ = true;
  ::eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(checking_);
  sockets_.clear();
}

ConnectionStats Listener::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void Listener::Run() {
  while (!stopping_) {
    Await(rate_.Allows(std::chrono::steady_clock::now()) && !std::exchange(paused_, false));
    for (const auto& socket : sockets_) AcceptFrom(socket.get());
    LookAtAll(std::chrono::steady_clock::now());
  }
  // Their clients believe to be connected.
  for (const auto& socket : sockets_) {
    int left = kBacklog;
    while (left > 0 && AcceptOne(socket.get())) --left;
  }
}

void Listener::Await(bool accepting) {
  std::vector<pollfd> waiting = {{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
  if (accepting) {
    for (const auto& socket : sockets_) waiting.push_back({.fd = socket.get(), .events = POLLIN, .revents = 0});
  }
  const auto longest = IsLooking(std::chrono::steady_clock::now()) ? kLookEvery : kSweepEvery;
  ::poll(waiting.data(), waiting.size(), static_cast<int>((accepting ? longest : kPause).count()));
  eventfd_t woken = 0;
  ::eventfd_read(wake_.get(), &woken);
}

void Listener::AcceptFrom(int socket) {
  for (int taken = 0; taken < kTurn && rate_.Allows(std::chrono::steady_clock::now()); ++taken) {
    if (!AcceptOne(socket)) return;
  }
}

// False when nothing more is to be had just now.
bool Listener::AcceptOne(int socket) {
  auto accepted = Accept(socket);
  if (accepted.socket) {
    ++taken_;
    Serve(socket, std::move(accepted));
    return true;
  }
  if (errno == EINTR || errno == ECONNABORTED) return true;
  if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
  paused_ = !IsExhaustion(errno) || !TurnAwayWithSpare(socket);
  return !paused_;
}

// What cannot be taken would stay in the queue, and wake the thread for ever.
bool Listener::TurnAwayWithSpare(int socket) {
  spare_ = Descriptor();
  const bool turned_away = static_cast<bool>(Accept(socket).socket);
  spare_ = Spare();
  const std::lock_guard lock(mutex_);
  if (turned_away) ++stats_.refused_no_descriptor;
  return turned_away && spare_;
}

void Listener::Serve(int socket, Accepted accepted) {
  // To close it is the answer.
  if (IsOwnCheck(accepted) || HasEnded(accepted.socket.get())) return;
  if (const auto verdict = Admit(accepted); verdict != ConnectionTable::Verdict::kAdmitted) {
    CountRefusal(verdict);
    return;
  }
  rate_.Count();
  {
    const std::lock_guard lock(mutex_);
    ++stats_.accepted;
    stats_.live = table_.live();
  }
  hand_over_(socket, accepted.socket.Release());
}

bool Listener::IsOwnCheck(const Accepted& accepted) const {
  const auto port = check_port_.load();
  if (port == 0 || accepted.peer.port != port) return false;
  const auto local = LocalEnd(accepted.socket.get());
  return local && local->address == accepted.peer.address;
}

ConnectionTable::Verdict Listener::Admit(const Accepted& accepted) {
  const int fd = accepted.socket.get();
  const auto identity = SocketIdentity(fd).value_or(0);
  const auto key = KeyOf(accepted.peer);
  const auto verdict = table_.Admit(fd, identity, key);
  const auto now = std::chrono::steady_clock::now();
  if (verdict == ConnectionTable::Verdict::kAdmitted || now - swept_ < kSweepAtCapEvery) return verdict;
  Sweep(now);
  return table_.Admit(fd, identity, key);
}

void Listener::CountRefusal(ConnectionTable::Verdict verdict) {
  const std::lock_guard lock(mutex_);
  ++(verdict == ConnectionTable::Verdict::kTooMany ? stats_.refused_total_cap : stats_.refused_address_cap);
}

void Listener::LookAtAll(Time now) {
  if (IsLooking(now)) CutIfLoud(now);
  if (now - noted_ < kSweepEvery) return;
  noted_ = now;
  Sweep(now);
  table_.NoteReceived(BytesReceived);
  ReportRefusals(now);
}

void Listener::CutLoudest() {
  looking_until_ = std::chrono::steady_clock::now() + kLookFor;
  ::eventfd_write(wake_.get(), 1);
}

bool Listener::IsLooking(Time now) const { return now < looking_until_.load() && now >= cut_ + kCutPause; }

void Listener::CutIfLoud(Time now) {
  const auto loudest = table_.Loudest(BytesReceived, kLoud);
  if (!loudest) return;
  table_.Forget(loudest->fd);
  if (!Cut(*loudest)) return;
  cut_ = now;
  looking_until_ = now;
  table_.NoteReceived(BytesReceived);
  const std::lock_guard lock(mutex_);
  ++stats_.refused_resets;
}

// The number may be another's as soon as gRPC has closed it; that of a copy is
// ours.
bool Listener::Cut(const ConnectionTable::Found& found) {
  const Descriptor copy(::fcntl(found.fd, F_DUPFD_CLOEXEC, 0));
  return SocketIdentity(copy.get()) == found.identity && ::shutdown(copy.get(), SHUT_RDWR) == 0;
}

void Listener::Sweep(Time now) {
  swept_ = now;
  table_.Sweep(SocketIdentity);
  const std::lock_guard lock(mutex_);
  stats_.live = table_.live();
}

void Listener::ReportRefusals(Time now) {
  const auto known = stats();
  if (Refusals(known) == refusals_reported_ || now - reported_ < kReportEvery) return;
  reported_ = now;
  refusals_reported_ = Refusals(known);
  Log(LogLevel::kWarning, "connections_refused",
      {{"live", std::to_string(known.live)},
       {"total_cap", std::to_string(known.refused_total_cap)},
       {"address_cap", std::to_string(known.refused_address_cap)},
       {"no_descriptor", std::to_string(known.refused_no_descriptor)},
       {"resets", std::to_string(known.refused_resets)},
       {"message",
        "Connections were closed: at once for a cap (see MAX_CONNECTIONS), or later for calls that were reset. The "
        "counts are since the start."}});
}

bool Listener::Answers(milliseconds patience) {
  const std::lock_guard lock(checking_);
  const auto answers = [&](const Descriptor& socket) { return Answers(socket.get(), patience); };
  return !sockets_.empty() && std::all_of(sockets_.begin(), sockets_.end(), answers);
}

bool Listener::Answers(int socket, milliseconds patience) {
  const auto caller = SocketTowards(socket);
  const auto end = caller ? LocalEnd(caller.get()) : std::nullopt;
  if (!end) return true;
  check_port_ = end->port;
  const auto before = taken_.load();
  const bool answered = Connect(caller.get(), socket, patience) && AwaitReadable(caller.get(), patience);
  check_port_ = 0;
  // In a flood the check waits behind others, or finds no place in the queue.
  return answered || taken_ != before;
}

}  // namespace loadline::rpc
