#include "marketplace/abi.hpp"
#include "marketplace/errors.hpp"
#include "marketplace/events.hpp"

namespace aitbc::market {
namespace {

template <class... Args>
std::vector<AbiParam> describe_args(const ErrorSpec<Args...>& spec) {
  return market::describe_args<Args...>(spec.arg_names);
}
template <class... Args>
std::vector<AbiParam> describe_args(const EventSpec<Args...>& spec) {
  std::vector<AbiParam> out = market::describe_args<EventArg<Args>...>(spec.arg_names);
  std::size_t next = 0;
  ((out[next++].indexed = kIsIndexed<Args>), ...);
  return out;
}

template <class Entry, class... Args, template <class...> class Spec>
Entry describe_entry(const Spec<Args...>& spec) {
  Entry out;
  out.name = spec.name;
  out.meaning = spec.meaning;
  out.inputs = describe_args(spec);
  out.signature = canonical_signature(spec.name, out.inputs);
  return out;
}

ErrorEntry describe_error_entry(const auto& spec) {
  auto out = describe_entry<ErrorEntry>(spec);
  out.selector = abi::selector(out.signature);
  return out;
}

EventEntry describe_event_entry(const auto& spec) {
  auto out = describe_entry<EventEntry>(spec);
  out.topic = abi::event_topic(out.signature);
  return out;
}

}  // namespace

std::span<const ErrorEntry> errors() {
  static const std::vector<ErrorEntry> entries = kErrors.apply(
      [](const auto&... spec) { return std::vector<ErrorEntry>{describe_error_entry(spec)...}; });
  return entries;
}

std::span<const EventEntry> events() {
  static const std::vector<EventEntry> entries = kEvents.apply(
      [](const auto&... spec) { return std::vector<EventEntry>{describe_event_entry(spec)...}; });
  return entries;
}

const abi::Selector& error_selector_at(std::size_t index) { return errors()[index].selector; }
const Hash& event_topic_at(std::size_t index) { return events()[index].topic; }

}  // namespace aitbc::market
