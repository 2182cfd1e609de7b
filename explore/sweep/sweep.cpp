#include "explore/sweep/sweep.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "support/error.h"

namespace cfc::explore {
namespace {

constexpr std::chrono::milliseconds kCommitPeriod{100};
constexpr std::uint64_t kChunk = 64;
/// Evaluated points that may wait for the writer; workers wait when there are more.
constexpr std::size_t kMaxWaiting = 20'000;

/// What a worker hands to the writer.
struct Batch {
  std::vector<EvaluatedPoint> points;
  std::vector<std::string> digests;  ///< of all points looked at
};

/// Which points are known, or being computed.
class KnownPoints {
 public:
  explicit KnownPoints(std::unordered_set<std::string> digests) : digests_(std::move(digests)) {}

  /// True for the first who asks for a digest that is not known.
  bool claim(const std::string& digest) {
    const std::lock_guard lock(mutex_);
    return digests_.insert(digest).second;
  }

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> digests_;
};

/// Batches on their way from the workers to the writer.
class Mailbox {
 public:
  explicit Mailbox(int workers) : workers_(workers) {}

  /// False: the writer wants no more.
  bool put(Batch batch) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || waiting_.points.size() < kMaxWaiting; });
    if (closed_) return false;
    std::move(batch.points.begin(), batch.points.end(), std::back_inserter(waiting_.points));
    std::move(batch.digests.begin(), batch.digests.end(), std::back_inserter(waiting_.digests));
    return true;
  }

  /// A worker has ended, maybe by an exception.
  void leave(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    --workers_;
    if (failure && !failure_) failure_ = std::move(failure);
    ended_.notify_all();
  }

  /// All that has come within a commit period, or earlier if no more will. `all_ended` is then set.
  Batch take(bool& all_ended) {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, kCommitPeriod, [&] { return workers_ == 0; });
    all_ended = workers_ == 0;
    room_.notify_all();
    return std::exchange(waiting_, {});
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
  }

  std::exception_ptr failure() const { return failure_; }

 private:
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable ended_;
  Batch waiting_;
  int workers_;
  bool closed_{false};
  std::exception_ptr failure_;
};

EvaluatedPoint evaluate(const NetworkFacts& network, Design design, const SweepSetting& setting) {
  EvaluatedPoint point{&network, std::move(design), {}};
  if (!point.design.configuration) return point;
  const Configuration& configuration = *point.design.configuration;
  try {
    point.figures = predict_figures(configuration, network.workload, setting);
  } catch (const InputError& error) {
    point.design.failure = error.what();
  }
  return point;
}

/// The points of a plan, handed out in chunks to threads that evaluate them.
class Workshop {
 public:
  Workshop(const SweepPlan& plan, KnownPoints& known, Mailbox& mailbox)
      : plan_(plan), known_(known), mailbox_(mailbox) {}

  void work() {
    std::exception_ptr failure;
    try {
      work_until_done();
    } catch (...) {
      failure = std::current_exception();
    }
    mailbox_.leave(failure);
  }

 private:
  void work_until_done() {
    std::vector<DesignSpace> spaces;
    for (const NetworkFacts& network : plan_.networks) {
      spaces.emplace_back(network, plan_.grid, plan_.base, plan_.setting);
    }
    const std::uint64_t points = plan_.points();
    for (;;) {
      const std::uint64_t begin = next_.fetch_add(kChunk);
      if (begin >= points) return;
      if (!mailbox_.put(chunk(spaces, begin, std::min(begin + kChunk, points)))) return;
    }
  }

  Batch chunk(std::vector<DesignSpace>& spaces, std::uint64_t begin, std::uint64_t end) {
    Batch batch;
    const std::uint64_t points_of_network = plan_.grid.points();
    for (std::uint64_t i = begin; i < end; ++i) {
      const std::uint64_t number = plan_.shard.index - 1 + i * plan_.shard.count;
      const std::uint64_t network = number / points_of_network;
      Design design = spaces[network].design_at(number % points_of_network);
      batch.digests.push_back(design.digest);
      if (!known_.claim(design.digest)) continue;
      batch.points.push_back(evaluate(plan_.networks[network], std::move(design), plan_.setting));
    }
    return batch;
  }

  const SweepPlan& plan_;
  KnownPoints& known_;
  Mailbox& mailbox_;
  std::atomic<std::uint64_t> next_{0};
};

/// Joins its threads however its scope is left.
class Threads {
 public:
  Threads(Workshop& workshop, Mailbox& mailbox, int count) : mailbox_(mailbox) {
    try {
      for (int i = 0; i < count; ++i) threads_.emplace_back([&] { workshop.work(); });
    } catch (...) {  // no more threads to be had: those that run must still be joined
      join();
      throw;
    }
  }
  ~Threads() { join(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  void join() {
    mailbox_.close();
    for (std::thread& thread : threads_) thread.join();
  }

  Mailbox& mailbox_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::uint64_t SweepPlan::points() const {
  const std::uint64_t all = grid.points() * networks.size();
  return (all + shard.count - shard.index) / shard.count;
}

SweepSummary run_sweep(const SweepPlan& plan, SweepStore& store, int jobs,
                       const SweepHooks& hooks) {
  for (const NetworkFacts& network : plan.networks) store.add_network(network);
  KnownPoints known(store.digests());
  Mailbox mailbox(jobs);
  Workshop workshop(plan, known, mailbox);
  SweepSummary summary;
  {
    const Threads threads(workshop, mailbox, jobs);
    for (bool all_ended = false; !all_ended;) {
      Batch batch = mailbox.take(all_ended);
      if (!batch.points.empty()) store.add(batch.points, plan.setting);
      summary.computed += batch.points.size();
      std::move(batch.digests.begin(), batch.digests.end(), std::back_inserter(summary.digests));
      hooks.show_progress(summary.digests.size());
      if (hooks.stop()) mailbox.close();
    }
  }
  if (mailbox.failure()) std::rethrow_exception(mailbox.failure());
  summary.known = summary.digests.size() - summary.computed;
  summary.interrupted = summary.digests.size() < plan.points();
  return summary;
}

}  // namespace cfc::explore
