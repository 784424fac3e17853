#include "services/benchmark-store/repository/postgres/session.h"

#include <pqxx/tablewriter>

namespace loadline::store::postgres {
namespace {

// libpqxx copies what it sends. Pieces that stay in the processor's cache, and
// below malloc's threshold for fresh pages, make that cheap, and give the
// server something to do meanwhile.
constexpr std::size_t kPiece = 64 << 10;

/// Takes whole lines from the front of `lines`, without the last one's end:
/// about a piece, and at least one.
std::string TakeLines(std::string_view& lines) {
  auto end = lines.size() <= kPiece ? lines.size() - 1 : lines.rfind('\n', kPiece);
  if (end == lines.npos) end = lines.find('\n');
  std::string taken(lines.substr(0, end));
  lines.remove_prefix(end + 1);
  return taken;
}

}  // namespace

// libpqxx 7 has no reactivation any more and no tablewriter, and so the latest
// version 6 calls both deprecated; it has nothing else that does the same.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

Session::Session(Line line) : connection_base(policy_), policy_(std::move(line)) {
  init();
  // A connection that was opened again behind our back would lack what its
  // session knew: settings, temporary tables, locks.
  inhibit_reactivation(true);
  quiet_ = std::make_unique<pqxx::quiet_errorhandler>(*this);
}

pqxx::result Session::CopyIn(const std::string& into, std::string_view lines) {
  return InTransaction([&](pqxx::transaction_base& open) {
    pqxx::tablewriter writer(open, into);
    while (!lines.empty()) writer.write_raw_line(TakeLines(lines));
    writer.complete();
    return pqxx::result();
  });
}

#pragma GCC diagnostic pop

Session::~Session() {
  listener_.reset();
  transaction.reset();
  quiet_.reset();
  close();
}

pqxx::result Session::Execute(const std::string& script) {
  return InTransaction([&](pqxx::transaction_base& open) { return open.exec(script); });
}

void Session::Listen(const std::string& channel) { listener_ = std::make_unique<Listener>(*this, channel); }

}  // namespace loadline::store::postgres
