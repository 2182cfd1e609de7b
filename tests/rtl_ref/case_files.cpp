#include "case_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace rtl_bench {
namespace {

namespace fs = std::filesystem;

std::ofstream open_file(const fs::path& path) {
  std::ofstream file(path);
  file.exceptions(std::ios::failbit | std::ios::badbit);
  return file;
}

/// One word in hexadecimal: element 0 in the lowest bits, two's complement.
std::string word(const Row& elements, int bits) {
  std::string digits;
  const int word_bits = static_cast<int>(elements.size()) * bits;
  for (int low = 0; low < word_bits; low += 4) {
    int digit = 0;
    for (int bit = low; bit < std::min(low + 4, word_bits); ++bit)
      digit |= static_cast<int>(elements[bit / bits] >> (bit % bits) & 1) << (bit - low);
    digits.insert(digits.begin(), "0123456789abcdef"[digit]);
  }
  return digits;
}

/// Elements in words of `width`, the last one filled up with zeros.
void write_words(std::ostream& file, Row elements, int width, int bits) {
  while (elements.size() % static_cast<std::size_t>(width) != 0) elements.push_back(0);
  for (auto at = elements.begin(); at != elements.end(); at += width)
    file << word(Row(at, at + width), bits) << '\n';
}

/// Weights of dot products: operation k uses column k.
void write_columns(const fs::path& path, const Matrix& weights, int lanes, int bits) {
  std::ofstream file = open_file(path);
  for (std::size_t column = 0; column < weights.front().size(); ++column) {
    Row operation;
    std::transform(weights.begin(), weights.end(), std::back_inserter(operation),
                   [column](const Row& row) { return row[column]; });
    write_words(file, operation, lanes, bits);
  }
}

/// Operation k of DIL uses row k.
void write_rows(const fs::path& path, const Matrix& weights, int lanes, int bits) {
  std::ofstream file = open_file(path);
  for (const Row& row : weights) write_words(file, row, lanes, bits);
}

void write_memories(const Layer& layer, const fs::path& folder, const std::string& name) {
  const bool streaming = layer.schedule == Schedule::streaming;
  if (layer.schedule == Schedule::dense) {
    write_columns(folder / (name + "_w.mem"), layer.w, layer.lanes_u, layer.w_bits);
  } else {
    write_columns(folder / (name + "_u.mem"), layer.u, layer.lanes_u, layer.u_bits);
    (streaming ? write_rows : write_columns)(folder / (name + "_v.mem"), layer.v, layer.lanes_v,
                                             layer.v_bits);
  }
  const int lanes = streaming ? layer.lanes_v : 1;
  write_rows(folder / (name + "_bias.mem"), {layer.bias}, lanes, 32);
  if (!layer.scale || !layer.scale->is_per_output()) return;
  Row words;
  for (std::size_t j = 0; j < layer.scale->shifts.size(); ++j) {
    words.push_back(layer.scale->multipliers[j] * 64 + layer.scale->shifts[j]);
  }
  write_rows(folder / (name + "_scale.mem"), {words}, lanes, layer.scale->multiplier_bits + 6);
}

template <typename Parameter>
void write_scale(const Scale& scale, const Parameter& parameter, const std::string& file) {
  parameter("MultiplierBits", scale.multiplier_bits);
  parameter("ZeroPoint", scale.zero_point);
  parameter("Low", scale.lo);
  parameter("High", scale.hi);
  parameter("PerOutput", scale.is_per_output() ? 1 : 0);
  if (scale.is_per_output()) {
    parameter("ScaleFile", file);
  } else {
    parameter("Multiplier", scale.multipliers.front());
    parameter("ActivationShift", scale.shifts.front());
  }
}

/// One instance of a layer, links link_<index - 1> and link_<index>.
void write_layer(std::ostream& file, const Layer& layer, int index, int extra_read_latency) {
  const std::string name = "layer_" + std::to_string(index);
  const auto parameter = [&file](const char* key, const auto& value) {
    file << "      ." << key << "(" << value << "),\n";
  };
  const auto quoted = [&name](const char* suffix) { return '"' + name + suffix + '"'; };

  file << "\n  layer #(\n";
  parameter("Schedule", static_cast<int>(layer.schedule));
  parameter("M", layer.m);
  parameter("N", layer.n);
  parameter("LanesU", layer.lanes_u);
  parameter("Issue", layer.issue);
  parameter("ReadLatency", layer.read_latency + extra_read_latency);
  parameter("MultiplyLatency", layer.multiply_latency);
  parameter("AdderLatency", layer.adder_latency);
  parameter("RequantiseLatency", layer.requantise_latency);
  parameter("VReadLatency", layer.v_read_latency);
  parameter("InBeatWidth", layer.in_beat_width);
  parameter("LinkWidth", layer.output_beat_width());
  parameter("InputBuffers", layer.input_buffers);
  parameter("PsumStorage", layer.psum_storage);
  parameter("HasActivation", layer.scale ? 1 : 0);
  if (layer.scale) write_scale(*layer.scale, parameter, quoted("_scale.mem"));
  if (layer.schedule == Schedule::dense) {
    parameter("WBits", layer.w_bits);
    parameter("WFile", quoted("_w.mem"));
  } else {
    parameter("R", layer.r);
    parameter("LanesV", layer.lanes_v);
    parameter("UBits", layer.u_bits);
    parameter("VBits", layer.v_bits);
    parameter("ZBits", layer.z_bits);
    parameter("ZShift", layer.z_shift);
    parameter("UFile", quoted("_u.mem"));
    parameter("VFile", quoted("_v.mem"));
  }
  file << "      .BiasFile(" << quoted("_bias.mem") << ")\n"
       << "  ) " << name << " (\n"
       << "      .i_clk(i_clk),\n"
       << "      .i_rst_n(i_rst_n),\n"
       << "      .i_valid(w_valid_" << index - 1 << "),\n"
       << "      .o_ready(w_ready_" << index - 1 << "),\n"
       << "      .i_data(w_data_" << index - 1 << "),\n"
       << "      .o_valid(w_valid_" << index << "),\n"
       << "      .i_ready(w_ready_" << index << "),\n"
       << "      .o_data(w_data_" << index << ")\n"
       << "  );\n";
}

int input_link_bits(const Case& drawn) { return drawn.layers.front().in_beat_width * 8; }
int output_link_bits(const Layer& layer) { return layer.output_beat_width() * layer.output_bits(); }

void write_link(std::ostream& file, std::size_t index, int bits) {
  file << "  wire w_valid_" << index << ";\n"
       << "  wire w_ready_" << index << ";\n"
       << "  wire [" << bits - 1 << ":0] w_data_" << index << ";\n";
}

void write_accelerator(const Case& drawn, Sabotage sabotage, const fs::path& path) {
  std::ofstream file = open_file(path);
  const std::size_t layers = drawn.layers.size();
  file << "`default_nettype none\n\n"
       << "module accelerator (\n"
       << "    input wire i_clk,\n"
       << "    input wire i_rst_n,\n"
       << "    input wire i_valid,\n"
       << "    output wire o_ready,\n"
       << "    input wire [" << input_link_bits(drawn) - 1 << ":0] i_data,\n"
       << "    output wire o_valid,\n"
       << "    input wire i_ready,\n"
       << "    output wire [" << output_link_bits(drawn.layers.back()) - 1 << ":0] o_data\n"
       << ");\n";
  write_link(file, 0, input_link_bits(drawn));
  for (std::size_t i = 0; i < layers; ++i)
    write_link(file, i + 1, output_link_bits(drawn.layers[i]));
  file << "\n  assign w_valid_0 = i_valid;\n"
       << "  assign o_ready = w_ready_0;\n"
       << "  assign w_data_0 = i_data;\n"
       << "  assign o_valid = w_valid_" << layers << ";\n"
       << "  assign w_ready_" << layers << " = i_ready;\n"
       << "  assign o_data = w_data_" << layers << ";\n";
  for (std::size_t i = 0; i < layers; ++i)
    write_layer(file, drawn.layers[i], static_cast<int>(i) + 1,
                sabotage == Sabotage::cycles && i + 1 == layers ? 1 : 0);
  file << "endmodule\n";
}

/// What the bench includes: the parameters of the case and a monitor for each layer.
void write_parameters(const Case& drawn, const fs::path& path) {
  std::ofstream file = open_file(path);
  const auto parameter = [&file](const char* key, std::int64_t value) {
    file << "localparam integer " << key << " = " << value << ";\n";
  };
  int cycles = 0;  // far more than the case needs
  for (const Layer& layer : drawn.layers)
    cycles += layer.run_cycles() + 8 * (layer.input_beats() + layer.output_beats()) + 20;
  parameter("Seed", static_cast<std::int64_t>(drawn.seed & 0x7fffffff));
  parameter("Images", static_cast<std::int64_t>(drawn.images.size()));
  parameter("InBits", input_link_bits(drawn));
  parameter("InBeats", drawn.layers.front().input_beats());
  parameter("OutBits", output_link_bits(drawn.layers.back()));
  parameter("OutBeats", drawn.layers.back().output_beats());
  parameter("GapPercent", drawn.gap_percent);
  parameter("StallPercent", drawn.stall_percent);
  parameter("ResetCycle", drawn.reset_cycle);
  parameter("TotalCycles", drawn.total_cycles().value_or(0));
  parameter("MaxCycles", (static_cast<std::int64_t>(drawn.images.size()) + 1) * cycles * 4);
  std::string all_ran = "1'b1";
  for (std::size_t i = 1; i <= drawn.layers.size(); ++i) {
    file << "layer_monitor #(.Layer(" << i << "), .Cycles(" << drawn.layers[i - 1].run_cycles()
         << "), .InputBeats(" << drawn.layers[i - 1].input_beats() << ")) monitor_" << i
         << " (.i_clk(r_clk), .i_rst_n(r_rst_n), .i_load(dut.layer_" << i
         << ".w_load), .i_state(dut.layer_" << i << ".l_scm.r_state));\n";
    all_ran += " && monitor_" + std::to_string(i) + ".r_good_runs == Images";
  }
  file << "wire w_runs_good = " << all_ran << ";\n";
}

/// The last beat of an image carries rubbish beyond the last pixel, which the RTL has to ignore.
void write_stimuli(const Case& drawn, const fs::path& path) {
  std::ofstream file = open_file(path);
  Random random(drawn.seed);
  const Layer& first = drawn.layers.front();
  for (Row image : drawn.images) {
    while (image.size() % static_cast<std::size_t>(first.in_beat_width) != 0)
      image.push_back(static_cast<std::int64_t>(random() % 256));
    write_words(file, image, first.in_beat_width, 8);
  }
}

}  // namespace

void write_case(const Case& drawn, Sabotage sabotage, const fs::path& folder) {
  fs::create_directories(folder);
  const Layer& last = drawn.layers.back();
  write_accelerator(drawn, sabotage, folder / "accelerator.v");
  write_parameters(drawn, folder / "case.vh");
  write_stimuli(drawn, folder / "stimuli.mem");
  write_rows(folder / "expected.mem", drawn.outputs, last.output_beat_width(), last.output_bits());
  for (std::size_t i = 0; i < drawn.layers.size(); ++i) {
    Layer layer = drawn.layers[i];
    if (sabotage == Sabotage::values && i + 1 == drawn.layers.size()) layer.bias.front() += 1;
    write_memories(layer, folder, "layer_" + std::to_string(i + 1));
  }
}

}  // namespace rtl_bench
