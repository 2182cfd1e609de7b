// An option that takes one of a table's names.

#include "support/command/choice_option.h"

#include <catch2/catch.hpp>

namespace {

enum class Colour { red, green };
const cfc::Choices<Colour> kColours{{"red", Colour::red}, {"green", Colour::green}};

}  // namespace

TEST_CASE("a choice is taken by its name, and nothing else is") {
  CLI::App app;
  Colour colour = Colour::green;
  cfc::add_choice(app, "--colour", colour, kColours, "Of the page");
  CHECK_THAT(app.help(), Catch::Contains("{red,green}=green"));
  app.parse("--colour red");
  CHECK(colour == Colour::red);
  CHECK_THROWS_WITH(app.parse("--colour blue"), "--colour: blue not in {red,green}");
  CHECK(colour == Colour::red);
  app.parse("");
  CHECK(colour == Colour::red);
  CHECK(cfc::name_of(kColours, Colour::green) == "green");
}
