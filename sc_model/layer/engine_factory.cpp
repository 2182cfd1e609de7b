#include "sc_model/layer/engine_factory.h"

#include <stdexcept>

#include "sc_model/layer/dense/dense_engine.h"
#include "sc_model/layer/sequential/sequential_engine.h"
#include "sc_model/layer/streaming/streaming_engine.h"

namespace cfc {

std::unique_ptr<Engine> make_engine(const golden::Layer& layer,
                                    const LayerConfiguration& configuration, PeakMeter& peak) {
  switch (configuration.schedule) {
    case Schedule::dense:
      return std::make_unique<DenseEngine>("engine", layer, configuration, peak);
    case Schedule::sequential:
      return std::make_unique<SequentialEngine>("engine", layer, configuration, peak);
    case Schedule::streaming:
      return std::make_unique<StreamingEngine>("engine", layer, configuration, peak);
  }
  throw std::logic_error("a schedule without an engine");
}

}  // namespace cfc
