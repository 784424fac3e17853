#include <memory>
#include <string>
#include <vector>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/output/catalog_view.h"

namespace loadline::cli {
namespace {

struct HardwareArguments {
  std::string name = {};
  std::optional<double> memory_gib = {};
  std::vector<catalog_api::HardwarePrice> prices = {};
  std::vector<std::string> aliases = {};
};

const ArgumentNames& Names() {
  static const ArgumentNames names = {{"hardware.name", "NAME"},
                                      {"hardware.memory_gib", "--memory-gib"},
                                      {"hardware.prices", "--price"},
                                      {"hardware.aliases", "--alias"}};
  return names;
}

// "aws:on_demand=4.10"; without an option it is on_demand.
catalog_api::HardwarePrice ParsePrice(const std::string& text) {
  const auto [seller, usd] = ParseNameAndValue(text, "--price", "aws:on_demand=4.10");
  const auto colon = seller.find(':');
  catalog_api::HardwarePrice price;
  price.set_provider(seller.substr(0, colon));
  price.set_purchase_option(colon == std::string::npos ? "on_demand" : seller.substr(colon + 1));
  price.set_usd_per_gpu_hour(ParseNumber(usd, "--price"));
  return price;
}

ExitStatus SetHardware(Session& session, const HardwareArguments& arguments) {
  catalog_api::UpsertHardwareRequest request;
  auto* hardware = request.mutable_hardware();
  hardware->set_name(arguments.name);
  if (arguments.memory_gib) hardware->set_memory_gib(*arguments.memory_gib);
  hardware->mutable_prices()->Assign(arguments.prices.begin(), arguments.prices.end());
  hardware->mutable_aliases()->Assign(arguments.aliases.begin(), arguments.aliases.end());
  return Show(session, Store(session).Send(request), Names(), [](const auto& response, std::ostream& out) {
    catalog_api::ListHardwareResponse listing;
    *listing.add_hardware() = response.hardware();
    PrintHardware(listing, out);
  });
}

void AddSet(CLI::App& hardware, Session& session) {
  CLI::App* command = hardware.add_subcommand("set", "Add a GPU type, or change its memory or a price");
  const auto arguments = std::make_shared<HardwareArguments>();
  command->add_option("NAME", arguments->name, "Its name, such as H100")->required()->type_name("");
  auto* memory = AddNumber(*command, "--memory-gib", &arguments->memory_gib, "Memory of one GPU, GiB");
  const auto add_prices = [arguments](const std::vector<std::string>& texts) {
    for (const auto& text : texts) arguments->prices.push_back(ParsePrice(text));
  };
  auto* price = command->add_option_function<std::vector<std::string>>(
      "--price", add_prices, "US dollars per GPU and hour; repeatable. Other prices stay");
  price->allow_extra_args(false)->type_name("PROVIDER[:OPTION]=USD");
  auto* alias = AddNames(*command, "--alias", &arguments->aliases, "Another name for it in reports; repeatable");
  AddExample(*command, "loadline hardware set H100 --memory-gib 80 --price aws:on_demand=4.10 --price aws:spot=2.05");
  command->callback([&session, arguments, memory, price, alias] {
    if (memory->empty() && price->empty() && alias->empty()) {
      throw CLI::ValidationError("NAME", "nothing to set; give --memory-gib, --price or --alias");
    }
    session.command = [&session, arguments] { return SetHardware(session, *arguments); };
  });
}

}  // namespace

void AddHardware(CLI::App& app, Session& session) {
  CLI::App* hardware = app.add_subcommand("hardware", "Change GPU types and their prices");
  hardware->require_subcommand(1);
  AddExample(*hardware, "loadline hardware set H100 --price aws:on_demand=4.10");
  AddSet(*hardware, session);
}

}  // namespace loadline::cli
