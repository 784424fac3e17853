#include "services/planner/evidence/model_loads.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "libs/rpc/log.h"

namespace loadline::planner {
namespace {

constexpr std::chrono::milliseconds kCancellationCheck{20};

std::size_t Milliseconds(base::Instant from, base::Instant to) {
  return static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count());
}

base::Error ShuttingDown() {
  return base::Unavailable("STORE_UNREACHABLE", "The planner is shutting down.", std::chrono::seconds(1));
}

ModelLoads::Flight Landed(ModelLoads::Outcome outcome) {
  std::promise<ModelLoads::Outcome> promise;
  promise.set_value(std::move(outcome));
  return promise.get_future().share();
}

}  // namespace

ModelLoads::ModelLoads(EvidenceStore& store, const base::Clock& clock, HeapTrim& trim, Options options, Lookup lookup,
                       OnLoaded on_loaded)
    : store_(store),
      clock_(clock),
      trim_(trim),
      options_(options),
      lookup_(std::move(lookup)),
      on_loaded_(std::move(on_loaded)) {
  for (int i = 0; i < options_.parallel; ++i) workers_.emplace_back([this] { Work(); });
}

ModelLoads::~ModelLoads() { Stop(); }

ModelLoads::Flight ModelLoads::Start(const ModelKey& key) {
  const std::lock_guard lock(mutex_);
  if (const auto flight = flights_.find(key); flight != flights_.end()) return flight->second;
  // A load leaves `flights_` only after `on_loaded_`, so one of the two has it.
  if (auto loaded = lookup_(key)) return Landed(std::move(loaded));
  if (stopping_) return Landed(base::Fail(ShuttingDown()));
  auto load = std::make_shared<Load>();
  load->key = key;
  load->trace = rpc::CurrentTrace();
  queue_.push_back(load);
  changed_.notify_one();
  return flights_.emplace(key, load->promise.get_future().share()).first->second;
}

void ModelLoads::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& load : std::exchange(queue_, {})) load->promise.set_value(base::Fail(ShuttingDown()));
  }
  changed_.notify_all();
  for (auto& worker : std::exchange(workers_, {})) worker.join();
}

void ModelLoads::Work() {
  while (const auto load = Next()) Run(*load);
}

std::shared_ptr<ModelLoads::Load> ModelLoads::Next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  if (stopping_) return nullptr;
  auto load = std::move(queue_.front());
  queue_.pop_front();
  return load;
}

void ModelLoads::Run(Load& load) {
  const rpc::TraceScope scope(load.trace);
  auto outcome = ReadAndTell(load.key);
  trim_.Freed(outcome ? (*outcome)->evidence.benchmark_count : 0);
  {
    const std::lock_guard lock(mutex_);
    flights_.erase(load.key);
  }
  load.promise.set_value(std::move(outcome));
  trim_.TrimIfDue();
}

// An exception (no memory, most likely) fails the load: out of a worker it would
// end the planner, and leave those who wait without an answer.
ModelLoads::Outcome ModelLoads::ReadAndTell(const ModelKey& key) {
  try {
    auto outcome = Read(key);
    if (outcome) on_loaded_(key, *outcome);
    return outcome;
  } catch (const std::exception& exception) {
    return base::Fail(base::Internal(exception.what()));
  }
}

ModelLoads::Outcome ModelLoads::Read(const ModelKey& key) {
  const auto started = clock_.Now();
  auto benchmarks = store_.ReadModel(key.model, key.revision, clock_.Now() + options_.timeout);
  if (!benchmarks) return base::Fail(std::move(benchmarks).error());
  auto loaded = std::make_shared<LoadedModel>();
  loaded->evidence = planning::BuildModelEvidence(key.model, *benchmarks);
  rpc::Log(rpc::LogLevel::kInfo, "model_loaded",
           {{"model", key.model},
            {"revision", std::to_string(key.revision)},
            {"benchmarks", std::to_string(loaded->evidence.benchmark_count)},
            {"bytes", std::to_string(loaded->evidence.bytes)},
            {"ms", std::to_string(Milliseconds(started, clock_.Now()))}});
  return loaded;
}

ModelLoads::Outcome Await(const ModelLoads::Flight& flight, const CallScope& scope) {
  while (true) {
    const auto now = std::chrono::steady_clock::now();
    const auto left = scope.deadline - now;
    const auto wait = std::min<std::chrono::steady_clock::duration>(left, kCancellationCheck);
    if (flight.wait_for(std::max(wait, wait.zero())) == std::future_status::ready) return flight.get();
    LOADLINE_RETURN_IF_ERROR(CheckTime(scope));
  }
}

}  // namespace loadline::planner
