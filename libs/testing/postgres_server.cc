#include "libs/testing/postgres_server.h"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "libs/testing/port.h"
#include "libs/testing/wait.h"

namespace loadline::testing {
namespace {

constexpr char kBin[] = "/usr/lib/postgresql/15/bin/";
constexpr std::chrono::seconds kPatience{60};

const PostgresServer::Settings kFast = {
    {"fsync", "off"},
    {"full_page_writes", "off"},
    {"synchronous_commit", "off"},
    {"shared_buffers", "64MB"},
    {"huge_pages", "off"},
    {"jit", "off"},
    {"max_connections", "100"},
    {"listen_addresses", "127.0.0.1"},
    {"log_line_prefix", ""},
};

// The first rule that fits decides.
constexpr char kAccess[] = R"(
local all             all                    trust
host  all             postgres,loadline all  trust
host  replication     postgres all           trust
host  all             all      127.0.0.1/32  scram-sha-256
)";

std::runtime_error Failure(const std::string& what, const std::string& output) {
  return std::runtime_error(what + ":\n" + output);
}

ProcessOptions AsPostgres(const std::string& program, std::vector<std::string> arguments) {
  const std::string binary = kBin + program;
  if (::geteuid() != 0) return {.binary = binary, .arguments = std::move(arguments), .folder = "/"};
  arguments.insert(arguments.begin(), {"--reuid=postgres", "--regid=postgres", "--init-groups", binary});
  return {.binary = "/usr/bin/setpriv", .arguments = std::move(arguments), .folder = "/"};
}

std::string Run(const ProcessOptions& options) {
  Process process(options);
  const auto status = process.Wait();
  if (status != 0) throw Failure(options.binary.string() + " failed", process.Output() + process.ErrorOutput());
  return process.Output();
}

void GiveToPostgres(const std::filesystem::path& path) {
  if (::geteuid() != 0) return;
  const auto* user = ::getpwnam("postgres");
  if (user == nullptr) throw std::runtime_error("there is no user postgres: run scripts/install-deps.sh");
  if (::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
}

// SIGQUIT ends the server and its children at once.
std::string EndAndRemove(const std::filesystem::path& folder) {
  const auto path = folder.string();
  return "pid=$(head -n 1 " + path + "/data/postmaster.pid) && kill -QUIT $pid; " +
         "for try in $(seq 100); do kill -0 $pid || break; sleep 0.1; done; rm -rf " + path;
}

void Initialise(const std::filesystem::path& data_dir) {
  Run(AsPostgres("initdb", {"--pgdata=" + data_dir.string(), "--username=postgres", "--auth=trust", "--encoding=UTF8",
                            "--locale=C.UTF-8", "--no-sync", "--no-instructions"}));
  std::ofstream access(data_dir / "pg_hba.conf");
  access << kAccess;
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  const auto id = std::to_string(process);
  std::ifstream in("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; in >> child;) children.push_back(child);
  return children;
}

}  // namespace

PostgresServer::PostgresServer(Settings settings) : PostgresServer(std::move(settings), Initialise) {
  Psql("CREATE ROLE loadline LOGIN");
}

PostgresServer::PostgresServer(Settings settings, const Fill& fill)
    : cleanup_(EndAndRemove(folder_.path())), settings_(std::move(settings)), port_(FreePort()) {
  settings_.insert(kFast.begin(), kFast.end());
  settings_["unix_socket_directories"] = folder_.path();
  GiveToPostgres(folder_.path());
  fill(data_dir());
  Start();
}

PostgresServer::~PostgresServer() {
  if (!process_) return;
  process_->Signal(SIGQUIT);
  process_->Wait(kPatience);
}

// A try can fail because another process took the port, or because children of
// a server that was killed still hold its memory.
void PostgresServer::Start() {
  if (!WaitFor([this] { return TryToStart(); }, kPatience)) throw Failure("PostgreSQL does not start", Log());
}

bool PostgresServer::TryToStart() {
  std::vector<std::string> arguments = {"-D", data_dir().string(), "-p", std::to_string(port_)};
  for (const auto& [name, value] : settings_) {
    arguments.insert(arguments.end(), {"-c", name + "=" + value});
  }
  process_ = std::make_unique<Process>(AsPostgres("postgres", std::move(arguments)));
  bool ready = false;
  WaitFor(
      [&] {
        ready = Log().find("ready to accept") != std::string::npos;
        return ready || process_->Wait(std::chrono::milliseconds(0)).has_value();
      },
      kPatience);
  return ready;
}

void PostgresServer::Stop() {
  process_->Signal(SIGINT);
  if (process_->Wait(kPatience) != 0) throw Failure("PostgreSQL did not stop well", Log());
}

void PostgresServer::Kill9() {
  const auto children = ChildrenOf(process_->id());
  process_->Signal(SIGKILL);
  for (const auto child : children) ::kill(child, SIGKILL);
  process_->Wait(kPatience);
}

void PostgresServer::Restart() {
  Stop();
  Start();
}

std::string PostgresServer::Log() const { return process_->ErrorOutput(); }

std::string PostgresServer::Url(std::string_view database, std::string_view role, std::string_view password) const {
  std::ostringstream url;
  url << "postgresql://" << role;
  if (!password.empty()) url << ':' << password;
  url << "@127.0.0.1:" << port_ << '/' << database;
  return url.str();
}

std::string PostgresServer::Psql(const std::string& sql, std::string_view database) const {
  auto output = Run({.binary = std::string(kBin) + "psql",
                     .arguments = {"--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
                                   "--dbname=" + Url(database, "postgres"), "--command=" + sql}});
  if (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

bool PostgresServer::Await(const std::string& sql, std::string_view database) const {
  return WaitFor([&] { return Psql(sql, database) == "t"; });
}

void PostgresServer::CreateRole(const std::string& name, const std::string& password) const {
  Psql("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
}

std::unique_ptr<PostgresServer> PostgresServer::On(const Fill& fill) {
  return std::unique_ptr<PostgresServer>(new PostgresServer({}, fill));
}

std::unique_ptr<PostgresServer> PostgresServer::Replica() {
  const auto copy = [this](const std::filesystem::path& data_dir) {
    Run(AsPostgres("pg_basebackup",
                   {"--pgdata=" + data_dir.string(), "--dbname=" + Url("postgres", "postgres"), "--write-recovery-conf",
                    "--wal-method=stream", "--checkpoint=fast", "--no-sync"}));
  };
  return std::unique_ptr<PostgresServer>(new PostgresServer(settings_, copy));
}

bool PostgresServer::AwaitReplay(const PostgresServer& primary) const {
  // Commits that nobody waited for get to the disk with this one, and only from
  // there to replicas.
  primary.Psql("SET synchronous_commit = on; SELECT pg_logical_emit_message(true, '', '')");
  return Await("SELECT pg_last_wal_replay_lsn() >= '" + primary.Psql("SELECT pg_current_wal_flush_lsn()") + "'");
}

void PostgresServer::Promote() const {
  if (Psql("SELECT pg_promote()") != "t") throw Failure("the replica was not promoted", Log());
}

TestDatabase::TestDatabase(const PostgresServer& server, std::string_view of) : server_(server) {
  static std::atomic<int> count = 0;
  name_ = "test_" + std::to_string(++count);
  server_.Psql("CREATE DATABASE " + name_ + " OWNER loadline TEMPLATE " + std::string(of));
}

TestDatabase::~TestDatabase() {
  try {
    server_.Psql("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // The test has ended its server: the database goes with the folder.
  }
}

const PostgresServer& SharedPostgres() {
  static const PostgresServer server;
  return server;
}

}  // namespace loadline::testing
