#include "exchange/runtime/onnx_runtime.h"

#include <cstdlib>
#include <cstring>
#include <set>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "support/error.h"
#include "support/project_folder.h"
#include "support/temporary_folder.h"
#include "support/tool.h"
#include "support/whole_file.h"

namespace cfc::exchange {
namespace {

namespace fs = std::filesystem;

/// Operators behind the last layer that the importer leaves out: they keep the order of classes.
const std::set<std::string> kBehindTheEnd{"ArgMax",     "Cast",    "Identity",
                                          "LogSoftmax", "Sigmoid", "Softmax"};

const onnx::NodeProto* maker_of(const onnx::GraphProto& graph, const std::string& tensor) {
  for (const onnx::NodeProto& node : graph.node()) {
    for (const std::string& output : node.output()) {
      if (output == tensor) return &node;
    }
  }
  return nullptr;
}

/// What the model makes before that end.
std::string last_sum(const onnx::GraphProto& graph) {
  std::string tensor = graph.output(0).name();
  for (int i = 0; i < graph.node_size(); ++i) {  // no way is longer, even in a circle
    const onnx::NodeProto* maker = maker_of(graph, tensor);
    if (!maker || kBehindTheEnd.count(maker->op_type()) == 0 || maker->input_size() == 0) break;
    tensor = maker->input(0);
  }
  return tensor;
}

/// Puts the files in which the model's folder holds weights beside the shortened model.
void copy_external_data(const onnx::GraphProto& graph, const fs::path& from, const fs::path& to) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
      if (entry.key() != "location") continue;
      const fs::path place = fs::path(entry.value()).lexically_normal();
      if (place.is_absolute() || place.empty() || *place.begin() == "..") {
        throw InputError(fmt::format("{}: lies outside of the model's folder", place.string()));
      }
      make_folder((to / place).parent_path());
      std::error_code failed;
      fs::copy_file(from / place, to / place, fs::copy_options::skip_existing, failed);
      if (failed) throw InputError(fmt::format("{}: {}", place.string(), failed.message()));
    }
  }
}

/// The model to run: the file, or in `folder` one that ends before that.
fs::path without_end(const fs::path& file, const fs::path& folder) {
  onnx::ModelProto model;
  const std::string bytes = read_whole_file(file, "give an ONNX model");
  if (!model.ParseFromString(bytes) || model.graph().output_size() == 0) {
    throw InputError(fmt::format("{}: is no ONNX model", file.string()));
  }
  const std::string tensor = last_sum(model.graph());
  if (tensor == model.graph().output(0).name()) return file;
  model.mutable_graph()->clear_output();
  model.mutable_graph()->add_output()->set_name(tensor);
  copy_external_data(model.graph(), file.parent_path(), folder);
  fs::path shortened = folder / "model.onnx";
  write_whole_file(shortened, model.SerializeAsString());
  return shortened;
}

std::string bytes_of(const Numbers& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()),
          static_cast<std::size_t>(numbers.size()) * sizeof(double)};
}

}  // namespace

std::optional<OnnxRuntime> OnnxRuntime::find() {
  const char* given = std::getenv("CFCSIM_ONNXRUNTIME");
  const fs::path folder =
      given && *given != '\0' ? fs::path(given) : project_folder("build/onnxruntime");
  if (!fs::exists(folder / "node_modules" / "onnxruntime-node")) return {};
  return OnnxRuntime(folder);
}

NumberTable OnnxRuntime::run(const fs::path& model, const Numbers& inputs) const {
  const TemporaryFolder workshop;
  const fs::path inputs_file = workshop / "inputs";
  const fs::path outputs_file = workshop / "outputs";
  write_whole_file(inputs_file, bytes_of(inputs));
  run_tool({"node", project_folder("exchange/runtime") / "run_model.js", folder_,
            fs::absolute(without_end(model, workshop.path())), inputs_file,
            std::to_string(inputs.rows()), std::to_string(inputs.cols()), outputs_file},
           workshop / "log");
  const std::string bytes = read_whole_file(outputs_file, "ONNX Runtime should have written it");
  NumberTable outputs{"ONNX Runtime", NumberKind::real, {}, {}};
  outputs.values.resize(bytes.size() / sizeof(double));
  std::memcpy(outputs.values.data(), bytes.data(), outputs.values.size() * sizeof(double));
  outputs.shape = {inputs.rows(), static_cast<Eigen::Index>(outputs.values.size()) / inputs.rows()};
  return outputs;
}

}  // namespace cfc::exchange
