// How the accelerator loads a network and goes through a job.

#include <algorithm>

#include "platform/accelerator/tlm_accelerator.h"
#include "support/error.h"

namespace cfc {

using sc_core::sc_time;

void TlmAccelerator::begin_load() {
  network_address_ = registers_.get64(Register::network_address);
  sections_.clear();
  set_phase(Phase::loading);
  if (network_address_ % Dma::kBurstBytes != 0) {
    return fail(error_bits::kDescriptor, network_address_);
  }
  dma_.set_time_out(registers_.get(Register::time_out) * grid_.period());
  dma_.submit({tlm::TLM_READ_COMMAND, network_address_,
               std::vector<std::uint8_t>(NetworkImage::kAlignment), kWeights,
               [this](const Transfer& header, const sc_time&) { load_rest(header.data); }});
}

void TlmAccelerator::load_rest(const std::vector<std::uint8_t>& header) {
  const std::size_t expected = pack_network(shapes_).size();
  try {
    if (network_image_bytes(header) != expected) throw InputError("the network has other shapes");
  } catch (const InputError&) {
    return fail(error_bits::kNetwork, network_address_);
  }
  dma_.submit({tlm::TLM_READ_COMMAND, network_address_ + header.size(),
               std::vector<std::uint8_t>(expected - header.size()), kWeights,
               [this, header](const Transfer& rest, const sc_time&) {
                 std::vector<std::uint8_t> image = header;
                 image.insert(image.end(), rest.data.begin(), rest.data.end());
                 accept_image(std::move(image));
               }});
}

void TlmAccelerator::accept_image(std::vector<std::uint8_t> image) {
  try {
    const golden::Network network = unpack_network(image);
    if (!same_shapes(network, shapes_)) throw InputError("the network has other shapes");
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      accelerator_.layers()[i]->load(network.layers[i]);
    }
  } catch (const InputError&) {
    return fail(error_bits::kNetwork, network_address_);
  }
  sections_ = network_sections(image);
  image_ = std::move(image);
  set_phase(Phase::idle);
  raise(pending_bits::kLoadDone);
}

/// A layer's weights have come once more. Usually they are those that it has.
void TlmAccelerator::use_weights(std::size_t layer, const std::vector<std::uint8_t>& section) {
  const auto begin = image_.begin() + static_cast<std::ptrdiff_t>(sections_[layer].offset);
  if (std::equal(section.begin(), section.end(), begin)) return;
  std::copy(section.begin(), section.end(), begin);
  accelerator_.layers()[layer]->load(unpack_network(image_).layers[layer]);
}

// ---------------------------------------------------------------------------------------- a job

void TlmAccelerator::begin_job() {
  if (sections_.empty()) return fail(error_bits::kNoNetwork, 0);
  if (!job_is_possible()) return fail(error_bits::kDescriptor, 0);
  stream_images_ += job_.images;
  job_ = Job{};
  job_.images = registers_.get(Register::images);
  job_.input = registers_.get64(Register::input_address);
  job_.output = registers_.get64(Register::output_address);
  job_.spill = registers_.get64(Register::spill_address);
  job_.at_begin = work_done();
  const std::uint64_t period = registers_.get(Register::weight_period);
  for (const auto& weights : weights_) weights->begin({stream_images_, job_.images, period});
  for (const auto& spill : spills_) {
    if (spill) spill->enable((registers_.get(Register::options) & option_bits::kSpillZ) != 0);
  }
  registers_.set(Register::images_done, 0);
  dma_.set_time_out(registers_.get(Register::time_out) * grid_.period());
  set_phase(Phase::running);
}

bool TlmAccelerator::job_is_possible() const {
  const auto aligned = [this](Register address) {
    return registers_.get64(address) % Dma::kBurstBytes == 0;
  };
  return registers_.get(Register::images) > 0 && aligned(Register::input_address) &&
         aligned(Register::output_address) && aligned(Register::spill_address) &&
         (registers_.get(Register::options) & ~option_bits::kSpillZ) == 0;
}

void TlmAccelerator::advance_job() {
  try {
    for (const auto& weights : weights_) weights->advance();
  } catch (const InputError&) {
    sections_.clear();  // what the layers hold is of two networks
    return fail(error_bits::kNetwork, network_address_);
  }
  fetch_images();
  fetch_weights();
  spill();
  store_results();
  if (job_.stored == job_.images) end_job();
}

void TlmAccelerator::fetch_images() {
  const std::uint32_t stride = registers_.get(Register::input_stride);
  while (job_.fetched < job_.images &&
         job_.fetched - job_.taken < static_cast<std::uint64_t>(options_.image_places)) {
    const std::uint64_t image = job_.fetched++;
    dma_.submit({tlm::TLM_READ_COMMAND, job_.input + image * stride,
                 std::vector<std::uint8_t>(stride), kImage,
                 [this, image](const Transfer& transfer, const sc_time&) {
                   arrived_[image] = transfer.data;
                   push_images();
                 }});
  }
}

/// Images go on in their order, whatever the order in which memory gave them.
void TlmAccelerator::push_images() {
  for (auto next = arrived_.begin(); next != arrived_.end() && next->first == job_.pushed;
       next = arrived_.erase(next)) {
    feeder_.push(next->second.data(), static_cast<std::size_t>(shapes_.inputs()));
    if (++job_.pushed == job_.images) {
      job_.idle_until_last_push = gates_.at(0).ledger()["idle"];
    }
  }
}

void TlmAccelerator::fetch_weights() {
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    WeightBuffer& buffer = *weights_[i];
    while (buffer.wants_weights()) {
      buffer.fetching();
      dma_.submit(
          {tlm::TLM_READ_COMMAND, network_address_ + sections_[i].offset,
           std::vector<std::uint8_t>(sections_[i].bytes), kWeights,
           [&buffer](const Transfer& weights, const sc_time&) { buffer.arrived(weights.data); }});
    }
  }
}

void TlmAccelerator::spill() {
  std::uint64_t address = job_.spill;
  for (const auto& spill : spills_) {
    if (!spill) continue;
    if (auto z = spill->take()) {
      ZSpill* const layer = spill.get();
      const auto check = [this, layer](const Transfer& back, const sc_time& when) {
        if (!layer->returned(back.data, when)) fail(error_bits::kZ, back.address);
      };
      const auto read_back = [this, check](const Transfer& there, const sc_time&) {
        dma_.submit({tlm::TLM_READ_COMMAND, there.address,
                     std::vector<std::uint8_t>(there.data.size()), kSpill, check});
      };
      dma_.submit({tlm::TLM_WRITE_COMMAND, address, std::move(*z), kSpill, read_back});
    }
    address += spill->bytes();
  }
}

void TlmAccelerator::store_results() {
  for (; !results_.empty(); results_.pop_front()) {
    const std::uint64_t stride = registers_.get(Register::output_stride);
    const std::uint64_t image = job_.made - results_.size();
    dma_.submit({tlm::TLM_WRITE_COMMAND, job_.output + image * stride, std::move(results_.front()),
                 kResult, [this](const Transfer&, const sc_time&) {
                   collector_.release();
                   registers_.set(Register::images_done, static_cast<std::uint32_t>(++job_.stored));
                 }});
  }
}

void TlmAccelerator::end_job() {
  write_job_counters(registers_, job_.at_begin, work_done(), job_.idle_until_last_push,
                     grid_.period());
  set_phase(Phase::idle);
  raise(pending_bits::kDone);
}

}  // namespace cfc
