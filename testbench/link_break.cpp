#include "testbench/link_break.h"

#include <string>

namespace cfc {

LinkBreak::LinkBreak(const sc_core::sc_module_name& name, Link& upstream)
    : sc_module(name), upstream_(upstream) {
  SC_METHOD(connect);
  sensitive << upstream_.valid << upstream_.data << downstream.ready << broken_;
}

void LinkBreak::connect() {
  downstream.valid.write(upstream_.valid.read() && !broken_.read());
  upstream_.ready.write(downstream.ready.read() && !broken_.read());
  downstream.data.write(upstream_.data.read());
}

Link& LinkBreaks::insert(Link& upstream) {
  const std::string name = "break_" + std::to_string(breaks_.size());
  breaks_.push_back(std::make_unique<LinkBreak>(name.c_str(), upstream));
  return breaks_.back()->downstream;
}

}  // namespace cfc
