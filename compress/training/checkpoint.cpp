#include "compress/training/checkpoint.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include "support/digest.h"
#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::compress {
namespace {

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

constexpr const char* kMagic = "cfcsim checkpoint 1";

OutputArchive to_archive(const StageState& state) {
  OutputArchive archive;
  archive.write("finished", c10::IValue(state.finished));
  archive.write("accuracies", c10::IValue(state.accuracies));
  archive.write("parameters", c10::IValue(state.parameters));
  archive.write("optimiser", c10::IValue(state.optimiser));
  archive.write("generator", c10::IValue(state.generator));
  return archive;
}

c10::IValue read_value(InputArchive& archive, const std::string& key) {
  c10::IValue value;
  archive.read(key, value);
  return value;
}

StageState to_state(InputArchive& archive) {
  StageState state;
  state.finished = read_value(archive, "finished").toBool();
  state.accuracies = read_value(archive, "accuracies").toDoubleVector();
  state.parameters = read_value(archive, "parameters").toTensorVector();
  state.optimiser = read_value(archive, "optimiser").toStringRef();
  state.generator = read_value(archive, "generator").toTensor();
  return state;
}

std::string to_text(const std::map<std::string, StageState>& stages) {
  OutputArchive archive;
  for (const auto& [name, state] : stages) {
    OutputArchive stage = to_archive(state);
    archive.write(name, stage);
  }
  std::ostringstream text;
  archive.save_to(text);
  return text.str();
}

std::map<std::string, StageState> to_stages(const std::string& text) {
  std::istringstream stream(text);
  InputArchive archive;
  archive.load_from(stream);
  std::map<std::string, StageState> stages;
  for (const std::string& name : archive.keys()) {
    InputArchive stage;
    archive.read(name, stage);
    stages.emplace(name, to_state(stage));
  }
  return stages;
}

}  // namespace

Checkpoint::Checkpoint(std::filesystem::path file, std::string purpose)
    : file_(std::move(file)), purpose_(std::move(purpose)) {
  if (std::filesystem::exists(file_)) read();
}

void Checkpoint::read() {
  std::ifstream stream(file_, std::ios::binary);
  std::string magic;
  std::string purpose;
  std::string digest;
  std::getline(stream, magic);
  std::getline(stream, purpose);
  std::getline(stream, digest);
  const std::string payload{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || magic != kMagic || digest != sha256_of_text(payload))
    throw InputError(fmt::format("{} is no whole checkpoint: delete it to train from the start",
                                 file_.string()));
  if (purpose != purpose_)
    throw InputError(
        fmt::format("{} is the checkpoint of another training ({}): repeat that one's "
                    "options on the same data, or delete the file",
                    file_.string(), purpose));
  stages_ = to_stages(payload);
}

const StageState* Checkpoint::find(const std::string& stage) const {
  const auto found = stages_.find(stage);
  return found == stages_.end() ? nullptr : &found->second;
}

void Checkpoint::keep(const std::string& stage, const StageState& state) {
  stages_[stage] = state;
  const std::string payload = to_text(stages_);
  write_whole_file(
      file_, fmt::format("{}\n{}\n{}\n", kMagic, purpose_, sha256_of_text(payload)) + payload);
}

void Checkpoint::remove() {
  std::error_code ignored;  // it may not be there
  std::filesystem::remove(file_, ignored);
}

}  // namespace cfc::compress
