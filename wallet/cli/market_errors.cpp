#include "wallet/cli/market_errors.hpp"

#include <algorithm>

#include "marketplace/abi.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/output.hpp"

namespace aitbc::cli {
namespace {

struct Hint {
  std::string_view error;
  std::string_view advice;
};
constexpr Hint kHints[] = {
    {"StakeTooLow", "put that much at stake first: aitbc stake add --wallet NAME --amount AMOUNT"},
    {"InsufficientBalance", "fund the wallet first: aitbc send --from OTHER --to NAME --amount AMOUNT"},
    {"GpuNotFree", "choose another time, or another GPU: aitbc marketplace gpu list --available"},
    {"PriceAboveMaximum", "raise --max-price"},
    {"BookingNotDue", "end it early with: aitbc marketplace gpu release"},
    {"BidTooLow", "bid more"},
    {"GpuNotFound", "see: aitbc marketplace gpu list"},
    {"BookingNotFound", "see: aitbc marketplace orders list"},
    {"BidNotFound", "see: aitbc marketplace bid list"},
    {"ServiceNotFound", "see: aitbc marketplace services list"},
    {"OfferNotFound", "see: aitbc marketplace offers list"},
    {"JobNotFound", "see: aitbc jobs list"},
    {"AuctionNotFound", "see: aitbc auction list"},
    {"DisputeNotFound", "see: aitbc dispute list"},
    {"ProposalNotFound", "see: aitbc governance list"},
};

constexpr std::string_view kMoments[] = {"start", "end", "due", "since", "now", "evictAt"};

std::string argument_text(std::string_view error, const market::AbiParam& param, const Json& value) {
  const auto number = value.number();
  const bool is_moment =
      std::find(std::begin(kMoments), std::end(kMoments), param.name) != std::end(kMoments);
  if (is_moment && number && number->fits_u64()) return time_cell(number->low_u64()).shown;
  // OutOfRange carries numbers of any kind in its wide fields.
  const bool is_money = param.type == "uint256" && error != "OutOfRange";
  const auto amount = is_money && number ? to_amount(*number) : std::nullopt;
  return amount ? ait_cell(*amount).shown : value.text();
}

std::string sentence(const market::ErrorEntry& entry, const std::string& arguments) {
  std::string out(entry.meaning);
  while (out.ends_with('.')) out.pop_back();
  out += " (" + std::string(entry.name) + (arguments.empty() ? "" : ": " + arguments) + ")";
  for (const Hint& hint : kHints)
    if (hint.error == entry.name) out += "; " + std::string(hint.advice);
  return out;
}

const market::ErrorEntry* find_error(std::string_view name) {
  const auto entries = market::errors();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& each) { return each.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

std::string explain_revert(ByteView revert_data) {
  const auto decoded = market::decode_error(revert_data);
  if (!decoded) return {};
  const market::ErrorEntry* entry = find_error(decoded->name);
  const auto arguments = Json::parse(decoded->arguments_json);
  if (entry == nullptr || !arguments) return {};
  std::string shown;
  for (const market::AbiParam& param : entry->inputs) {
    if (!shown.empty()) shown += ", ";
    shown += param.name + " " + argument_text(entry->name, param, (*arguments)[param.name]);
  }
  return sentence(*entry, shown);
}

std::string explain_message(std::string_view message) {
  const std::size_t open = message.find('(');
  if (open == std::string_view::npos || !message.ends_with(')')) return {};
  const market::ErrorEntry* entry = find_error(message.substr(0, open));
  if (entry == nullptr) return {};
  std::string arguments;
  for (const char c : message.substr(open + 1, message.size() - open - 2))
    if (c != '"' && c != ':') arguments += c;
  return sentence(*entry, arguments);
}

}  // namespace aitbc::cli
