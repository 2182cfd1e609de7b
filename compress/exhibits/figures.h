#pragma once

#include "compress/exhibits/exhibit.h"
#include "compress/search/search_record.h"

namespace cfc::compress {

/// Figs. 7 to 13 of the paper from our networks (7 to 11 train what `networks` lacks; 12 and 13
/// show the search). Throws InputError for another number.
Exhibit figure(int number, const FinishedSearch& search, TrainedNetworks& networks);

}  // namespace cfc::compress
