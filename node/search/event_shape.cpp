#include "node/search/event_shape.hpp"

#include <algorithm>
#include <map>

namespace aitbc::search {
namespace {

constexpr std::size_t kWord = 32;
constexpr ByteView::size_type kAddressOffset = kWord - Address::kSize;

// One word of an event's data, or as many as a static type takes: every event has words and dynamic
// arguments only, and a dynamic one has one word in the head.
bool is_subject(std::string_view name) { return name == "targetId" || name == "subjectId"; }

}  // namespace

EventShape::EventShape(const market::EventEntry& entry) : entry_(&entry) {
  std::size_t topic = 1;
  std::size_t data = 0;
  for (const market::AbiParam& param : entry.inputs) {
    Field field;
    field.name = param.name;
    field.indexed = param.indexed;
    field.place = param.indexed ? topic++ : data++;
    field.id_kind = param.id_kind;
    field.is_address = param.type == "address";
    field.is_target = is_subject(param.name);
    fields_.push_back(field);
  }
}

ByteView EventShape::word(const Log& log, const Field& field) {
  if (field.indexed) return log.topics.at(field.place);
  return ByteView(log.data).subspan(field.place * kWord, kWord);
}

const EventShape::Field& EventShape::field(std::string_view argument) const {
  const auto at =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& each) { return each.name == argument; });
  AITBC_CHECK(at != fields_.end(), "an event without the argument that is asked for");
  return *at;
}

std::optional<market::Kind> EventShape::target_kind(const Log& log, std::size_t index) const {
  const std::uint8_t value = word(log, fields_[index - 1])[kWord - 1];
  if (fields_[index].name == "subjectId")
    return static_cast<market::SubjectKind>(value) == market::SubjectKind::booking ? market::Kind::booking
                                                                                   : market::Kind::service;
  switch (static_cast<market::TargetKind>(value)) {
    case market::TargetKind::gpu:
      return market::Kind::gpu;
    case market::TargetKind::service:
      return market::Kind::service;
    case market::TargetKind::offer:
      return market::Kind::offer;
  }
  return std::nullopt;
}

std::vector<RecordRef> EventShape::records(const Log& log) const {
  std::vector<RecordRef> out;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto kind = fields_[i].is_target ? target_kind(log, i) : fields_[i].id_kind;
    if (!kind) continue;
    const std::uint64_t id = read_be64(word(log, fields_[i]).last(8));
    if (id != 0) out.push_back({*kind, id});
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<Address> EventShape::accounts(const Log& log) const {
  std::vector<Address> out;
  for (const Field& each : fields_) {
    if (!each.is_address) continue;
    const Address account = Address::from(word(log, each).subspan(kAddressOffset));
    if (!account.is_zero() && std::find(out.begin(), out.end(), account) == out.end()) out.push_back(account);
  }
  return out;
}

Amount EventShape::amount(const Log& log, std::string_view argument) const {
  const ByteView bytes = word(log, field(argument));
  return Amount::from_units(uint128{read_be64(bytes.subspan(16))} << 64 | read_be64(bytes.subspan(24)));
}

std::uint64_t EventShape::number(const Log& log, std::string_view argument) const {
  return read_be64(word(log, field(argument)).last(8));
}

Address EventShape::address(const Log& log, std::string_view argument) const {
  return Address::from(word(log, field(argument)).subspan(kAddressOffset));
}

const EventShape* shape_of(const Log& log) {
  static const std::map<Hash, EventShape> shapes = [] {
    std::map<Hash, EventShape> out;
    for (const market::EventEntry& entry : market::events()) out.emplace(entry.topic, EventShape(entry));
    return out;
  }();
  if (log.address != market::kContract || log.topics.empty()) return nullptr;
  const auto at = shapes.find(log.topics[0]);
  return at == shapes.end() ? nullptr : &at->second;
}

}  // namespace aitbc::search
