#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "codec/hex.hpp"
#include "wallet/cli/commands.hpp"

namespace aitbc::cli {
namespace {

std::string address_param(const Address& address) { return json_text(hex::encode_prefixed(address)); }

Outcome<void> propose(Context& context, const std::string& who, bool add) {
  AITBC_ASSIGN(const Address address, resolve_account(context, who));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  const std::string params = json_array({address_param(address), add ? "true" : "false"});
  AITBC_ASSIGN(const Json answer, node->call("qbft_proposeValidatorVote", params));
  if (!answer.is_true()) return failed(Exit::refused, "the node did not take the vote");
  context.output().record({{{"address", "Address"}, address_cell(address)},
                           {{"vote", "Vote"}, text_cell(add ? "add" : "remove")}});
  context.note("This node votes so in the blocks that it proposes, until the vote is carried or discarded.");
  return {};
}

Outcome<void> discard(Context& context, const std::string& who) {
  AITBC_ASSIGN(const Address address, resolve_account(context, who));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Json answer,
               node->call("qbft_discardValidatorVote", json_array({address_param(address)})));
  if (!answer.is_true())
    return failed(Exit::refused,
                  "this node has no vote about " + hex::checksummed(address) + " to take back");
  context.output().record(
      {{{"address", "Address"}, address_cell(address)}, {{"vote", "Vote"}, text_cell("discarded")}});
  return {};
}

Outcome<void> show_votes(Context& context) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Json votes, node->call("qbft_getPendingVotes"));
  Table table{{{"address", "Address"}, {"vote", "Vote"}}, {}, "This node casts no votes.", false};
  for (const auto& [address, add] : votes.members())
    table.rows.push_back({address_cell(address), text_cell(add.is_true() ? "add" : "remove")});
  context.output().table(table);
  return {};
}

struct Activity {
  std::string address;
  Json proposed;
  Json last;
};

// The set of the next block, with what each proposed among the last hundred.
Outcome<void> list(Context& context) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Json validators,
               node->call("qbft_getValidatorsByBlockNumber", json_array({json_text("pending")})));
  AITBC_ASSIGN(const Height head, node->head());
  std::vector<Activity> known;
  if (head > 0) {
    AITBC_ASSIGN(const Json metrics, node->call("qbft_getSignerMetrics"));
    for (const Json& signer : metrics.elements())
      known.push_back(
          {signer["address"].text(), signer["proposedBlockCount"], signer["lastProposedBlockNumber"]});
  }
  Table table{
      {{"address", "Address"}, {"proposed", "Proposed of the last 100"}, {"last_block", "Last block"}},
      {},
      "",
      false};
  for (const Json& validator : validators.elements()) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Activity& one) { return one.address == validator.text(); });
    const bool is_active = found != known.end();
    const auto last = is_active ? found->last.u64() : std::nullopt;
    table.rows.push_back({address_cell(validator.text()),
                          number_cell(is_active ? found->proposed.u64().value_or(0) : 0),
                          last ? number_cell(*last) : Cell{"-", "null"}});
  }
  context.output().table(table);
  return {};
}

void add_propose(CLI::App& group, Context& context) {
  CLI::App* command = group.add_subcommand("propose", "Let this node vote to add or remove a validator");
  auto who = std::make_shared<std::string>();
  auto is_removal = std::make_shared<bool>(false);
  command->add_option("address", *who, "Address of the validator, or a wallet's name")->required();
  CLI::Option* add = command->add_flag_callback(
      "--add", [] {}, "Vote to add it (the default)");
  command->add_flag("--remove", *is_removal, "Vote to remove it")->excludes(add);
  command->callback([&context, who, is_removal] {
    context.action = [&context, who, is_removal] { return propose(context, *who, !*is_removal); };
  });
}

}  // namespace

void add_validator_commands(CLI::App& root, Context& context) {
  CLI::App* group = root.add_subcommand("validator", "Who makes the blocks, and votes about it");
  group->require_subcommand(1);
  add_propose(*group, context);
  group->add_subcommand("votes", "The votes that this node casts")->callback([&context] {
    context.action = [&context] { return show_votes(context); };
  });
  group->add_subcommand("list", "The validators of the next block")->callback([&context] {
    context.action = [&context] { return list(context); };
  });
  CLI::App* command = group->add_subcommand("discard", "Take a vote of this node back");
  auto who = std::make_shared<std::string>();
  command->add_option("address", *who, "Address of the validator, or a wallet's name")->required();
  command->callback([&context, who] { context.action = [&context, who] { return discard(context, *who); }; });
}

}  // namespace aitbc::cli
