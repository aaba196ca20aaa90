#include "wallet/cli/transaction_view.hpp"

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"

namespace aitbc::cli {
namespace {

Cell amount_cell(const Json& quantity) {
  const auto value = quantity.number();
  const auto amount = value ? to_amount(*value) : std::nullopt;
  return amount ? ait_cell(*amount) : Cell{"-", "null"};
}

Cell quantity_cell(const Json& quantity) {
  const auto value = quantity.u64();
  return value ? number_cell(*value) : Cell{"-", "null"};
}

std::string status_of(const Json& receipt) {
  if (receipt.is_null()) return "pending";
  return receipt["status"].u64() == 1U ? "success" : "failed";
}

std::string decoded_json(const market::Decoded& decoded) {
  JsonObject out;
  out.text("name", decoded.name);
  if (!decoded.type.empty()) out.text("type", decoded.type);
  return out.raw("arguments", decoded.arguments_json).str();
}

void add_call(Record& record, const Json& transaction) {
  const auto to = hex::parse_address(transaction["to"].text());
  const auto input = hex::decode(transaction["input"].text());
  if (!to || *to != market::kContract || !input) return;
  const auto call = market::decode_call(*input);
  if (!call) return;
  record.push_back({{"type", "Type"}, text_cell(call->type)});
  record.push_back(
      {{"call", "Call"}, {call->name + " " + printable(call->arguments_json), decoded_json(*call)}});
}

void add_events(Record& record, const Json& receipt) {
  std::string shown;
  std::vector<std::string> events;
  for (const Json& document : receipt["logs"].elements()) {
    const auto log = read_log(document);
    if (!log) continue;
    const auto event = market::decode_log(*log);
    if (!event) continue;
    shown += "\n  " + event->name + " " + printable(event->arguments_json);
    events.push_back(decoded_json(*event));
  }
  if (!events.empty())
    record.push_back({{"events", "Events"}, {std::to_string(events.size()) + shown, json_array(events)}});
}

}  // namespace

std::optional<Log> read_log(const Json& document) {
  Log out;
  const auto address = hex::parse_address(document["address"].text());
  const auto data = hex::decode(document["data"].text());
  if (!address || !data) return std::nullopt;
  out.address = *address;
  out.data = *data;
  for (const Json& topic : document["topics"].elements()) {
    const auto word = hex::decode_fixed<Hash>(topic.text());
    if (!word) return std::nullopt;
    out.topics.push_back(*word);
  }
  return out;
}

Record describe_transaction(const Json& transaction, const Json& receipt) {
  Record out{
      {{"hash", "Transaction"}, text_cell(transaction["hash"].text())},
      {{"status", "Status"}, text_cell(status_of(receipt))},
      {{"block_number", "Block"}, quantity_cell(transaction["blockNumber"])},
      {{"from", "From"}, address_cell(transaction["from"].text())},
      {{"to", "To"}, address_cell(transaction["to"].text())},
      {{"amount", "Amount"}, amount_cell(transaction["value"])},
      {{"nonce", "Nonce"}, quantity_cell(transaction["nonce"])},
  };
  add_call(out, transaction);
  if (receipt.is_null()) return out;
  out.push_back({{"gas_used", "Gas used"}, quantity_cell(receipt["gasUsed"])});
  const auto gas = receipt["gasUsed"].u64();
  const auto price = receipt["effectiveGasPrice"].number();
  const auto unit = price ? to_amount(*price) : std::nullopt;
  const auto fee = gas && unit ? checked_mul(*unit, *gas) : std::nullopt;
  if (fee) out.push_back({{"fee", "Fee"}, ait_cell(*fee)});
  add_events(out, receipt);
  return out;
}

}  // namespace aitbc::cli
