#include "marketplace/abi.hpp"

namespace aitbc::market {
namespace {

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
  static const std::vector<ErrorEntry> entries = std::apply(
      [](const auto&... spec) { return std::vector<ErrorEntry>{describe_error_entry(spec)...}; }, kErrors);
  return entries;
}

std::span<const EventEntry> events() {
  static const std::vector<EventEntry> entries = std::apply(
      [](const auto&... spec) { return std::vector<EventEntry>{describe_event_entry(spec)...}; }, kEvents);
  return entries;
}

}  // namespace aitbc::market
