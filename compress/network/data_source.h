#pragma once

#include <filesystem>
#include <string>

#include "compress/network/data.h"
#include "golden/network.h"

namespace cfc::compress {

/// Files of vectors and of what a network is to make of them, each X.npy, X.npz:KEY or X.csv; empty
/// names where there are none.
struct VectorFiles {
  std::string inputs;   ///< a vector a row
  std::string labels;   ///< a class a vector, from 0 ...
  std::string targets;  ///< ... or numbers that the outputs are to come near, a row a vector

  bool is_named() const { return !inputs.empty(); }
};

/// Where data come from, as the options of a command name it: a folder, or files of vectors.
struct DataSource {
  std::filesystem::path folder;  ///< of the four MNIST files; not looked at where vectors are named
  VectorFiles vectors;
  VectorFiles validation;  ///< where none are named, the last 15 % of `vectors` are held out

  bool is_folder() const { return !vectors.is_named(); }
};

/// A network, and the file that it was read from.
struct NamedNetwork {
  std::filesystem::path file;
  golden::Network network;
};

/// Data for a network that is yet to be made: they say how many inputs and outputs it has. Those of
/// a folder are of `classes` classes. Vectors have no test split. Throws InputError where a file
/// cannot be read, holds numbers that are no inputs, classes or targets, or as many as do not fit
/// the others; and where no training vector is of some class.
Data load_data(const DataSource& source, int classes);

/// Data for a network that is made from `base`, and takes and gives the same. Throws InputError,
/// also where the data do not fit it.
Data load_data(const DataSource& source, const NamedNetwork& base);

/// What a network is evaluated on: a split of the folder, or all vectors. Throws InputError as
/// above.
Examples load_examples(const DataSource& source, golden::Split split, const NamedNetwork& network);

/// The options that name the files, without their folders: " --inputs x.npy --labels y.npy".
/// Nothing for a folder.
std::string options_of(const DataSource& source);

}  // namespace cfc::compress
