#include <filesystem>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "compress/methods/pruning.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "support/digest.h"
#include "tests/compress/helpers/workspace.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::refusal_of;
using cfc::testing::Workspace;

TEST_CASE("train, factorise and evaluate work together, and say how they did it") {
  const Workspace work;
  const CommandResult trained = work.run("$C train --epochs 30 --qat-epochs 3 -o a.onnx");
  INFO(trained.errors);
  REQUIRE(trained.status == 0);
  REQUIRE_THAT(trained.errors, Contains("epoch 30/30") && Contains("s left"));
  const CommandResult factorised = work.run("$C factorise a.onnx --rank 8 --epochs 3 -o b.onnx");
  INFO(factorised.errors);
  REQUIRE(factorised.status == 0);

  const golden::Network network = golden::read_network(work.made() / "b.onnx");
  REQUIRE(network.layers[0].rank() == 8);
  REQUIRE(network.metadata.at("rank") == "fc1=8");
  REQUIRE(network.metadata.at("seed") == "1");
  REQUIRE(
      network.metadata.at("command") ==
      "cfc-compress train --epochs 30 --qat-epochs 3 --seed 1 -o a.onnx && "
      "cfc-compress factorise a.onnx --layer 1 --rank 8 --z-bits 8 --epochs 3 --seed 1 -o b.onnx");
  REQUIRE_THAT(read_file(work.made() / "b.onnx"), !Contains(work.made().string()));

  for (const std::string split : {"validation", "test"}) {
    const CommandResult evaluated = work.run("$C evaluate b.onnx --split " + split);
    REQUIRE(evaluated.status == 0);
    REQUIRE_THAT(evaluated.output, Contains(network.metadata.at(split + "_accuracy")));
    const CommandResult told = work.run("$C evaluate b.onnx --json - --split " + split);
    const auto result = nlohmann::json::parse(told.output);
    REQUIRE(result.at("schema") == "cfcsim.evaluation/1");
    REQUIRE(fmt::format("{:.4f}", result.at("accuracy").get<double>()) ==
            network.metadata.at(split + "_accuracy"));
    REQUIRE(result.at("network").at("sha256") == sha256_of_file(work.made() / "b.onnx"));
  }
}

TEST_CASE("refine shapes all layers at once, and its command in the file makes the file again") {
  const Workspace work;
  REQUIRE(work.run("$C train --epochs 5 --qat-epochs 1 -o a.onnx").status == 0);
  const CommandResult refined = work.run(
      "$C refine a.onnx --json b.json --factorise 1:8 2:6 --weight-bits 4 --zeros fc1.u:0.5 "
      "fc3.w:0.25 --shift 1 "
      "--teacher a.onnx --epochs 2 --seed 3 -o b.onnx");
  INFO(refined.errors);
  REQUIRE(refined.status == 0);
  REQUIRE_THAT(refined.output, Contains("weights are not zero"));
  const auto result = nlohmann::json::parse(read_file(work.made() / "b.json"));
  REQUIRE(result.at("schema") == "cfcsim.network/1");
  REQUIRE(result.at("weights").at("not_zero") < result.at("weights").at("all"));
  const golden::Network network = golden::read_network(work.made() / "b.onnx");
  REQUIRE(network.metadata.at("rank") == "fc1=8 fc2=6");
  REQUIRE(network.metadata.at("seed") == "3");
  REQUIRE(std::get<golden::FactorisedWeights>(network.layers[1].weights).v_bits == 4);
  REQUIRE(std::get<golden::DenseWeights>(network.layers[2].weights).w_bits == 4);

  const std::string first = read_file(work.made() / "b.onnx");
  std::string command = network.metadata.at("command");
  for (std::size_t at = 0; (at = command.find("cfc-compress", at)) != std::string::npos; at += 2)
    command.replace(at, std::string("cfc-compress").size(), "$C");
  REQUIRE(work.run("rm *.onnx && " + command).status == 0);
  REQUIRE(read_file(work.made() / "b.onnx") == first);
}

TEST_CASE("train makes any chain of layers") {
  const Workspace work;
  for (const std::string layers : {"64-10", "64-20-10", "64-8-9-11-12-10"}) {
    const std::string train = "$C train --epochs 2 --qat-epochs 1 --batch 50 --layers " + layers;
    REQUIRE(work.run(train + " -o a.onnx").status == 0);
    const golden::Network network = golden::read_network(work.made() / "a.onnx");
    std::string found = std::to_string(network.inputs());
    for (const golden::Layer& layer : network.layers) found += fmt::format("-{}", layer.outputs());
    CHECK(found == layers);
    CHECK(
        network.metadata.at("command") ==
        fmt::format("cfc-compress train --epochs 2 --qat-epochs 1 --layers {} --batch 50 --seed 1 "
                    "-o a.onnx",
                    layers));
  }
}

golden::Index zeros_of(const golden::Layer& layer) {
  return (std::get<golden::DenseWeights>(layer.weights).w.array() == 0).count();
}

TEST_CASE("prune sets weights to 0 by the method it is told, and says so in the file") {
  const Workspace work;
  REQUIRE(work.run("$C train --epochs 5 --qat-epochs 0 -o a.onnx").status == 0);
  const golden::Network before = golden::read_network(work.made() / "a.onnx");
  for (const Pruning method : all_prunings()) {
    const std::string name(name_of(method));
    const CommandResult outcome = work.run("$C prune a.onnx --method " + name +
                                           " --ratio 0.5 --seed 3 -o b.onnx --json b.json");
    INFO(name << "\n" << outcome.errors);
    REQUIRE(outcome.status == 0);
    const golden::Network network = golden::read_network(work.made() / "b.onnx");
    const golden::Network expected = prune(before, method, 0.5, 3);
    for (std::size_t i = 0; i < network.layers.size(); ++i)
      CHECK(std::get<golden::DenseWeights>(network.layers[i].weights).w ==
            std::get<golden::DenseWeights>(expected.layers[i].weights).w);
    CHECK(zeros_of(network.layers[0]) >= 64 * 50 / 2 - 200);
    CHECK_THAT(network.metadata.at("command"), EndsWith(" && cfc-compress prune a.onnx --method " +
                                                        name + " --ratio 0.5 --seed 3 -o b.onnx"));
    CHECK_THAT(read_file(work.made() / "b.json"), Contains("cfcsim.network/1"));
  }
}

TEST_CASE("a network says which data each of its steps had") {
  const Workspace work;
  REQUIRE(work.run("$C train --epochs 1 --qat-epochs 0 -o a.onnx && "
                   "$C factorise a.onnx --rank 8 --epochs 0 -o b.onnx && "
                   "$C refine b.onnx --epochs 0 --data ../relabelled -o c.onnx")
              .status == 0);
  const auto data_of = [&](const char* file) {
    return golden::read_network(work.made() / file).metadata.at("data");
  };
  REQUIRE(data_of("a.onnx").size() == 64);
  REQUIRE(data_of("b.onnx") == data_of("a.onnx"));
  REQUIRE_THAT(data_of("c.onnx"), StartsWith(data_of("a.onnx") + " && "));
}

TEST_CASE("the same command makes the same file, another seed another one") {
  const Workspace work;
  const std::string train = "$C train --epochs 2 --qat-epochs 1 -o a.onnx --seed ";
  REQUIRE(work.run(train + "5").status == 0);
  const std::string first = read_file(work.made() / "a.onnx");
  REQUIRE(work.run(train + "5").status == 0);
  REQUIRE(read_file(work.made() / "a.onnx") == first);
  REQUIRE(work.run(train + "6").status == 0);
  REQUIRE(read_file(work.made() / "a.onnx") != first);
}

TEST_CASE("bad input gives status 2, one clear message and no file") {
  const Workspace work;
  REQUIRE(work.run("$C train --epochs 0 --qat-epochs 0 -o a.onnx").status == 0);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"$C", "subcommand"},
      {"$C train", "--output"},
      {"$C train --epochs -1 -o x.onnx", "--epochs"},
      {"$C train --epochs 1 --data nowhere -o x.onnx", "nowhere"},
      {"$C train --epochs 1 -o nowhere/x.onnx", "nowhere"},
      {"$C factorise a.onnx --rank 29 -o x.onnx", "largest useful rank is 28"},
      {"$C factorise a.onnx --rank 51 -o x.onnx", "min(m, n) = 50"},
      {"$C factorise a.onnx --rank 5 --layer 4 -o x.onnx", "no layer 4"},
      {"$C factorise a.onnx --rank 5 --z-bits 1 -o x.onnx", "--z-bits"},
      {"$C factorise a.onnx --rank 5 --data ../small -o x.onnx", "16 pixels"},
      {"$C prune a.onnx -o x.onnx", "--ratio"},
      {"$C prune a.onnx --ratio 1 -o x.onnx", "pruning ratio 1"},
      {"$C prune a.onnx --ratio nan -o x.onnx", "--ratio: "},
      {"$C prune a.onnx --ratio 0.5 --method best -o x.onnx", "pruning method \"best\""},
      {"$C prune a.onnx --ratio 0.5 --data ../small -o x.onnx", "16 pixels"},
      {"$C factorise a.onnx --rank 5 --epochs 0 -o f.onnx && $C prune f.onnx --ratio 0.5 -o x.onnx",
       "factorised"},
      {"$C refine a.onnx --factorise 1:29 -o x.onnx", "largest useful rank is 28"},
      {"$C refine a.onnx --factorise 1 -o x.onnx", "LAYER:RANK"},
      {"$C refine a.onnx --factorise 1:5 1:5 -o x.onnx", "factorised already"},
      {"$C refine a.onnx --weight-bits 1 -o x.onnx", "--weight-bits"},
      {"$C refine a.onnx --zeros fc1.u:0.5 -o x.onnx", "fc1.w"},
      {"$C refine a.onnx --zeros fc1.w:1.5 -o x.onnx", "MATRIX:SHARE"},
      {"$C refine a.onnx --zeros fc1.w:0.5 fc1.w:0.6 -o x.onnx", "has one already"},
      {"$C refine a.onnx --shift -1 -o x.onnx", "--shift"},
      {"$C refine a.onnx --teacher nowhere.onnx -o x.onnx", "nowhere.onnx"},
      {"$C train --epochs 1 --data ../labels -o x.onnx", "label 10"},
      {"$C train --dropout-location 3 -o x.onnx", "dropout location 3"},
      {"$C train --layers 65-20-10 -o x.onnx", "begins with 65 inputs and ends with 10 outputs"},
      {"$C train --layers 64-20-9 -o x.onnx", "but the data have 64 and 10"},
      {"$C train --dropout 0.2 -o x.onnx", "--dropout requires --dropout-location"},
      {"$C train --seed 010 -o x.onnx", "'010' is not a whole number"},
      {"cp a.onnx p.onnx && $C prune a.onnx --ratio 0.5 -o p.onnx --json p.onnx",
       "would overwrite"},
      {"ln a.onnx hard && $C refine a.onnx --teacher hard -o a.onnx", "would overwrite"},
      {"$C train --dropout-location 1 --dropout 1 -o x.onnx", "dropout probability 1"},
      {"$C train --teacher best -o x.onnx", "teacher \"best\""},
      {"$C factorise nowhere.onnx --rank 5 -o x.onnx", "nowhere.onnx"},
      {"$C evaluate ../data/t10k-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"},
      {"$C evaluate a.onnx --data ../small", "a.onnx takes 64 inputs, but the images in ../small"},
      {"mkdir -p d && $C train -o d", "Is a directory"},
      {"$C train --json nowhere/x.json -o x.onnx", "nowhere/x.json"},
      {"$C factorise a.onnx --rank 5 -o d", "Is a directory"},
      {"$C refine a.onnx --json d -o x.onnx", "Is a directory"},
      {"cp ../data/* d && cp ../small/t10k* d && $C train --data d -o x.onnx", "4 x 4"},
      {"printf '\\0\\0\\0\\4\\0\\0\\0\\20' > size && cp ../data/t10k* d && "
       "dd if=size of=d/t10k-images-idx3-ubyte bs=1 seek=8 conv=notrunc 2>/dev/null && "
       "$C train --data d -o x.onnx",
       "test images are 4 x 16 pixels"},
      {"$C evaluate a.onnx --split rest", "rest"},
      {"$C train --peak-rate nan -o x.onnx", "--peak-rate: "},
      {"$C train --qat-peak-rate inf -o x.onnx", "--qat-peak-rate: "},
      {"$C train --base-rate nan -o x.onnx", "--base-rate: "},
      {"$C train --dropout nan --dropout-location 1 -o x.onnx", "--dropout: "},
      {"$C train --epochs 1 --peak-rate 1e30 -o x.onnx", "diverged in epoch 1"},
      {"$C refine a.onnx --weight-decay nan -o x.onnx", "--weight-decay: "},
      {"$C refine a.onnx --peak-rate infinity -o x.onnx", "--peak-rate: "},
      {"$C refine a.onnx --rotate nan -o x.onnx", "--rotate: "},
      {"$C refine a.onnx --zeros fc1.w:nan -o x.onnx", "MATRIX:SHARE"},
      {"$C search f --beta nan", "--beta: "},
      {"$C search f --dropout nan", "--dropout: "},
      {"$C search f --compressions nan", "--compressions: "},
      {"$C search f --pruning-ratios nan", "--pruning-ratios: "},
  };
  for (const auto& [line, message] : cases) {
    const CommandResult outcome = work.run(line);
    INFO(line << "\n" << outcome.errors);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.errors + outcome.output, Contains(message));
    CHECK_THAT(outcome.errors, !Contains("epoch 1/"));
    CHECK_FALSE(fs::exists(work.made() / "d.checkpoint"));
    CHECK_FALSE(fs::exists(work.made() / "x.onnx"));
    CHECK_FALSE(fs::exists(work.made() / "x.onnx.checkpoint"));
  }
}

TEST_CASE("the committed networks are as accurate as they say, and as they must be") {
  const std::vector<std::pair<std::string, double>> networks = {
      {"mnist-784-50-100-10.onnx", 0.979},
      {"mnist-784-50-100-10-r30.onnx", 0.978},
      {"mnist-784-50-100-10-r16.onnx", 0.976},
      {"mnist-784-50-100-10-r8.onnx", 0.958},
      {"mnist-784-50-100-10-r30-4bit.onnx", 0.978},
      {"mnist-784-50-100-10-r30-ternary.onnx", 0.973},
      {"mnist-784-50-100-10-r30-sparse.onnx", 0.977},
      {"mnist-784-50-100-10-r30-r20.onnx", 0.977}};
  for (const auto& [name, least] : networks) {
    const golden::Network network = golden::read_network(fs::path(CFCSIM_MODELS) / name);
    REQUIRE(std::stod(network.metadata.at("validation_accuracy")) >= least);
    for (const golden::Split split : {golden::Split::validation, golden::Split::test}) {
      const golden::Dataset data = golden::load_dataset(CFCSIM_TEST_DATA, split);
      const double accuracy =
          golden::accuracy(golden::infer(network, data.images).classes, data.labels);
      const char* key = split == golden::Split::test ? "test_accuracy" : "validation_accuracy";
      INFO(name << ", " << key);
      REQUIRE(fmt::format("{:.4f}", accuracy) == network.metadata.at(key));
    }
  }
}

TEST_CASE("a training that is killed goes on with the same command to the same network") {
  const Workspace work;
  const std::string train =
      "$C train --epochs 300 --qat-epochs 3 --dropout 0.2 --dropout-location 1 -o ";
  REQUIRE(work.run("mkdir whole && " + train + "whole/x.onnx").status == 0);
  work.run("{ " + train +
           "x.onnx & }; for wait in $(seq 1000); do [ -e x.onnx.checkpoint ] && break; sleep 0.02; "
           "done; kill -9 $!; wait $!");
  REQUIRE_FALSE(fs::exists(work.made() / "x.onnx"));
  const CommandResult outcome = work.run(train + "x.onnx");
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  REQUIRE_THAT(outcome.errors, !Contains("epoch 1/300"));
  REQUIRE(read_file(work.made() / "x.onnx") == read_file(work.made() / "whole" / "x.onnx"));
  REQUIRE_FALSE(fs::exists(work.made() / "x.onnx.checkpoint"));
}

TEST_CASE("factorise and refine go on after an interruption, and only from the same network") {
  const Workspace work;
  for (const std::string how : {"factorise a.onnx --rank 8", "refine a.onnx --teacher a.onnx"}) {
    REQUIRE(work.run("$C train --epochs 1 --qat-epochs 0 -o a.onnx").status == 0);
    const std::string line = "$C " + how + " --epochs 10000 -o x.onnx";
    const CommandResult started =
        work.run("timeout --foreground --preserve-status -s INT 4 " + line);
    INFO(how << "\n" << started.errors);
    CHECK(started.status == 130);
    CHECK_THAT(started.errors, Contains("goes on"));
    const CommandResult again = work.run("timeout --foreground --preserve-status -s INT 4 " + line);
    CHECK_THAT(again.errors, Contains("epoch") && !Contains("epoch 1/"));
    const CommandResult relabelled = work.run(line + " --data ../relabelled");
    CHECK_THAT(refusal_of(relabelled), Contains("x.onnx.checkpoint"));
    const CommandResult other = work.run(
        "$C train --epochs 1 --qat-epochs 0 --seed 2 -o b.onnx && mv b.onnx a.onnx && " + line);
    CHECK(other.status == 2);
    CHECK_THAT(other.errors, Contains("x.onnx.checkpoint"));
    REQUIRE(fs::remove(work.made() / "x.onnx.checkpoint"));
  }
}

TEST_CASE("a checkpoint of other options, of other data or a damaged one stops the training") {
  const Workspace work;
  const CommandResult started =
      work.run("timeout --foreground --preserve-status -s INT 4 $C train --epochs 10000 -o x.onnx");
  REQUIRE(started.status == 130);
  REQUIRE_THAT(started.errors, Contains("interrupted") && Contains("goes on"));
  REQUIRE_FALSE(fs::exists(work.made() / "x.onnx"));
  const fs::path checkpoint = work.made() / "x.onnx.checkpoint";
  REQUIRE(fs::exists(checkpoint));
  const CommandResult other = work.run("$C train --epochs 2 -o x.onnx");
  CHECK(other.status == 2);
  CHECK_THAT(other.errors, Contains("--epochs 10000"));
  const CommandResult relabelled =
      work.run("$C train --epochs 10000 -o x.onnx --data ../relabelled");
  CHECK(relabelled.status == 2);
  CHECK_THAT(relabelled.errors, Contains("on the same data"));
  fs::resize_file(checkpoint, fs::file_size(checkpoint) - 1);
  const CommandResult damaged = work.run("$C train --epochs 10000 -o x.onnx");
  CHECK(damaged.status == 2);
  CHECK_THAT(damaged.errors, Contains("x.onnx.checkpoint"));
}

TEST_CASE("a full disk is one clear error, and the file that was there stays") {
  const Workspace work;
  REQUIRE(work.run("$C train --epochs 1 --qat-epochs 0 -o a.onnx").status == 0);
  const std::string before = read_file(work.made() / "a.onnx");
  const CommandResult full =
      work.run("ulimit -f 1 && $C train --epochs 2 --qat-epochs 0 -o a.onnx");
  CHECK(full.status == 2);
  CHECK_THAT(full.errors, Contains("a.onnx"));
  CHECK(read_file(work.made() / "a.onnx") == before);
}

TEST_CASE("a network learns with dropout and from teachers") {
  const Workspace work;
  for (const std::string how :
       {"--dropout 0.2 --dropout-location 1 2", "--teacher float", "--teacher integer"}) {
    const CommandResult trained = work.run("$C train --epochs 20 --qat-epochs 3 -o a.onnx " + how);
    INFO(trained.errors);
    REQUIRE(trained.status == 0);
    const golden::Network network = golden::read_network(work.made() / "a.onnx");
    CHECK(std::stod(network.metadata.at("validation_accuracy")) > 0.9);
    CHECK_THAT(network.metadata.at("command"), Contains(how));
  }
}

}  // namespace
}  // namespace cfc::compress
