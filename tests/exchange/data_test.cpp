// Numbers out of .npy, .npz and .csv files, and what they are to a network.

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <zip.h>

#include "exchange/data/csv_file.h"
#include "exchange/data/network_data.h"
#include "exchange/data/npy_file.h"
#include "exchange/data/number_file.h"
#include "tests/helpers/numpy.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::exchange;
using Catch::Contains;
using cfc::golden::DenseWeights;
using cfc::golden::MatrixS8;
using cfc::testing::bytes_of;
using cfc::testing::Generator;
using cfc::testing::input_error;
using cfc::testing::npy;
using cfc::testing::TemporaryFolder;
using cfc::testing::test_seed;
using cfc::testing::uniform;
using cfc::testing::write_file;

namespace {

std::string refusal(const std::string& bytes) {
  return input_error([&] { parse_npy(bytes, "x.npy"); });
}

void write_npz(const std::filesystem::path& file,
               const std::vector<std::pair<std::string, std::string>>& entries) {
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive != nullptr);
  for (const auto& [name, bytes] : entries) {
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0),
                 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

cfc::golden::Network network_of(std::map<std::string, std::string> metadata) {
  cfc::golden::Network network;
  network.layers.push_back(
      {"fc1", DenseWeights{MatrixS8::Ones(2, 3)}, cfc::golden::VectorS32::Zero(3), {}});
  network.metadata = std::move(metadata);
  return network;
}

}  // namespace

TEST_CASE("arrays of every type of NumPy are read") {
  const std::vector<double> expected{1, 2, 3, 200};
  const auto values = [](const std::string& bytes) { return parse_npy(bytes, "x").values; };
  CHECK(values(npy("|u1", "2, 2", bytes_of<std::uint8_t>({1, 2, 3, 200}))) == expected);
  CHECK(values(npy("<i2", "4,", bytes_of<std::int16_t>({1, 2, 3, 200}))) == expected);
  CHECK(values(npy("<u4", "4,", bytes_of<std::uint32_t>({1, 2, 3, 200}))) == expected);
  CHECK(values(npy("<i8", "1, 4", bytes_of<std::int64_t>({1, 2, 3, 200}))) == expected);
  CHECK(values(npy("<f4", "4,", bytes_of<float>({1, 2, 3, 200}))) == expected);
  CHECK(values(npy("<f8", "2, 2, 1", bytes_of<double>({1, 2, 3, 200}))) == expected);
  const NumberTable table = parse_npy(npy("|i1", "2, 1", bytes_of<std::int8_t>({-1, 5})), "x");
  CHECK(table.kind == NumberKind::s8);
  CHECK(table.shape == std::vector<Eigen::Index>{2, 1});
  CHECK(table.values == std::vector<double>{-1, 5});
}

TEST_CASE("what is no array of numbers is refused with the reason") {
  const std::string good = npy("<f4", "2,", bytes_of<float>({1, 2}));
  CHECK_THAT(refusal(""), Contains("x.npy: is no .npy file"));
  CHECK_THAT(refusal("hello, world, this is text"), Contains("is no .npy file"));
  CHECK_THAT(refusal(good.substr(0, 60)), Contains("truncated in its header"));
  CHECK_THAT(refusal(good.substr(0, good.size() - 1)), Contains("has 7 bytes of numbers"));
  CHECK_THAT(refusal(good + "x"), Contains("has 9 bytes of numbers, where its shape needs 8"));
  CHECK_THAT(refusal(npy("|O", "2,", "12345678")), Contains("not objects"));
  CHECK_THAT(refusal(npy("<c8", "1,", "12345678")), Contains("type '<c8'"));
  CHECK_THAT(refusal(npy(">f4", "2,", "12345678")), Contains("little-endian"));
  CHECK_THAT(refusal(npy("<f4", "1, 2", "12345678", "True")), Contains("ascontiguousarray"));
  CHECK_THAT(refusal(npy("<f4", "0,", "")), Contains("must hold 1 to"));
  CHECK_THAT(refusal(npy("<f4", "9999999999, 9999999999", "")), Contains("must hold 1 to"));
  CHECK_THAT(refusal(std::string("\x93NUMPY\x01\x00\x00\x80", 10) + std::string(40'000, ' ')),
             Contains("header of more than 4 KiB"));
  std::string version = good;
  version[6] = 9;
  CHECK_THAT(refusal(version), Contains("unknown version"));
}

TEST_CASE("an archive holds arrays by name") {
  const TemporaryFolder folder;
  const std::string two = npy("|u1", "2,", bytes_of<std::uint8_t>({4, 5}));
  write_npz(folder / "one.npz", {{"x.npy", two}});
  write_npz(folder / "more.npz", {{"x.npy", two}, {"y.npy", npy("|u1", "1,", "\x07")}});
  CHECK(read_numbers(folder / "one.npz").values == std::vector<double>{4, 5});
  CHECK(read_numbers(std::string(folder / "more.npz") + ":y").values == std::vector<double>{7});
  CHECK_THAT(input_error([&] { read_numbers(folder / "more.npz"); }),
             Contains("holds 2 arrays") && Contains("x, y"));
  CHECK_THAT(input_error([&] { read_numbers(std::string(folder / "more.npz") + ":z"); }),
             Contains("holds no array 'z'; it has x, y"));
  std::string bytes = cfc::testing::read_file(folder / "one.npz");
  bytes[bytes.size() / 3] ^= 1;
  write_file(folder / "bad.npz", bytes);
  CHECK_THAT(input_error([&] { read_numbers(folder / "bad.npz"); }), Contains("bad.npz"));
  write_file(folder / "none.npz", "text");
  CHECK_THAT(input_error([&] { read_numbers(folder / "none.npz"); }), Contains("damaged .npz"));
  CHECK_THAT(input_error([&] { read_numbers(folder / "x.txt"); }), Contains("X.npz:KEY"));
}

TEST_CASE("CSV is numbers and nothing else") {
  const NumberTable table = parse_csv("1, 2.5\r\n\n-3,4e2\n", "x.csv");
  CHECK(table.shape == std::vector<Eigen::Index>{2, 2});
  CHECK(table.values == std::vector<double>{1, 2.5, -3, 400});
  CHECK(table.kind == NumberKind::real);
  CHECK(parse_csv("1,2\n3,4", "x").kind == NumberKind::integer);
  const auto message = [](const std::string& text) {
    return input_error([&] { parse_csv(text, "x.csv"); });
  };
  CHECK_THAT(message("width,height\n1,2\n"),
             Contains("x.csv, line 1, field 1: 'width'") && Contains("leave out a header"));
  CHECK_THAT(message("1,2\n3\n"), Contains("line 2: has 1 numbers, the lines before it 2"));
  CHECK_THAT(message("1,2,\n"), Contains("line 1, field 3: ''"));
  CHECK_THAT(message("1,nan\n"), Contains("field 2: 'nan'"));
  CHECK_THAT(message("\n \n"), Contains("holds no numbers"));
}

TEST_CASE("inputs come to a network as the bytes that it takes") {
  const auto inputs = [](NumberKind kind, const std::vector<double>& values,
                         std::map<std::string, std::string> metadata) {
    const auto count = static_cast<Eigen::Index>(values.size() / 2);
    const cfc::golden::MatrixU8 bytes =
        network_inputs({"x", kind, {count, 2}, values}, network_of(std::move(metadata)));
    return std::vector<int>(bytes.data(), bytes.data() + bytes.size());
  };
  CHECK(inputs(NumberKind::u8, {0, 255}, {}) == std::vector<int>{0, 255});
  CHECK(inputs(NumberKind::real, {3, 4, 5, 6}, {}) == std::vector<int>{3, 4, 5, 6});
  CHECK(inputs(NumberKind::s8, {-128, 127}, {{"input_type", "s8"}}) == std::vector<int>{0, 255});
  // x / 0.5 + 10: halves go to even, and what lies outside is clipped.
  const std::map<std::string, std::string> scaled{{"input_scale", "0.5"},
                                                  {"input_zero_point", "10"}};
  CHECK(inputs(NumberKind::real, {-100, 0, 0.25, 0.75, 1, 1000}, scaled) ==
        std::vector<int>{0, 10, 10, 12, 12, 255});
  CHECK(inputs(NumberKind::u8, {7, 8}, scaled) == std::vector<int>{24, 26});
  auto bytes = scaled;
  bytes["input_type"] = "u8";
  CHECK(inputs(NumberKind::u8, {7, 8}, bytes) == std::vector<int>{7, 8});
  bytes["input_hi"] = "15";
  CHECK(inputs(NumberKind::real, {100, 1}, bytes) == std::vector<int>{15, 12});
  CHECK_THAT(input_error([&] {
               inputs(NumberKind::u8, {16, 1}, bytes);
             }),
             Contains("number 0 is 16"));
  CHECK_THAT(input_error([&] {
               inputs(NumberKind::real, {0.5, 1}, {});
             }),
             Contains("number 0 is 0.5") && Contains("input_scale"));
  CHECK_THAT(input_error([&] { inputs(NumberKind::s8, {-1, 1}, {}); }), Contains("number 0 is -1"));
  CHECK_THAT(input_error([&] { inputs(NumberKind::integer, {1, 256}, {}); }), Contains("256"));
  CHECK_THAT(input_error([&] { inputs(NumberKind::real, {1, NAN}, scaled); }), Contains("nan"));
  CHECK_THAT(input_error([&] {
               inputs(NumberKind::u8, {1, 2}, {{"input_scale", "-1"}});
             }),
             Contains("metadata input_scale: '-1'"));
  CHECK_THAT(input_error([&] {
               network_inputs({"x", NumberKind::u8, {3}, {1, 2, 3}}, network_of({}));
             }),
             Contains("has 1 vectors of 3 numbers, where 2 each are needed"));
}

TEST_CASE("labels are classes, one a vector") {
  const auto labels = [](const std::vector<double>& values) {
    return class_labels(
        {"y", NumberKind::integer, {static_cast<Eigen::Index>(values.size())}, values}, 3, 4);
  };
  CHECK(cfc::exchange::class_labels({"y", NumberKind::integer, {2}, {999, 256}}, 2, 1000) ==
        std::vector<cfc::golden::Label>{999, 256});
  CHECK(labels({0, 3, 1}) == std::vector<cfc::golden::Label>{0, 3, 1});
  CHECK_THAT(input_error([&] { labels({0, 1}); }), Contains("has 2 labels for 3 input vectors"));
  CHECK_THAT(input_error([&] { labels({0, 4, 1}); }), Contains("number 1 is 4; a label is 0 to 3"));
  CHECK_THAT(input_error([&] { labels({0, 0.5, 1}); }), Contains("a label is 0 to 3"));
  CHECK_THAT(input_error([&] { labels({0, NAN, 1}); }), Contains("a label is 0 to 3"));
}

TEST_CASE("fidelity counts what differs, and by how much") {
  cfc::golden::Network network = network_of({{"output_scale", "0.5"}, {"output_zero_point", "2"}});
  cfc::golden::MatrixS32 outputs(2, 3);
  outputs << 2, 4, 6, 8, 2, 2;  // 0 1 2, 3 0 0
  const auto compared = [&](std::vector<double> expected) {
    return fidelity(outputs, {"y", NumberKind::real, {2, 3}, std::move(expected)}, network);
  };
  const Fidelity same = compared({0, 1, 2, 3, 0, 0});
  CHECK(same.outputs == 6);
  CHECK(same.different == 0);
  CHECK(same.max_abs_error == 0);
  CHECK(same.same_class == 2);
  const Fidelity other = compared({0, 1, 2, 0, 0, 1.5});
  CHECK(other.different == 2);
  CHECK(other.max_abs_error == 3);
  CHECK(other.mean_abs_error == Approx(4.5 / 6));
  CHECK(other.same_class == 1);
  CHECK_THAT(input_error([&] {
               fidelity(outputs, {"y", NumberKind::real, {1, 3}, {1, 2, 3}}, network);
             }),
             Contains("outputs of 1 vectors, but 2 were computed"));
}

namespace {

NumberTable table_of(NumberKind kind, std::vector<double> values) {
  return {"x", kind, {static_cast<Eigen::Index>(values.size()), 1}, std::move(values)};
}

Metadata format_of(NumberKind kind, std::vector<double> values) {
  const NumberTable table = table_of(kind, std::move(values));
  return input_format(table, table.count());
}

}  // namespace

TEST_CASE("numbers to train on get a scale that fills the bytes; bytes stay as they are") {
  CHECK(format_of(NumberKind::u8, {0, 16}).empty());
  CHECK(format_of(NumberKind::s8, {-5, 16}) == Metadata{{"input_type", "s8"}});
  CHECK(format_of(NumberKind::integer, {0, 255}).empty());
  CHECK(format_of(NumberKind::real, {3, 200}).empty());
  CHECK(format_of(NumberKind::real, {0, 0}) ==
        Metadata{{"input_scale", fmt::format("{}", 1 / 255.0)}, {"input_zero_point", "0"}});
  CHECK(format_of(NumberKind::integer, {0, 50}) ==
        Metadata{{"input_scale", "0.2"}, {"input_zero_point", "0"}});
  CHECK(format_of(NumberKind::integer, {-128, 127}) ==
        Metadata{{"input_scale", "1"}, {"input_zero_point", "128"}});
  CHECK(format_of(NumberKind::real, {-0.5, 25}) ==
        Metadata{{"input_scale", "0.1"}, {"input_zero_point", "5"}});
  CHECK(format_of(NumberKind::real, {2, 25.5}) ==
        Metadata{{"input_scale", "0.1"}, {"input_zero_point", "0"}});  // 0 is a byte, too
  const NumberTable rows = table_of(NumberKind::real, {25.5, 0.5, 1000});
  CHECK(input_format(rows, 2).at("input_scale") == "0.1");  // what is held out is not looked at
  CHECK_THAT(input_error([] {
               format_of(NumberKind::real, {1, NAN});
             }),
             Contains("x: number 1 is nan; give finite numbers"));
  CHECK_THAT(input_error([] { format_of(NumberKind::real, {-INFINITY}); }), Contains("is -inf"));
  CHECK_THAT(input_error([] { format_of(NumberKind::real, {1e39}); }), Contains("another unit"));
  CHECK_THAT(input_error([] { format_of(NumberKind::real, {1e-37}); }), Contains("another unit"));
}

TEST_CASE("what is said of inputs is passed on to a network that is made from another") {
  const Metadata format{{"input_scale", "0.5"}, {"input_zero_point", "3"}, {"input_hi", "15"}};
  Metadata all = format;
  all.insert({{"recipe", "float"}, {"output_scale", "2"}});
  CHECK(input_format_of(network_of(all)) == format);
}

TEST_CASE("random numbers come back from their bytes within half a step, whole ones exactly") {
  Generator random(test_seed());
  for (int round = 0; round < 500; ++round) {
    const bool whole = round % 2 == 0;
    const int least = uniform(random, -300, 100), span = uniform(random, 1, 255);
    const double unit = whole ? 1 : std::exp2(uniform(random, -20, 20)) / 1000.0;
    std::vector<double> values(20);
    for (double& value : values) value = unit * (least + uniform(random, 0, whole ? span : 1000));
    const Metadata format = format_of(NumberKind::real, values);
    const auto bytes = network_inputs(table_of(NumberKind::real, values), 1, format);
    const bool is_scaled = format.count("input_scale") != 0;
    const double scale = is_scaled ? std::stod(format.at("input_scale")) : 1;
    const double zero = is_scaled ? std::stod(format.at("input_zero_point")) : 0;
    const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
    const bool is_exact = whole && std::max(*hi, 0.0) - std::min(*lo, 0.0) <= 255;
    INFO("round " << round << ", from " << *lo << " to " << *hi);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double back = (bytes(static_cast<Eigen::Index>(i), 0) - zero) * scale;
      // The zero point is rounded, too, so that the ends may be clipped by half a step.
      CHECK(std::abs(back - values[i]) <= (is_exact ? 1e-9 : scale * 1.001));
      if (is_exact) CHECK(std::round(back) == values[i]);
    }
  }
}
