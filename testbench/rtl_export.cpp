#include "testbench/rtl_export.h"

#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "golden/error.h"

namespace cfc {
namespace {

using golden::DenseWeights;
using golden::FactorisedWeights;
using golden::Index;
using golden::Layer;

constexpr int kMaxWordBits = 65536;  // the widest vector that Verilator takes as it comes

/// A word of lanes, lane 0 lowest, as hexadecimal digits.
std::string hex_word(const std::vector<std::int64_t>& lanes, int bits) {
  std::vector<bool> word(lanes.size() * static_cast<std::size_t>(bits));
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    for (int bit = 0; bit < bits; ++bit) {
      word[lane * static_cast<std::size_t>(bits) + static_cast<std::size_t>(bit)] =
          (lanes[lane] >> bit & 1) != 0;
    }
  }
  word.resize((word.size() + 3) / 4 * 4);
  std::string text;
  for (std::size_t digit = word.size() / 4; digit-- > 0;) {
    int value = 0;
    for (std::size_t bit = 4; bit-- > 0;) value = 2 * value + (word[4 * digit + bit] ? 1 : 0);
    text += "0123456789abcdef"[value];
  }
  return text;
}

/// `vectors` vectors of `depth` elements, each cut into tiles of `lanes`.
std::string hex_memory(int vectors, int depth, int lanes, int bits,
                       const std::function<std::int64_t(int vector, int element)>& element) {
  std::string text;
  for (int vector = 0; vector < vectors; ++vector) {
    for (int first = 0; first < depth; first += lanes) {
      std::vector<std::int64_t> word(static_cast<std::size_t>(lanes), 0);
      for (int lane = 0; lane < std::min(lanes, depth - first); ++lane) {
        word[static_cast<std::size_t>(lane)] = element(vector, first + lane);
      }
      text += hex_word(word, bits) + '\n';
    }
  }
  return text;
}

/// The columns of a matrix, one after the other.
std::string hex_columns(const golden::MatrixS8& matrix, int lanes, int bits) {
  return hex_memory(static_cast<int>(matrix.cols()), static_cast<int>(matrix.rows()), lanes, bits,
                    [&](int column, int row) { return matrix(row, column); });
}

std::string hex_rows(const golden::MatrixS8& matrix, int lanes, int bits) {
  return hex_memory(static_cast<int>(matrix.rows()), static_cast<int>(matrix.cols()), lanes, bits,
                    [&](int row, int column) { return matrix(row, column); });
}

std::string file_name(const char* memory, std::size_t number) {
  return fmt::format("{}_{}.hex", memory, number);
}

/// The parameter list of a module instance.
class Parameters {
 public:
  void add(const char* name, int value) { add_text(name, std::to_string(value)); }
  void add(const char* name, const std::string& file) { add_text(name, '"' + file + '"'); }
  const std::string& text() const { return text_; }

 private:
  void add_text(const char* name, const std::string& value) {
    text_ += fmt::format("{}\n      .{}({})", text_.empty() ? "" : ",", name, value);
  }
  std::string text_;
};

void check_width(std::size_t number, const char* key, int lanes, int bits) {
  if (lanes > kMaxWordBits / bits) {
    throw InputError(fmt::format(
        "layers.{}.{}: {} lanes of {} bits make a word of more than {} bits, which the RTL cannot "
        "hold; give fewer",
        number, key, lanes, bits, kMaxWordBits));
  }
}

Parameters layer_parameters(const Layer& layer, const LayerConfiguration& configuration,
                            std::size_t number, int input_beat_width) {
  Parameters parameters;
  parameters.add("M", configuration.shape.m);
  parameters.add("N", configuration.shape.n);
  parameters.add("LanesU", configuration.lanes_u);
  parameters.add("Issue", configuration.issue == Issue::stepped ? 1 : 0);
  parameters.add("ReadLatency", configuration.read_latency);
  parameters.add("MultiplyLatency", configuration.multiply_latency);
  parameters.add("AdderLatency", configuration.adder_latency);
  parameters.add("InBeatWidth", input_beat_width);
  parameters.add("InputBuffers", configuration.input_buffers);
  parameters.add("HasActivation", layer.activation_shift ? 1 : 0);
  parameters.add("ActivationShift", layer.activation_shift.value_or(0));
  parameters.add("BiasFile", file_name("bias", number));
  if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
    check_width(number, "lanes_v", configuration.lanes_v, 32);
    parameters.add("R", *configuration.shape.r);
    parameters.add("LanesV", configuration.lanes_v);
    parameters.add("UBits", factors->u_bits);
    parameters.add("VBits", factors->v_bits);
    parameters.add("ZBits", factors->z_bits);
    parameters.add("ZShift", factors->z_shift);
    parameters.add("UFile", file_name("u", number));
    parameters.add("VFile", file_name("v", number));
  } else {
    parameters.add("WBits", std::get<DenseWeights>(layer.weights).w_bits);
    parameters.add("WFile", file_name("w", number));
  }
  if (configuration.schedule == Schedule::streaming) {
    parameters.add("LinkWidth", configuration.link_width);
    parameters.add("PsumStorage", configuration.psum_storage == PsumStorage::memory ? 1 : 0);
  }
  return parameters;
}

const char* module_of(Schedule schedule) {
  switch (schedule) {
    case Schedule::dense:
      return "dense_layer";
    case Schedule::sequential:
      return "sequential_layer";
    case Schedule::streaming:
      return "compressed_layer";
  }
  return "";
}

int data_bits(const golden::Network& network, const Configuration& configuration,
              std::size_t link) {
  return rtl_element_bits(network, link) * rtl_beat_width(configuration, link);
}

void check_kind(const Layer& layer, const LayerConfiguration& configuration, std::size_t number) {
  if (layer.is_factorised() != (configuration.schedule != Schedule::dense)) {
    throw InputError(fmt::format("layers.{}.schedule: {} does not fit the weights of layer {}",
                                 number, to_string(configuration.schedule), layer.name));
  }
}

}  // namespace

int rtl_element_bits(const golden::Network& network, std::size_t link) {
  return link == network.layers.size() ? 32 : 8;
}

int rtl_beat_width(const Configuration& configuration, std::size_t link) {
  return link == 0 ? configuration.input_link_width
                   : configuration.layers[link - 1].output_beat_width();
}

GeneratedFiles rtl_memories(const golden::Network& network, const Configuration& configuration) {
  GeneratedFiles files;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    const LayerConfiguration& machine = configuration.layers[i];
    const std::size_t number = i + 1;
    const bool is_streaming = machine.schedule == Schedule::streaming;
    if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
      files[file_name("u", number)] = hex_columns(factors->u, machine.lanes_u, factors->u_bits);
      files[file_name("v", number)] =
          is_streaming ? hex_rows(factors->v, machine.lanes_v, factors->v_bits)
                       : hex_columns(factors->v, machine.lanes_v, factors->v_bits);
    } else {
      const auto& dense = std::get<DenseWeights>(layer.weights);
      files[file_name("w", number)] = hex_columns(dense.w, machine.lanes_u, dense.w_bits);
    }
    files[file_name("bias", number)] =
        hex_memory(1, machine.shape.n, is_streaming ? machine.lanes_v : 1, 32,
                   [&](int, int output) { return layer.bias[output]; });
  }
  return files;
}

std::string rtl_layer(const golden::Network& network, const Configuration& configuration,
                      std::size_t number, const std::string& receiver_suffix) {
  const std::size_t before = number - 1;
  const LayerConfiguration& layer = configuration.layers[before];
  check_kind(network.layers[before], layer, number);
  check_width(number, "lanes_u", layer.lanes_u, 8);
  const auto input = [&](const char* signal) {
    return fmt::format("link_{}_{}{}", before, signal, receiver_suffix);
  };
  const Parameters parameters = layer_parameters(network.layers[before], layer, number,
                                                 rtl_beat_width(configuration, before));
  return fmt::format(
      "\n  wire link_{0}_valid;\n  wire link_{0}_ready;\n  wire [{1}:0] link_{0}_data;\n"
      "  {2} #({3}\n  ) layer_{0} (\n"
      "      .i_clk(i_clk),\n      .i_rst_n(i_rst_n),\n"
      "      .i_valid({4}),\n      .o_ready({5}),\n      .i_data({6}),\n"
      "      .o_valid(link_{0}_valid),\n      .i_ready(link_{0}_ready),\n"
      "      .o_data(link_{0}_data)\n  );\n",
      number, data_bits(network, configuration, number) - 1, module_of(layer.schedule),
      parameters.text(), input("valid"), input("ready"), input("data"));
}

std::string rtl_accelerator(const golden::Network& network, const Configuration& configuration) {
  const std::size_t last = network.layers.size();
  std::string layers;
  for (std::size_t number = 1; number <= last; ++number) {
    layers += rtl_layer(network, configuration, number, "");
  }
  return fmt::format(
      "// The whole network between its image link and its logits link. Generated by cfcsim.\n"
      "`default_nettype none\n\n"
      "module accelerator (\n"
      "    input wire i_clk,\n    input wire i_rst_n,\n"
      "    input wire i_valid,\n    output wire o_ready,\n    input wire [{0}:0] i_data,\n"
      "    output wire o_valid,\n    input wire i_ready,\n    output wire [{1}:0] o_data\n);\n"
      "  wire link_0_valid = i_valid;\n  wire link_0_ready;\n"
      "  wire [{0}:0] link_0_data = i_data;\n  assign o_ready = link_0_ready;\n"
      "{2}\n"
      "  assign o_valid = link_{3}_valid;\n  assign link_{3}_ready = i_ready;\n"
      "  assign o_data = link_{3}_data;\nendmodule\n",
      data_bits(network, configuration, 0) - 1, data_bits(network, configuration, last) - 1, layers,
      last);
}

GeneratedFiles rtl_bench(const golden::Network& network, const Configuration& configuration,
                         const golden::MatrixU8& images, const golden::MatrixS32& logits) {
  const std::size_t last = network.layers.size();
  const int image_width = rtl_beat_width(configuration, 0);
  const int logits_width = rtl_beat_width(configuration, last);
  const auto rows = static_cast<int>(images.rows());
  const auto beats = [](golden::Index elements, int width) {
    return LayerConfiguration::ceil_div(static_cast<int>(elements), width);
  };
  GeneratedFiles files;
  files["images.hex"] = hex_memory(rows, static_cast<int>(images.cols()), image_width, 8,
                                   [&](int image, int pixel) { return images(image, pixel); });
  files["logits.hex"] = hex_memory(rows, static_cast<int>(logits.cols()), logits_width, 32,
                                   [&](int image, int output) { return logits(image, output); });
  files["accelerator_bench.v"] = fmt::format(
      R"(// Runs the images of images.hex through the accelerator, checks every logit against logits.hex, and
// counts cycles from the one in which the first beat is offered. Generated by cfcsim.
`default_nettype none
`timescale 1ns / 1ps

module accelerator_bench;
  localparam integer InBits = {0};
  localparam integer OutBits = {1};
  localparam integer InBeats = {2};
  localparam integer OutBeats = {3};
  localparam integer Images = {4};

  reg r_clk = 1'b0;
  reg r_rst_n = 1'b0;
  reg [InBits-1:0] r_images[0:InBeats-1];
  reg [OutBits-1:0] r_logits[0:OutBeats-1];
  integer sent = 0;
  integer received = 0;
  integer cycles = 0;
  integer mismatches = 0;
  wire w_ready;
  wire w_valid;
  wire [OutBits-1:0] w_data;

  accelerator dut (
      .i_clk(r_clk),
      .i_rst_n(r_rst_n),
      .i_valid(r_rst_n && sent < InBeats),
      .o_ready(w_ready),
      .i_data(r_images[sent < InBeats ? sent : 0]),
      .o_valid(w_valid),
      .i_ready(1'b1),
      .o_data(w_data)
  );

  initial begin
    $readmemh("images.hex", r_images);
    $readmemh("logits.hex", r_logits);
    #10 r_rst_n = 1'b1;
  end
  always #5 r_clk = !r_clk;

  always @(posedge r_clk) begin
    if (r_rst_n) begin
      cycles <= cycles + 1;
      if (sent < InBeats && w_ready) sent <= sent + 1;
      if (w_valid) begin
        if (w_data !== r_logits[received]) begin
          mismatches = mismatches + 1;
          $display("beat %0d: expected %h, got %h", received, r_logits[received], w_data);
        end
        received <= received + 1;
        if (received == OutBeats - 1) begin
          $display("%0d images, %0d mismatches, %0d cycles", Images, mismatches, cycles + 1);
          $finish;
        end
      end
    end
  end
endmodule
)",
      8 * image_width, 32 * logits_width, rows * beats(images.cols(), image_width),
      rows * beats(logits.cols(), logits_width), rows);
  return files;
}

}  // namespace cfc
