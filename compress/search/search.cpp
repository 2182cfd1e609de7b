#include "compress/search/search.h"

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "compress/methods/factor_learning.h"
#include "compress/methods/pruning.h"
#include "compress/search/integer_evaluator.h"
#include "compress/training/progress.h"
#include "support/error.h"
#include "support/interrupt.h"

namespace cfc::compress {
namespace {

using golden::Index;

constexpr std::uint64_t kNoSeed = 0;  // L1 pruning draws nothing

golden::DenseWeights& weights_of(golden::Network& network, int layer) {
  return std::get<golden::DenseWeights>(
      network.layers.at(static_cast<std::size_t>(layer) - 1).weights);
}

golden::Network pruned(const golden::Network& base, double ratio) {
  return prune(base, Pruning::unstructured_l1, ratio, kNoSeed);
}

/// Whether the learned weights of the layer do as well as those of LRA, of accuracy `before`.
bool helps(const IntegerEvaluator& judge, int layer, const golden::MatrixS32& learned,
           double before) {
  return judge.accuracy_with(layer, learned) >= before;
}

using BaseNetworks = std::map<std::pair<int, double>, golden::Network>;

BaseNetworks base_networks(const Grid& grid, TrainedNetworks& networks) {
  BaseNetworks bases;
  for (const int location : grid.locations)
    for (const double probability : grid.probabilities)
      bases.emplace(std::pair(location, probability), networks.with({{location}, probability}));
  return bases;
}

/// Hands a list of jobs to threads, one by one; the first exception ends them all.
class Workers {
 public:
  template <typename Job>
  void run(int threads, std::size_t jobs, const Job& job) {
    std::vector<std::thread> running;
    running.reserve(static_cast<std::size_t>(threads));
    try {
      for (int i = 0; i < threads; ++i)
        running.emplace_back([&] {
          at::set_num_threads(1);
          work(jobs, job);
        });
    } catch (...) {
      fail(jobs);  // no more threads to be had: those that run must still be joined
    }
    for (std::thread& thread : running) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  template <typename Job>
  void work(std::size_t jobs, const Job& job) {
    try {
      for (std::size_t i = next_++; i < jobs; i = next_++) job(i);
    } catch (...) {
      fail(jobs);
    }
  }

  /// Keeps the first exception, and leaves no job to anybody.
  void fail(std::size_t jobs) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    next_ = jobs;
  }

  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

Learning parse_learning(std::string_view name) {
  if (name == "descent") return Learning::descent;
  if (name == "gradient") return Learning::gradient;
  throw InputError(fmt::format("learning \"{}\": choose descent or gradient", name));
}

const char* name_of(Learning learning) {
  return learning == Learning::descent ? "descent" : "gradient";
}

IntegerFactors learn(Learning learning, const golden::MatrixS8& w, const IntegerFactors& start) {
  return learning == Learning::descent ? learn_by_descent(w, start)
                                       : learn_by_gradient(w, start, GradientSteps{});
}

std::vector<Point> explore_unit(const Unit& unit, const golden::Network& base, const Images& images,
                                const std::vector<Index>& ranks, Learning learning) {
  golden::Network network = pruned(base, unit.ratio);
  const golden::MatrixS8& w = weights_of(network, unit.layer).w;
  const SingularValues decomposition(w);
  const IntegerEvaluator judge(network, images.training);
  const IntegerEvaluator evaluator(network, images.validation);
  const double before = evaluator.accuracy();
  const IntegerFactors all = decomposition.factors(ranks.back());
  const std::vector<double> judged = judge.accuracies_of_prefixes(unit.layer, all.u, all.v);
  const std::vector<double> lra = evaluator.accuracies_of_prefixes(unit.layer, all.u, all.v);

  std::vector<Point> points;
  for (const Index rank : ranks) {
    const auto index = static_cast<std::size_t>(rank) - 1;
    const golden::MatrixS32 learned = product(learn(learning, w, decomposition.factors(rank)));
    points.push_back({unit, rank, before, lra[index],
                      helps(judge, unit.layer, learned, judged[index])
                          ? evaluator.accuracy_with(unit.layer, learned)
                          : lra[index]});
  }
  return points;
}

golden::Network build(const Unit& unit, Index rank, const golden::Network& base,
                      const golden::Dataset& training, Learning learning) {
  golden::Network network = pruned(base, unit.ratio);
  const golden::MatrixS8 w = weights_of(network, unit.layer).w;
  const IntegerFactors start = SingularValues(w).factors(rank);
  const IntegerFactors learned = learn(learning, w, start);
  const IntegerEvaluator judge(network, training);
  const double before = judge.accuracy_with(unit.layer, product(start));
  golden::Layer& layer = network.layers.at(static_cast<std::size_t>(unit.layer) - 1);
  layer = with_factors(layer, helps(judge, unit.layer, product(learned), before) ? learned : start);
  golden::validate(network);
  return network;
}

void train_bases(const Grid& grid, TrainedNetworks& networks) { base_networks(grid, networks); }

void run_search(const Grid& grid, TrainedNetworks& networks, ResultStore& store, Learning learning,
                int jobs, const std::function<void(std::size_t, std::size_t)>& done) {
  const BaseNetworks bases = base_networks(grid, networks);
  const Images images{networks.training_sample(), networks.validation()};
  const std::vector<Shape> shapes = shapes_of(bases.begin()->second);
  check(grid, shapes);
  std::vector<Unit> units;
  for (const Unit& unit : units_of(grid))
    if (!store.has(unit)) units.push_back(unit);

  std::mutex mutex;
  std::size_t finished = 0;
  Workers().run(jobs, units.size(), [&](std::size_t i) {
    throw_if_interrupted("the same command goes on with what is missing");
    const Unit& unit = units[i];
    const Shape& shape = shapes[static_cast<std::size_t>(unit.layer) - 1];
    const std::vector<Point> points =
        explore_unit(unit, bases.at({unit.location, unit.probability}), images,
                     ranks_of(grid.compressions, shape), learning);
    const std::lock_guard lock(mutex);
    store.add(points);
    done(++finished, units.size());
  });
}

}  // namespace cfc::compress
