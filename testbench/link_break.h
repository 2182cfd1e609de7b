#pragma once

#include <memory>
#include <vector>

#include <systemc>

#include "sc_model/accelerator.h"

namespace cfc {

/// Stands in a link and can break it: then neither side sees the other.
class LinkBreak : public sc_core::sc_module {
 public:
  LinkBreak(const sc_core::sc_module_name& name, Link& upstream);

  void set(bool broken) { broken_.write(broken); }
  bool is_broken() const { return broken_.read(); }

  Link downstream{"downstream"};

 private:
  SC_HAS_PROCESS(LinkBreak);
  void connect();

  Link& upstream_;
  sc_core::sc_signal<bool> broken_{"broken"};
};

/// Puts a LinkBreak into every link of an accelerator.
class LinkBreaks : public LinkTap {
 public:
  Link& insert(Link& upstream) override;

  std::size_t size() const { return breaks_.size(); }
  LinkBreak& operator[](std::size_t link) { return *breaks_[link]; }

 private:
  std::vector<std::unique_ptr<LinkBreak>> breaks_;
};

}  // namespace cfc
