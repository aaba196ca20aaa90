#include "wallet/notify/market_event.hpp"

#include <algorithm>
#include <cctype>

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "wallet/cli/transaction_view.hpp"

namespace aitbc::notify {
namespace {

// "Price per hour" of "pricePerHour".
std::string title_of(std::string_view argument) {
  std::string out;
  for (const char c : argument) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (upper) out += ' ';
    const int folded = out.empty() ? std::toupper(static_cast<unsigned char>(c))
                                   : std::tolower(static_cast<unsigned char>(c));
    out += static_cast<char>(folded);
  }
  if (out.ends_with(" id")) out.resize(out.size() - 3);
  return out;
}

const market::EventEntry* entry_of(const std::string& name) {
  const auto all = market::events();
  const auto at =
      std::find_if(all.begin(), all.end(), [&name](const auto& event) { return event.name == name; });
  return at == all.end() ? nullptr : &*at;
}

void add_argument(MarketEvent& event, const market::AbiParam& param, const cli::Json& value) {
  std::string text = value.text();
  if (param.type == "uint256") {
    const auto units = value.number();
    const Amount amount = units ? to_amount(*units).value_or(Amount{}) : Amount{};
    event.largest = std::max(event.largest, amount);
    text = to_ait_string(amount) + " AIT";
  } else if (param.type == "address") {
    const auto address = hex::parse_address(text);
    if (address) event.addresses.push_back(*address);
  } else if (param.id_kind && !value.is_null()) {
    event.records.push_back(text);
    if (event.subject.empty()) event.subject = text;
  }
  if (text.empty()) return;
  event.fields.push_back({param.name, title_of(param.name), std::move(text)});
}

}  // namespace

std::string MarketEvent::shown(std::string_view argument) const {
  for (const Field& field : fields)
    if (field.argument == argument) return field.value;
  return "";
}

std::vector<MarketEvent> read_events(const cli::Json& logs) {
  std::vector<MarketEvent> out;
  for (const cli::Json& document : logs.elements()) {
    const auto log = cli::read_log(document);
    const auto decoded = log ? market::decode_log(*log) : fail(ErrorCode::not_found, "");
    if (!decoded) continue;
    const market::EventEntry* entry = entry_of(decoded->name);
    if (entry == nullptr) continue;
    MarketEvent event;
    event.at = {document["blockNumber"].u64().value_or(0), document["logIndex"].u64().value_or(0)};
    event.transaction = document["transactionHash"].text();
    event.name = decoded->name;
    event.headline = entry->meaning.substr(0, entry->meaning.find_first_of(".:;,"));
    const cli::Json arguments = cli::Json::parse(decoded->arguments_json).value_or(cli::Json());
    for (const market::AbiParam& param : entry->inputs) add_argument(event, param, arguments[param.name]);
    out.push_back(std::move(event));
  }
  return out;
}

bool passes(const Channel& channel, const MarketEvent& event) {
  const auto has = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  const auto shares_one = [&has](const auto& wanted, const auto& present) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const auto& each) { return has(present, each); });
  };
  if (channel.events.empty() && event.name == "Heartbeat") return false;
  if (!channel.events.empty() && !has(channel.events, event.name)) return false;
  if (!channel.addresses.empty() && !shares_one(channel.addresses, event.addresses)) return false;
  if (!channel.records.empty() && !shares_one(channel.records, event.records)) return false;
  return !channel.min_amount || event.largest >= *channel.min_amount;
}

}  // namespace aitbc::notify
