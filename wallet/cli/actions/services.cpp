#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

struct ListServicesOptions {
  std::string query;
  std::string type;
  std::string status = "open";
  std::string provider;  // wallet or address
  ListOptions list;
};

std::vector<Cell> service_row(const Json& service) {
  return {plain_cell(service["id"]),         plain_cell(service["name"]),  plain_cell(service["category"]),
          units_cell(service["price"]),      plain_cell(service["state"]), plain_cell(service["provider"]),
          plain_cell(service["description"])};
}

Outcome<void> list_services(Context& context, const ListServicesOptions& options) {
  JsonObject filters;
  if (!options.query.empty()) filters.text("query", options.query);
  if (!options.type.empty()) filters.text("category", options.type);
  if (options.status != "all") filters.text("state", options.status);
  AITBC_TRY(filter_by_account(context, filters, "provider", options.provider));
  return print_list(context, "market_listServices", filters, options.list,
                    {{{"service_id", "SERVICE"},
                      {"name", "NAME"},
                      {"type", "TYPE"},
                      {"price", "PRICE"},
                      {"status", "STATUS"},
                      {"provider", "PROVIDER"},
                      {"description", "DESCRIPTION"}},
                     {},
                     "no services",
                     true},
                    service_row);
}

struct CreateServiceOptions {
  std::string name;
  std::string type;
  std::string price;
  std::string description;
  std::string parameters;
  double delivery_hours = 0;
  double listing_hours = 0;
  CallOptions call;
};

Outcome<std::string> service_spec(const CreateServiceOptions& options) {
  AITBC_ASSIGN(const Amount price, ait_option(options.price, "--price"));
  std::uint64_t delivery = 0;
  std::uint64_t lifetime = 0;
  if (options.delivery_hours != 0) {
    AITBC_ASSIGN(delivery, seconds_of_hours(options.delivery_hours, "--delivery-hours"));
  }
  if (options.listing_hours != 0) {
    AITBC_ASSIGN(lifetime, seconds_of_hours(options.listing_hours, "--listing-hours"));
  }
  JsonObject out;
  out.text("name", options.name).text("category", options.type).text("price", to_units_string(price));
  out.text("description", options.description).text("parameters", options.parameters);
  return out.number("deliveryTime", delivery).number("lifetime", lifetime).str();
}

Outcome<void> create_service(Context& context, const CreateServiceOptions& options) {
  AITBC_ASSIGN(const std::string spec, service_spec(options));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "createService",
                           JsonObject().raw("spec", spec).str(), options.call.submit));
  const Json event = event_of(submitted, "ServiceCreated");
  report_call(context, "Service created: " + event["serviceId"].text(),
              {{{"service_id", "Service"}, plain_cell(event["serviceId"])},
               {{"name", "Name"}, plain_cell(event["name"])},
               {{"type", "Type"}, plain_cell(event["category"])},
               {{"price", "Price"}, units_cell(event["price"])}},
              submitted);
  return {};
}

void add_filters(CLI::App& command, ListServicesOptions& options) {
  command.add_option("--type", options.type, "Only of this category, such as ai-inference");
  command.add_option("--status", options.status, "In this state; 'all' for every one")
      ->check(CLI::IsMember({"all", "open", "assigned", "delivered", "settled", "cancelled", "expired",
                             "disputed", "resolved"}))
      ->capture_default_str();
  add_list_options(command, options.list);
}

void describe_create(CLI::App& command, CreateServiceOptions& options) {
  command.add_option("--name", options.name, "What customers see, at most 128 bytes")->required();
  command.add_option("--type", options.type, "Category: ai-inference, ai-training, gpu-rental, ...")
      ->required();
  command.add_option("--price", options.price, "Asked for all of it, in AIT; bids may differ")->required();
  command.add_option("--description", options.description, "At most 1024 bytes");
  command.add_option("--parameters", options.parameters, "KEY:VALUE,... for customers' programs");
  command.add_option("--delivery-hours", options.delivery_hours,
                     "From acceptance to delivery (default: the chain's)");
  command.add_option("--listing-hours", options.listing_hours,
                     "How long it is offered (default: the chain's)");
  add_call_options(command, options.call);
}

}  // namespace

void add_service_actions(CLI::App& actions, Context& context) {
  add_command<ListServicesOptions>(
      actions, context, "list", "List the services that are offered",
      [](CLI::App& command, ListServicesOptions& options) {
        command.add_option("--provider", options.provider, "Only of this provider (wallet or address)");
        add_filters(command, options);
      },
      list_services);
  add_command<ListServicesOptions>(
      actions, context, "search", "Find services by words of their name, description or category",
      [](CLI::App& command, ListServicesOptions& options) {
        command.add_option("--query", options.query, "Words that must all be there")->required();
        add_filters(command, options);
      },
      list_services);
  add_command<ListServicesOptions>(
      actions, context, "my-listings", "List a wallet's own services, in every state",
      [](CLI::App& command, ListServicesOptions& options) {
        command.add_option("--wallet", options.provider, "The provider's wallet (or its address)")
            ->required();
        options.status = "all";
        add_filters(command, options);
      },
      list_services);
  add_command<CreateServiceOptions>(actions, context, "create", "Offer a service", describe_create,
                                    create_service);
}

}  // namespace aitbc::cli
