#include "compress/network/data_source.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "compress/network/conversion.h"
#include "exchange/data/network_data.h"
#include "exchange/data/number_file.h"
#include "golden/split.h"
#include "support/error.h"
#include "support/keyed_file.h"

namespace cfc::compress {
namespace {

using exchange::Metadata;
using exchange::Numbers;
using exchange::NumberTable;
using exchange::read_numbers;
using golden::Dataset;
using golden::Index;

constexpr Index kMostClasses = 65536;  // as many as a layer has outputs

/// What is known of a network before its data are read.
struct Ends {
  Index inputs;
  Index classes;                 ///< at most
  std::optional<Index> targets;  ///< of a vector; not set: as many as there are
  Metadata input_format;
};

Ends ends_of(const golden::Network& network) {
  return {network.inputs(), network.outputs(), network.outputs(),
          exchange::input_format_of(network)};
}

/// The vectors that are trained on; the others are held out. Throws InputError.
Index training_count(const DataSource& source, const NumberTable& inputs) {
  const Index count = inputs.count();
  if (source.validation.is_named()) return count;
  const Index begin = golden::validation_begin(count);
  if (begin < count) return begin;
  throw InputError(
      fmt::format("{}: {} vectors are too few to keep 15 % for validation; give more, or "
                  "--validation-inputs",
                  inputs.origin, count));
}

/// Targets are learned in single precision, and the errors squared.
void check_magnitude(const NumberTable& table) {
  constexpr double kMost = 1e15;
  constexpr double kLeast = 1e-15;
  double largest = 0;
  for (const double value : table.values) largest = std::max(largest, std::abs(value));
  if (largest == 0 || (largest >= kLeast && largest <= kMost)) return;
  throw InputError(fmt::format("{}: the largest target is {:g}; bring the targets to {:g} to {:g}",
                               table.origin, largest, kLeast, kMost));
}

/// Targets of one number each may stand in a row of their own.
NumberTable read_targets(const std::string& file, Index vectors) {
  NumberTable table = read_numbers(file);
  exchange::check_finite(table);
  if (table.shape.size() == 1 && table.shape.front() == vectors) table.shape = {vectors, 1};
  if (table.count() != vectors)
    throw InputError(fmt::format("{}: has targets of {} vectors for {} input vectors", table.origin,
                                 table.count(), vectors));
  check_magnitude(table);
  return table;
}

Examples read_examples(const VectorFiles& files, const NumberTable& inputs, const Ends& ends) {
  Examples examples;
  Dataset& data = examples.bytes;
  data.images = exchange::network_inputs(inputs, ends.inputs, ends.input_format);
  if (files.targets.empty()) {
    data.labels = exchange::class_labels(read_numbers(files.labels), data.size(), ends.classes);
  } else {
    const NumberTable table = read_targets(files.targets, data.size());
    examples.targets = table.vectors(ends.targets.value_or(table.width()));
  }
  return examples;
}

Examples rows(const Examples& all, Index first, Index count) {
  Examples some;
  some.bytes = {all.bytes.images.middleRows(first, count), all.bytes.labels_of(first, count)};
  if (all.have_targets()) some.targets = all.targets.middleRows(first, count);
  return some;
}

Splits read_splits(const DataSource& source, const NumberTable& inputs, Ends ends) {
  const Index count = training_count(source, inputs);
  Examples all = read_examples(source.vectors, inputs, ends);
  if (!source.validation.is_named())
    return {rows(all, 0, count), rows(all, count, inputs.count() - count), {}};
  if (all.have_targets()) ends.targets = all.targets.cols();
  const NumberTable held_out = read_numbers(source.validation.inputs);
  return {std::move(all), read_examples(source.validation, held_out, ends), {}};
}

std::set<int> classes_in(const Examples& examples) {
  return {examples.bytes.labels.begin(), examples.bytes.labels.end()};
}

/// Of which there must be two, and each in the training vectors. Throws InputError.
std::int64_t count_classes(const std::string& labels, const Splits& splits) {
  const std::set<int> trained = classes_in(splits.training);
  std::set<int> all = classes_in(splits.validation);
  all.insert(trained.begin(), trained.end());
  const int classes = *all.rbegin() + 1;
  if (classes < 2)
    throw InputError(fmt::format("{}: holds class 0 only; give two classes or more", labels));
  for (int each = 0; each < classes; ++each) {
    if (trained.count(each) != 0) continue;
    throw InputError(
        fmt::format("{}: the largest class is {}, but no vector that is trained on is of class {}; "
                    "number the classes from 0 without a gap, and shuffle the rows (the last 15 % "
                    "are held out)",
                    labels, classes - 1, each));
  }
  return classes;
}

/// The power of two that brings targets to -1 to 1.
double unit_for(const Numbers& targets) {
  const double largest = targets.cwiseAbs().maxCoeff();
  return largest > 0 ? std::exp2(std::ceil(std::log2(largest))) : 1;
}

/// Throws InputError unless it is known what the network is to make of the vectors.
void check(const DataSource& source) {
  const VectorFiles& held_out = source.validation;
  const auto has_one = [](const VectorFiles& files) {
    return files.labels.empty() != files.targets.empty();
  };
  if (!has_one(source.vectors))
    throw InputError(
        fmt::format("--inputs {}: give the classes of the vectors, --labels, or "
                    "numbers to come near, --targets",
                    source.vectors.inputs));
  if (held_out.is_named() &&
      (!has_one(held_out) || held_out.labels.empty() != source.vectors.labels.empty()))
    throw InputError(
        fmt::format("--validation-inputs {}: give their classes, --validation-labels, "
                    "or targets, --validation-targets, as of --inputs",
                    held_out.inputs));
}

}  // namespace

Data load_data(const DataSource& source, int classes) {
  if (source.is_folder()) return load_data(source.folder, classes);
  check(source);
  const NumberTable inputs = read_numbers(source.vectors.inputs);
  const Metadata format = exchange::input_format(inputs, training_count(source, inputs));
  const Splits splits = read_splits(source, inputs, {inputs.width(), kMostClasses, {}, format});
  const Numbers& targets = splits.training.targets;
  const bool have_targets = splits.training.have_targets();
  Data data = to_data(splits, have_targets ? unit_for(targets) : 1);
  data.outputs = have_targets ? targets.cols() : count_classes(source.vectors.labels, splits);
  data.input_format = format;
  return data;
}

Data load_data(const DataSource& source, const NamedNetwork& base) {
  const golden::Network& network = base.network;
  Data data;
  if (source.is_folder()) {
    data = load_data(source.folder, static_cast<int>(network.outputs()));
    check_shape(data.validation_bytes, network.inputs(), base.file, source.folder);
  } else {
    check(source);
    data = to_data(read_splits(source, read_numbers(source.vectors.inputs), ends_of(network)),
                   source.vectors.targets.empty() ? 1 : output_unit(network));
    data.outputs = network.outputs();
  }
  data.input_format = exchange::input_format_of(network);
  return data;
}

Examples load_examples(const DataSource& source, golden::Split split, const NamedNetwork& network) {
  const Ends ends = ends_of(network.network);
  if (!source.is_folder()) {
    check(source);
    return read_examples(source.vectors, read_numbers(source.vectors.inputs), ends);
  }
  Examples examples{load_split(source.folder, split, static_cast<int>(ends.classes)), {}};
  check_shape(examples.bytes, ends.inputs, network.file, source.folder);
  return examples;
}

std::string options_of(const DataSource& source) {
  const auto without_folder = [](const std::string& name) {
    const auto [file, key] = parse_keyed_file(name);
    return file.filename().string() + (key.empty() ? "" : ":" + key);
  };
  std::string text;
  for (const auto& [option, file] : {std::pair{"inputs", source.vectors.inputs},
                                     {"labels", source.vectors.labels},
                                     {"targets", source.vectors.targets},
                                     {"validation-inputs", source.validation.inputs},
                                     {"validation-labels", source.validation.labels},
                                     {"validation-targets", source.validation.targets}}) {
    if (!file.empty()) text += fmt::format(" --{} {}", option, without_folder(file));
  }
  return text;
}

}  // namespace cfc::compress
