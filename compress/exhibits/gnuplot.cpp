#include "compress/exhibits/gnuplot.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::compress {
namespace {

constexpr std::size_t kColumns = 3;
constexpr int kPanelWidth = 400;
constexpr int kPanelHeight = 330;

/// A string of gnuplot: in single quotes, in which only the quote itself is special.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char character : text) result += character == '\'' ? "''" : std::string(1, character);
  return result + "'";
}

/// One word for the shell.
std::string one_word(const std::string& text) {
  std::string result = "'";
  for (const char character : text)
    result += character == '\'' ? "'\\''" : std::string(1, character);
  return result + "'";
}

std::string data_block(const std::string& name, const Series& series) {
  std::string text = fmt::format("${} << END\n", name);
  for (const auto& [x, y] : series.points) text += fmt::format("{} {}\n", x, y);
  return text + "END\n";
}

std::string style_of(const Series& series, std::size_t colour) {
  switch (series.style) {
    case Series::Style::line:
      return fmt::format("with linespoints lc {} pt 7 ps 0.3", colour);
    case Series::Style::dashed:
      return fmt::format("with lines lc {} dt 2", colour);
    case Series::Style::marks:
      return fmt::format("with points lc {} pt 3 ps 0.8", colour);
  }
  return "";
}

/// A range of an axis; by itself where nothing is given.
std::string range(char axis, const std::pair<double, double>& limits) {
  return limits.first < limits.second
             ? fmt::format("set {}range [{}:{}]\n", axis, limits.first, limits.second)
             : fmt::format("set {}range [*:*]\n", axis);
}

std::string names_of_x(const Panel& panel) {
  if (panel.x_names.empty()) return "unset xtics; set xtics autofreq norotate\n";
  std::string names;
  for (std::size_t i = 0; i < panel.x_names.size(); ++i)
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", quoted(panel.x_names[i]), i);
  return fmt::format("set xtics ({}) rotate by -30\nset xrange [-0.5:{}.5]\n", names,
                     panel.x_names.size() - 1);
}

std::string plot(const Panel& panel, std::size_t number) {
  std::string text;
  std::string curves;
  for (std::size_t i = 0; i < panel.series.size(); ++i) {
    const std::string name = fmt::format("data{}_{}", number, i);
    text += data_block(name, panel.series[i]);
    if (panel.series[i].points.empty()) continue;
    curves += fmt::format("{}${} using 1:2 {} title {}", curves.empty() ? "" : ", ", name,
                          style_of(panel.series[i], i + 1), quoted(panel.series[i].title));
  }
  text += fmt::format("set title {}\nset xlabel {}\nset ylabel {}\n", quoted(panel.title),
                      quoted(panel.x_label), quoted(panel.y_label));
  text += range('x', panel.x_range) + range('y', panel.y_range);
  return text + names_of_x(panel) + "plot " + curves + "\n";
}

std::string script(const Exhibit& exhibit, const std::filesystem::path& file) {
  const std::size_t columns = std::min(kColumns, exhibit.panels.size());
  const std::size_t rows = (exhibit.panels.size() + columns - 1) / columns;
  std::string text = fmt::format(
      "set terminal svg size {},{} noenhanced background 'white' font 'sans-serif,11'\n"
      "set output {}\nset grid\nset key bottom left\n"
      "set multiplot layout {},{} title {}\n",
      kPanelWidth * columns, kPanelHeight * rows + 30, quoted(file.string()), rows, columns,
      quoted(exhibit.title.substr(0, exhibit.title.find('\n'))));
  for (std::size_t i = 0; i < exhibit.panels.size(); ++i) text += plot(exhibit.panels[i], i);
  return text + "unset multiplot\nset output\n";
}

/// A file that is deleted in the end.
struct Temporary {
  std::filesystem::path path;
  ~Temporary() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

}  // namespace

void draw_svg(const Exhibit& exhibit, const std::filesystem::path& file) {
  if (std::system("command -v gnuplot >/dev/null 2>&1") != 0)  // NOLINT: no input in it
    throw InputError("there is no gnuplot to draw with: install the package gnuplot-nox");
  Temporary drawn{file};
  drawn.path += ".drawing";
  const Temporary commands{drawn.path.string() + ".gnuplot"};
  write_whole_file(commands.path, script(exhibit, drawn.path));
  const std::string command = "gnuplot " + one_word(commands.path.string());
  if (std::system(command.c_str()) != 0)  // NOLINT: one quoted path of ours
    throw InputError(fmt::format("gnuplot cannot draw {}", file.string()));
  std::error_code error;
  std::filesystem::rename(drawn.path, file, error);
  if (error) throw InputError(fmt::format("{}: {}", file.string(), error.message()));
}

}  // namespace cfc::compress
