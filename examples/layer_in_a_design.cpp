// The paper's layer in a clocked design of one's own: a producer and a consumer on its two links,
// an sc_clock, and an eye on every z_k. Its outputs are held against the golden model.
// Usage: layer_in_a_design NETWORK.onnx (its first layer is factorised)

#include <cstdio>
#include <vector>

#include <systemc>

#include <cfcsim/configuration/configuration_file.h>
#include <cfcsim/golden/inference.h>
#include <cfcsim/golden/onnx_file.h>
#include <cfcsim/sc_model/layer/layer.h>

namespace {

class Design : public sc_core::sc_module, tlm::tlm_analysis_if<cfc::ZEvent> {
 public:
  Design(const sc_core::sc_module_name& name, const cfc::golden::Network& network)
      : sc_module(name),
        machine_(resolve(cfc::Settings{}, cfc::shapes_of(network)).layers.front()),
        layer_("layer_1", network.layers.front(), machine_, machine_.shape.m),
        image_(static_cast<std::size_t>(machine_.shape.m), 128) {
    layer_.i_clk(clock_);
    layer_.i_rst_n(rst_n_);
    layer_.i_valid(input_.valid);
    layer_.o_ready(input_.ready);
    layer_.i_data(input_.data);
    layer_.o_valid(output_.valid);
    layer_.i_ready(output_.ready);
    layer_.o_data(output_.data);
    layer_.on_z(*this);
    SC_HAS_PROCESS(Design);
    SC_THREAD(produce);
    sensitive << clock_.posedge_event();
    SC_METHOD(consume);
    sensitive << clock_.posedge_event();
    dont_initialize();
  }

  const std::vector<std::int32_t>& outputs() const { return outputs_; }

 private:
  /// Two cycles of reset, then one beat that carries the whole image.
  void produce() {
    for (int cycle = 0; cycle < 2; ++cycle) wait();
    rst_n_.write(true);
    input_.data.write({image_.data(), static_cast<int>(image_.size())});
    input_.valid.write(true);
    do {
      wait();
    } while (!input_.ready.read());
    input_.valid.write(false);
  }

  /// Takes whatever is offered; the elements are the layer's until this edge.
  void consume() {
    output_.ready.write(true);
    if (!output_.valid.read()) return;
    const cfc::Beat& beat = output_.data.read();
    for (int i = 0; i < beat.count; ++i) outputs_.push_back(beat[i]);
    if (static_cast<int>(outputs_.size()) < machine_.shape.n) return;
    std::printf("%s: %llu cycles at work\n", layer_.name(),
                static_cast<unsigned long long>(layer_.statistics(clock_.period()).run_cycles));
    sc_core::sc_stop();
  }

  void write(const cfc::ZEvent& z) override {
    std::printf("%s: z_%d = %d\n", sc_core::sc_time_stamp().to_string().c_str(), z.k, z.z);
  }

  const cfc::LayerConfiguration machine_;
  cfc::Layer layer_;
  sc_core::sc_clock clock_{"clock", sc_core::sc_time(10, sc_core::SC_NS)};
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
  cfc::Link input_{"input"};
  cfc::Link output_{"output"};
  std::vector<std::uint8_t> image_;
  std::vector<std::int32_t> outputs_;
};

}  // namespace

int sc_main(int argc, char* argv[]) {
  if (argc != 2) return 2;
  const cfc::golden::Network network = cfc::golden::read_network(argv[1]);
  Design design("design", network);
  sc_core::sc_start();
  const cfc::golden::MatrixU8 images = cfc::golden::MatrixU8::Constant(1, network.inputs(), 128);
  const cfc::golden::MatrixS32 golden = cfc::golden::infer(network, images).layers.front().output;
  const std::vector<std::int32_t> expected(golden.data(), golden.data() + golden.size());
  std::printf("%s\n", design.outputs() == expected ? "as the golden model has it" : "MISMATCH");
  return design.outputs() == expected ? 0 : 1;
}
