#pragma once

#include <filesystem>

#include "compress/exhibits/exhibit.h"

namespace cfc::compress {

/// Draws the panels side by side into an SVG file with gnuplot. The file appears whole or not at
/// all. Throws InputError if there is no gnuplot, or if it cannot write the file.
void draw_svg(const Exhibit& exhibit, const std::filesystem::path& file);

}  // namespace cfc::compress
