#include "cfcsim/report/report_command.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cfcsim/compare/compare.h"
#include "cfcsim/report/report_shapes.h"
#include "cfcsim/run/layer_metrics.h"
#include "explore/sweep/pareto.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/dotted_keys.h"
#include "support/error.h"
#include "support/exit_status.h"
#include "support/json_shape.h"
#include "support/project_folder.h"
#include "support/temporary_folder.h"
#include "support/tool.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Points on the Pareto front, and beside it, that a page shows; more make it slow and say no more.
constexpr std::size_t kMostPoints = 2000;

/// A result of `cfcsim COMMAND --json`.
json read_result(const fs::path& file, const std::string& command) {
  const std::string remedy = fmt::format("give what cfcsim {} --json wrote", command);
  json result = read_json(file, remedy);
  const std::string schema = fmt::format("cfcsim.{}/1", command);
  if (!result.is_object() || result.value("schema", json()) != schema) {
    throw InputError(
        fmt::format("{}: is no result of schema {}; {}", file.string(), schema, remedy));
  }
  return result;
}

/// The tables have the schedules side by side, so all must speak of the same layers and metrics.
void check_alike(const json& schedules, const fs::path& file) {
  const auto rows_of = [](const json& run) {
    std::vector<std::string> rows;
    for (const json& layer : run.at("layers")) rows.push_back(layer.at("name"));
    for (const json& metric : run.at("scorecard")) rows.push_back(metric.at("metric"));
    return rows;
  };
  for (const auto& [name, run] : schedules.items()) {
    if (rows_of(run) == rows_of(schedules.at("streaming"))) continue;
    throw InputError(fmt::format(
        "{}: the layers or metrics of {} are not those of streaming; let cfcsim compare "
        "--json write it again",
        file.string(), name));
  }
}

json read_comparison(const fs::path& file) {
  json comparison = read_result(file, "compare");
  check_shape(comparison, comparison_shape(comparison), file.string());
  check_alike(comparison["schedules"], file);
  check_alike(comparison["equal_bandwidth"]["schedules"], file);
  return comparison;
}

/// The comparison that the page is about: read, or made of a workload.
json comparison_of(const ReportOptions& options) {
  if (options.compare) return read_comparison(*options.compare);
  if (!options.workload) {
    throw InputError("give what is reported: --compare FILE, or --workload NAME");
  }
  CompareOptions compare;
  compare.workload.file = options.workload;
  return compare_workload_json(compare);
}

/// Digests of the points on a front.
using Front = std::set<std::string>;

/// The front over time and area, memories among it; empty where the points have none.
Front time_area_front(const json& points) {
  std::vector<std::string> digests;
  std::vector<std::vector<double>> figures;
  for (const json& point : points) {
    const json time = point.value("time_ns", json());
    const json area = point.value("area_um2", json());
    if (!time.is_number() || !area.is_number()) continue;
    digests.push_back(point.at("digest"));
    figures.push_back({time.get<double>(), area.get<double>()});
  }
  Front front;
  for (const std::size_t place : explore::pareto_front(figures)) front.insert(digests[place]);
  return front;
}

/// The fronts that a point may be on, by the name that the page has for being on them.
using Fronts = std::map<std::string, Front>;

/// A point as a page shows it.
json shown(const json& point, const Fronts& fronts) {
  const auto digest = point.at("digest").get<std::string>();
  json kept = point;
  for (const auto& [name, front] : fronts) kept[name] = front.count(digest) > 0;
  kept.erase("digest");
  return kept;
}

/// As many of some points as a page can bear, evenly spread.
void add_thinned(json& kept, const std::vector<const json*>& points, const Fronts& fronts) {
  const std::size_t stride = (points.size() + kMostPoints - 1) / kMostPoints;
  for (std::size_t i = 0; i < points.size(); i += stride) kept.push_back(shown(*points[i], fronts));
}

/// The points of a sweep that a page shows, those of a front apart from the others.
json thinned(const json& points, const Fronts& fronts) {
  std::vector<const json*> chosen;
  std::vector<const json*> others;
  for (const json& point : points) {
    if (!point.at("failure").is_null()) continue;
    const bool is_on_front = std::any_of(fronts.begin(), fronts.end(), [&](const auto& front) {
      return front.second.count(point.at("digest").template get<std::string>()) > 0;
    });
    (is_on_front ? chosen : others).push_back(&point);
  }
  json kept = json::array();
  add_thinned(kept, others, fronts);
  add_thinned(kept, chosen, fronts);
  return kept;
}

/// Takes out of the points what is the same in all of them, and gives it.
json take_common(std::vector<json>& points) {
  json common = points.empty() ? json::object() : points.front();
  for (const json& point : points) {
    for (auto it = common.begin(); it != common.end();) {
      it = point.value(it.key(), json()) == it.value() ? std::next(it) : common.erase(it);
    }
  }
  for (json& point : points) {
    for (const auto& [key, value] : common.items()) point.erase(key);
  }
  return common;
}

json sweep_part(const json& sweep) {
  const json& pareto = sweep.at("pareto");
  const Fronts fronts{{"on_front", pareto.at("digests").get<Front>()},
                      {"on_time_area_front", time_area_front(sweep.at("points"))}};
  std::vector<json> points;
  for (const json& point : thinned(sweep.at("points"), fronts)) points.push_back(dotted(point));
  json common = take_common(points);
  return {{"metrics", pareto.at("metrics")},
          {"points", points},
          {"common", common},
          {"designs", sweep.at("points").size()}};
}

json read_sweep(const fs::path& file) {
  json sweep = read_result(file, "sweep");
  if (!sweep.contains("pareto") || !sweep.contains("points")) {
    throw InputError(
        fmt::format("{}: has no points with a front; sweep with --pareto", file.string()));
  }
  json shape = sweep_shape(sweep);
  check_shape(sweep, shape, file.string());
  for (const json& metric : sweep["pareto"]["metrics"]) {
    shape["points"][0][metric.get<std::string>() + '?'] = "number";
  }
  check_shape(sweep, shape, file.string());
  return sweep;
}

/// A result of any experiment, of at least one run.
json read_platform(const fs::path& file) {
  json result = read_result(file, "platform");
  static const std::set<std::string> drawn{"run", "placement", "load", "parallel"};
  const json runs = result.value("runs", json::array());
  const json experiment = result.value("experiment", json());
  if (!experiment.is_string() || drawn.count(experiment.get<std::string>()) == 0 || runs.empty()) {
    throw InputError(
        fmt::format("{}: holds no run of an experiment that can be drawn; let cfcsim platform "
                    "--json write it again",
                    file.string()));
  }
  check_shape(result, platform_shape(), file.string());
  return result;
}

json report_of(const ReportOptions& options) {
  json report{{"compare", comparison_of(options)}, {"platform", json::array()}};
  for (const LayerMetric& metric : layer_metrics()) {
    if (!metric.is_in(kInReport)) continue;
    report["layer_metrics"].push_back({{"key", metric.key}, {"title", metric.title}});
  }
  for (const fs::path& file : options.platform) report["platform"].push_back(read_platform(file));
  if (!options.sweep) return report;
  report["sweep"] = sweep_part(read_sweep(*options.sweep));
  return report;
}

fs::path vega_modules() {
  const char* folder = std::getenv("CFCSIM_VEGA");
  return folder ? fs::path(folder) : project_folder("build/vega/node_modules");
}

std::string library(const std::string& name) {
  return read_whole_file(vega_modules() / name / "build" / (name + ".min.js"),
                         "the charts need it: run scripts/install-vega");
}

std::string page_part(const char* name) {
  return read_whole_file(project_folder("cfcsim/report") / name, "it comes with cfcsim");
}

/// No text of a result can end the element that it stands in.
std::string inside_html(std::string text) {
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) {
    text.replace(at, 1, "\\u003c");
  }
  return text;
}

/// `page` with each @NAME@ filled in, in one pass: what is filled in is not looked at again.
std::string filled(const std::string& page,
                   const std::vector<std::pair<std::string, std::string>>& parts) {
  std::string text;
  std::size_t done = 0;
  for (const auto& [name, part] : parts) {
    const std::string place = '@' + name + '@';
    const std::size_t at = page.find(place, done);
    text.append(page, done, at - done).append(part);
    done = at + place.size();
  }
  return text.append(page, done, std::string::npos);
}

std::string html(const json& report) {
  return filled(page_part("page.html"), {{"REPORT", inside_html(report.dump())},
                                         {"VEGA", library("vega")},
                                         {"VEGA_LITE", library("vega-lite")},
                                         {"VEGA_EMBED", library("vega-embed")},
                                         {"CHARTS", page_part("charts.js")},
                                         {"PAGE", page_part("page.js")}});
}

/// Draws every chart with Node.js.
void draw_svg(const json& report, const fs::path& folder) {
  make_folder(folder);
  const TemporaryFolder workshop;
  const fs::path data = workshop / "report.json";
  write_whole_file(data, report.dump());
  run_tool({"node", project_folder("cfcsim/report") / "render_svg.js", fs::absolute(vega_modules()),
            data, folder},
           workshop / "log");
}

}  // namespace

void ReportOptions::add_to(CLI::App& command) {
  CLI::Option* comparison =
      command.add_option("--compare", compare, "What cfcsim compare --json wrote")
          ->type_name(kInput);
  command
      .add_option("--workload", workload,
                  "Compare this workload on the default configuration instead: a name that cfcsim "
                  "workloads lists, or a YAML file")
      ->type_name(kInput)
      ->transform(workload_file)
      ->excludes(comparison);
  command.add_option("--sweep", sweep, "What cfcsim sweep --pareto METRICS --json wrote")
      ->type_name(kInput);
  command
      .add_option("--platform", platform,
                  "What cfcsim platform --json wrote, of any experiment; several files if wanted")
      ->type_name(kInput);
  command.add_option("-o,--output", output, "The page")->type_name(kOutput)->capture_default_str();
  command.add_option("--svg", svg, "Folder for the charts as SVG files (needs Node.js)")
      ->type_name(kOutputFolder);
}

int report(const ReportOptions& options) {
  const json contents = report_of(options);
  const std::string page = html(contents);
  if (options.svg) draw_svg(contents, *options.svg);
  write_whole_file(options.output, page);
  fmt::print("{}: open it in a browser\n", options.output.string());
  return kExitOk;
}

}  // namespace cfc
